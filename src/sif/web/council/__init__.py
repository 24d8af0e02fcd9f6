"""Serve the desk of the council."""
