"""Judge one hallazgo or observación with all that stands behind it."""
