"""Prepare, check, sign and answer for the reports."""
