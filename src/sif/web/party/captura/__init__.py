"""Capture pólizas: drafts, posting, correction, evidence and the list of what was posted."""
