"""Verify digests, chains, e.firma certificates, seals, cadenas and the log of acuses."""
