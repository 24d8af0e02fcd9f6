"""Load the lists that the authority receives."""
