"""Serve the pages of jobs: one, those of a person, and the operators' queue."""
