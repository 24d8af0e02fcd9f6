"""Show the day of a party: what runs, what is owed, its mailbox and its books."""
