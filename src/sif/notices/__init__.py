"""The electronic mailbox: an act delivered to a person, with its legal hour."""
