"""Books as files: CSV, XLSX and the sheet of their PDF, all from the same rows as the screen."""
