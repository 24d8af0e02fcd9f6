"""Derive what each bound subject owes from the law and the registry, with how it stands and what proves it."""
