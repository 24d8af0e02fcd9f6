"""Receive bank statements and reconcile them with the books."""
