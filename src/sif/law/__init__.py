"""Look up the value, article, term or sanction in force on a day."""
