"""Write SAT's contabilidad electrónica 1.3: catálogo, balanza, pólizas and auxiliar."""
