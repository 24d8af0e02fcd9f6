"""Store pólizas, immutable once posted, with their evidence and CFDI."""
