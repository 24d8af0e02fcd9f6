"""Publish what the law makes public, through one gate."""
