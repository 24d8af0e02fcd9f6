"""Serve the public desk, from published tables alone."""
