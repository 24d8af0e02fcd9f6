"""The public desk: what was published, and nothing else."""
