"""Parse amounts typed in the forms of the auditor desk."""

from django import forms

from sif.values import InvalidMoney, Money, read_amount


def typed_amount(seen: object) -> Money:
    """The amount typed in a field; empty is zero. Raises ValidationError saying what was seen and what is wanted."""
    try:
        return read_amount(str(seen))
    except InvalidMoney as error:
        raise forms.ValidationError(str(error)) from error
