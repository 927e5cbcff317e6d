# What the daemon says.
