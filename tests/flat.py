"""Read a page with the breaks of its lines as HTML shows them."""

import re


def flat(page: str) -> str:
    """Return a page whose breaks of line are nothing between tags and before one that closes, and a blank elsewhere."""
    between = re.sub(r">\s*\n\s*<", "><", page)
    return re.sub(r"\s*\n\s*", " ", re.sub(r"\s*\n\s*(?=</)", "", between))
