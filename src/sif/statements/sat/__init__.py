"""Contabilidad electrónica 1.3 of SAT: catálogo, balanza, pólizas and auxiliar, as SAT's schemas want them."""
