"""Codes of a second factor, as the application of a person shows them."""

from allauth.mfa.totp.internal import auth as totp


def code_now(secret: str) -> str:
    """The code of this half minute: that of the one before is accepted too, until the clock takes one more step."""
    _before, now, _next = totp.yield_hotp_counters_from_time()
    return str(totp.format_hotp_value(totp.hotp_value(secret, now)))
