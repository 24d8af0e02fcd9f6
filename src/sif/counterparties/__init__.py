"""Those a subject deals with, against what its books say of them."""
