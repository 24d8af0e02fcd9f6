"""Declare how each personal key is masked, and which roles may see it whole (ADR 0166)."""

import re
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Concat, Left, Length, Right
from django.db.models.lookups import Exact

from sif.registry.models import Nombramiento, Usuario
from sif.registry.selectors import appointments_of
from sif.values import Problem, Refused

Rol = Nombramiento.Rol
SHOWN: dict[str, tuple[int, int]] = {"curp": (4, 2), "rfc": (4, 2), "clave_elector": (4, 2), "clabe": (0, 4)}
"""How many letters of each field stay, at its beginning and at its end."""

_ACCOUNT = re.compile(r"(?<!\d)\d{18}(?!\d)")
"""A CLABE inside a sentence: eighteen figures in a row."""
_COVERED = re.compile(r"•{14}\d{4}")
"""A CLABE as `masked` shows it."""

MAY_LOOK: dict[str, frozenset[str]] = {Rol.RESPONSABLE: frozenset(SHOWN)}
"""Which fields each role may look at whole, of the subject that it acts for; a role that is absent sees masks alone."""


def masked(field: str, text: str) -> str:
    """Return a personal key with its middle covered; other fields, and the RFC of a legal person, as they are."""
    if field not in SHOWN or not text or (field == "rfc" and len(text) == 12):
        return text
    first, last = SHOWN[field]
    hidden = max(1, len(text) - first - last)
    return f"{text[:first]}{'•' * hidden}{text[len(text) - last :]}"


def covered(sentence: str) -> str:
    """Return a sentence with its bank accounts as `masked` shows them: a rule that speaks of one names it whole."""
    return _ACCOUNT.sub(lambda account: masked("clabe", account[0]), sentence)


def uncovered(sentence: str, before: str) -> str:
    """Return a sentence that was typed over a covered one, with the accounts of that one whole again.

    Accounts that are covered alike come back in the order in which they stood. Raises Refused where it cannot be told
    which account a mask covers: what is kept says whole accounts.
    """
    stood: dict[str, list[str]] = {}
    for account in _ACCOUNT.findall(before):
        stood.setdefault(masked("clabe", account), []).append(account)
    for mask, accounts in stood.items():
        if len(set(accounts)) == 1:
            sentence = sentence.replace(mask, accounts[0])
        elif sentence.count(mask) == len(accounts):
            for account in accounts:
                sentence = sentence.replace(mask, account, 1)
    if left := _COVERED.search(sentence):
        raise Refused(
            Problem(
                "CUENTA_CUBIERTA",
                "texto",
                f"Dice {left[0]} y no se sabe qué cuenta es.",
                "Escriba la cuenta completa, o quítela del texto.",
            )
        )
    return sentence


def shown_rfc(path: str) -> Case:
    """Return the expression of an RFC as `masked` shows it, to search what is shown and no more."""
    first, last = SHOWN["rfc"]
    covered = Concat(Left(path, first), Value("•" * (13 - first - last)), Right(path, last))
    return Case(When(Exact(Length(path), 12), then=path), default=covered, output_field=CharField())


def unmasked(before: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form says, with the key that stood before wherever its mask came back untouched."""
    return {
        name: before[name] if before.get(name) and value == masked(name, before[name]) else value
        for name, value in typed.items()
    }


def may_look(user: Usuario | AnonymousUser, sujeto_id: int) -> bool:
    """Return whether a person may look at whole keys in the catalogues of a subject."""
    return any(each.sujeto_id == sujeto_id and MAY_LOOK.get(each.rol) for each in appointments_of(user))
