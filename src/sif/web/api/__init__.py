"""Serve JSON over HTTP to other programs, by key, described in OpenAPI."""
