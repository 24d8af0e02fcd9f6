"""Serve the pages of accounts under /cuenta/: entry, factors, sessions, invitations."""
