"""Log entries to the system: accepted, refused and left, however the person came in."""

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from sif.registry import events


def connect() -> None:
    """Listen to the three signals of Django's authentication, the one place that every way in passes through."""
    user_logged_in.connect(_accepted, dispatch_uid="sif.entrada.aceptada")
    user_logged_out.connect(_left, dispatch_uid="sif.entrada.salida")
    user_login_failed.connect(_refused, dispatch_uid="sif.entrada.rechazada")


def _accepted(user: AbstractBaseUser, **_rest: object) -> None:
    events.bind(persona=user.pk)
    events.log("entrada", codigo="aceptada", persona=user.pk)


def _left(user: AbstractBaseUser | None, **_rest: object) -> None:
    events.log("entrada", codigo="salida", persona=user.pk if user is not None else None)


def _refused(**_rest: object) -> None:
    """Log a refused entry; the credentials that were tried are left out, a user name among them."""
    events.log("entrada", codigo="rechazada")
