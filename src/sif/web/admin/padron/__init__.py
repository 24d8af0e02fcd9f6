"""Register who must report and who stands, and correct it."""
