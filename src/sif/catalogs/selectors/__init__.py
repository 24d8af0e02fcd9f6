"""Query the catalogues, one module for each kind of record."""
