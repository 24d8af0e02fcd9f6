"""Build an invented election from a seed through the real services, with its planted faults recorded."""
