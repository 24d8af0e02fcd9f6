"""Serve the desk of the auditors."""
