"""Write entries to the system in the log and the trail: accepted, refused and left, however the person came in."""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from sif.registry import events, limits, trail
from sif.registry.models import Usuario
from sif.registry.selectors import account_named
from sif.registry.trail import Clase


def connect() -> None:
    """Listen to the three signals of Django's authentication, the one place that every way in passes through."""
    user_logged_in.connect(_accepted, dispatch_uid="sif.entrada.aceptada")
    user_logged_out.connect(_left, dispatch_uid="sif.entrada.salida")
    user_login_failed.connect(_refused, dispatch_uid="sif.entrada.rechazada")


def _accepted(user: AbstractBaseUser, request: HttpRequest | None = None, **_rest: object) -> None:
    """Log an accepted entry with its way, whether a second factor was given, and which kind of factor it was."""
    events.bind(persona=user.pk)
    session = getattr(request, "session", None) or {}
    methods = session.get("account_authentication_methods", [])
    way = methods[0]["method"] if methods else "otra"
    kind = methods[-1].get("type", "") if methods else ""
    trail.write(Clase.ENTRADA, "aceptada", user.pk, via=way, factor=len(methods) > 1, tipo=kind)


def _left(user: AbstractBaseUser | None, **_rest: object) -> None:
    trail.write(Clase.ENTRADA, "salida", user.pk if user is not None else None)


def _refused(credentials: Mapping[str, object] | None = None, **_rest: object) -> None:
    tried = account_named(str((credentials or {}).get("username") or ""))
    keep_refusal(tried, verb="rechazada", via="password")


def keep_refusal(account: Usuario | None, *, verb: str, via: str) -> None:
    """Write a refused entry, on the account that was tried if there is one; what was typed is left out."""
    number = account.pk if account else None
    trail.write(Clase.ENTRADA, verb, None, via=via, tipo="Usuario" if account else "", objeto=number)


def keep_limit(username: str) -> None:
    """Write that an account was tried too often: once in a while, for those who try do not stop."""
    account = account_named(username)
    if account is not None and not limits.take(limits.TOLD, f"#{account.pk}"):
        keep_refusal(account, verb="rechazada_limite", via="password")
