"""Deliver acts to the electronic mailbox of a person, with their legal hour."""
