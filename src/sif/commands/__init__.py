"""What is done from a terminal: one module a command, each a thin word over a service."""
