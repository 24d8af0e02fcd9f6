"""Serve the desk of a party."""
