"""Invent a national process from a seed as a snapshot, with its answer key."""
