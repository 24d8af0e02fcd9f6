"""Open a process, date it and give it its caps."""
