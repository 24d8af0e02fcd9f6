"""Write entries to the system in the log and the trail: accepted, refused and left, however the person came in."""

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from sif.registry import events, trail
from sif.registry.trail import Clase


def connect() -> None:
    """Listen to the three signals of Django's authentication, the one place that every way in passes through."""
    user_logged_in.connect(_accepted, dispatch_uid="sif.entrada.aceptada")
    user_logged_out.connect(_left, dispatch_uid="sif.entrada.salida")
    user_login_failed.connect(_refused, dispatch_uid="sif.entrada.rechazada")


def _accepted(user: AbstractBaseUser, request: HttpRequest | None = None, **_rest: object) -> None:
    """Log an accepted entry with its way and whether a second factor was given."""
    events.bind(persona=user.pk)
    session = getattr(request, "session", None) or {}
    methods = session.get("account_authentication_methods", [])
    way = methods[0]["method"] if methods else "otra"
    trail.write(Clase.ENTRADA, "aceptada", user.pk, via=way, factor=len(methods) > 1)


def _left(user: AbstractBaseUser | None, **_rest: object) -> None:
    trail.write(Clase.ENTRADA, "salida", user.pk if user is not None else None)


def _refused(**_rest: object) -> None:
    """Log a refused entry; the credentials that were tried are left out, a user name among them."""
    trail.write(Clase.ENTRADA, "rechazada", None)
