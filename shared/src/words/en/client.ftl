# What the client says.
