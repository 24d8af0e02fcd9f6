"""Load many records from a file, looked at before they enter."""
