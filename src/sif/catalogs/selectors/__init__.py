"""What is read of the catalogues, one module per kind of record."""
