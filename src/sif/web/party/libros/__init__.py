"""Read the books and take them as files."""
