"""What people send in a field, read without complaint."""


def typed_number(text: str) -> int:
    """The number of a row, of up to nine figures; 0 where the text is not one, and no row has it."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0
