"""Stored pólizas, immutable once posted, with their evidence and the CFDI that supports them."""
