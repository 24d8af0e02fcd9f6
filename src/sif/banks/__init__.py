"""Read bank statements and match them with the books; unmatched lines stay in sight."""
