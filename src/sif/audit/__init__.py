"""The rulebook asked of a frozen snapshot; hallazgos kept, and adopted by a person as observaciones."""
