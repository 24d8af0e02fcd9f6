"""How an installation is put together: settings, addresses, server. Not a room; nobody imports it."""
