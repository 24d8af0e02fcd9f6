"""Tables of the room banks."""
