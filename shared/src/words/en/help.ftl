# What `--help` says.
