"""Serve the administration desk: from an empty installation to an open election."""
