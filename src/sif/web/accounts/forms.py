"""Reword the forms of the login library."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """The name of a new passkey, and whether it enters without a password."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["name"].label = gettext_lazy("Nombre de la llave")
        self.fields["passwordless"].label = gettext_lazy("Entrar con ella, sin contraseña")
        self.fields["passwordless"].help_text = gettext_lazy("La llave pide entonces su huella, su rostro o un PIN.")


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code of a second factor at the door."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["code"].label = gettext_lazy("Código de su aplicación, o uno de recuperación")
