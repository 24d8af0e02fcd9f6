"""The desk of a party: its books, its invoices, its reports, what the authority asks of it."""
