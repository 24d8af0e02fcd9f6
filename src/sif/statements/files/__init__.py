"""Write books as CSV, XLSX and PDF from the rows of the screen."""
