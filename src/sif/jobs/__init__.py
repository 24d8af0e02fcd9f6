"""Run work longer than a request as jobs in pieces, with progress, cancel and resume."""
