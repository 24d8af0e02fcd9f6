"""Books and financial statements, derived on demand and exported as seen."""
