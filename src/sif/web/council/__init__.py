"""The desk of the council: dictámenes, resoluciones, the vote."""
