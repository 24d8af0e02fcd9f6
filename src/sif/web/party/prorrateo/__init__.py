"""Divide an expense among candidacies, and move resources between books."""
