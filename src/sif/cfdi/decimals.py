"""Parse the decimals of SAT into whole numbers without floats."""

import re

_NUMBER = re.compile(r"(-?)(\d{1,13})(?:\.(\d{1,60}))?", re.ASCII)


def scaled(text: str, places: int) -> int | None:
    """A decimal of the form of SAT's t_Importe times 10**places, rounded half up; None if it has another form."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction = match[1], match[2], match[3] or ""
    value = int(whole + fraction[:places].ljust(places, "0"))
    if len(fraction) > places and fraction[places] >= "5":
        value += 1
    return -value if sign else value
