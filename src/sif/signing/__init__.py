"""Bytes in, verdict out: digests and chains, e.firma certificates and seals, cadenas, the log of acuses."""
