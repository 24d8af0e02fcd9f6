"""Measure whether the service answers, sign what was measured, and certify to a subject what kept it from working."""
