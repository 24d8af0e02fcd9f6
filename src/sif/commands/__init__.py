"""Define the commands of `sif`, one module each, thin over a service."""
