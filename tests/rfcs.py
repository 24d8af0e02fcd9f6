"""RFC of invented people who enter: one for each account."""

from itertools import count

_serial = count()
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def new_rfc() -> str:
    """Return the RFC of a natural person that was not given before in this process."""
    n = next(_serial)
    return f"XAMP800101{_LETTERS[n // 360 % 36]}{_LETTERS[n // 10 % 36]}{n % 10}"
