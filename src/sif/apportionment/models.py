"""Tables of the room apportionment."""
