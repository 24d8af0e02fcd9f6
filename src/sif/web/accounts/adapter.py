"""What the login library asks of this installation: no sign-up, and no mail."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Cuentas(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse sign-up."""
        return False
