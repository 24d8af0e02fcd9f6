"""Derive books and financial statements on demand, and export them."""
