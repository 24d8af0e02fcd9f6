"""Declare the arguments that several commands share."""

import argparse
from datetime import date


def day(text: str) -> date:
    """A day written aaaa-mm-dd. Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"«{text}» no es una fecha aaaa-mm-dd") from error
