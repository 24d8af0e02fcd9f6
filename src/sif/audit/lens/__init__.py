"""Detect statistical outliers in a snapshot. An indicio is a place to look, never a fault."""
