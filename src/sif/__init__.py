"""SIF: an open system for parties' accounts, their reports, their audit and what is resolved of it."""
