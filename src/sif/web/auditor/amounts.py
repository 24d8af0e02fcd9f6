"""Parse amounts typed in the forms of the auditor desk."""

from django import forms

from sif.values import InvalidMoney, Money


def typed_amount(seen: object) -> Money:
    """The amount typed in a field; empty is zero. Raises ValidationError saying what was seen and what is wanted."""
    text = str(seen).strip()
    try:
        return Money.parse(text) if text else Money(0)
    except InvalidMoney as error:
        raise forms.ValidationError(str(error)) from error
