"""Bank statements, read and matched with the books; what nobody explains stays in sight."""
