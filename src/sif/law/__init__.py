"""What value, article, term or sanction was in force on a day."""
