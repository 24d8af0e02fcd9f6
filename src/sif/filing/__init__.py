"""Reports: built from accounts, signed, presented within a term, acknowledged."""
