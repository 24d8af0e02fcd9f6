"""Tables of the room batch."""
