"""Reword the forms of the login library, and take in an act the code or the passkey that they were given."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django.utils.translation import gettext_lazy

from sif.registry.scope import acting
from sif.web.accounts.factors import factors_of, take_code


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """The name of a new passkey, and whether it enters without a password."""

    def __init__(self, *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        self.fields["name"].label = gettext_lazy("Nombre de la llave")
        self.fields["passwordless"].label = gettext_lazy("Entrar con ella, sin contraseña")
        self.fields["passwordless"].help_text = gettext_lazy("La llave pide entonces su huella, su rostro o un PIN.")


class _Marked:
    """Mark in an act the factor of a form as used."""

    def save(self) -> None:
        """Enter with the factor."""
        with acting():
            super().save()  # type: ignore[misc]


class _Taken(_Marked, BaseAuthenticateForm):  # type: ignore[misc]
    """A form whose code serves once: the library forgets a code before its time of use ends."""

    def clean_code(self) -> str:
        """Take the code, within the limits of an entry. Raises ValidationError."""
        clear = check_rate_limit(self.user)
        code = str(self.cleaned_data["code"])
        self.authenticator = take_code(self.user, code)
        if self.authenticator is None:
            for factor in factors_of(self.user)[:1]:
                self._emit_authentication_failed(factor)
            raise get_adapter().validation_error("incorrect_code")
        clear()
        return code


class CodeForm(_Taken, AuthenticateForm):  # type: ignore[misc]
    """The code of a second factor at the door."""

    def __init__(self, *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        self.fields["code"].label = gettext_lazy("Código de su aplicación, o uno de recuperación")


class AgainCodeForm(_Taken, ReauthenticateForm):  # type: ignore[misc]
    """The code of a second factor before an act."""


class KeyForm(_Marked, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey at the door, after the password."""


class AgainKeyForm(_Marked, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey before an act."""
