"""Configure an installation: settings, addresses and server. Not a room, and no room imports this package."""
