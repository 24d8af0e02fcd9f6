"""Measure the review: runs, progress, risk, compliance and signs."""
