"""Declare how each personal key is masked, and which roles may see it whole (ADR 0166)."""

import re
from collections import Counter
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

_GAP = r"[ \u00a0\u202f-]"
_CLABE = re.compile(
    r"(?<!\d)\d{18}(?!\d)"
    rf"|(?<![\w$-])(?<!\d[.,])(?:\d{{3}}{_GAP}\d{{3}}(?:{_GAP}?\d){{12}}|\d{{3}}{_GAP}\d{{15}}|\d{{17}}{_GAP}\d"
    rf"|(?:\d{{4}}{_GAP}){{4}}\d{{2}}|\d{{6}}{_GAP}\d{{6}}{_GAP}\d{{6}})(?!{_GAP}?\d)"
)
"""A CLABE inside a sentence: eighteen figures in a row, or in the groups in which banks and people write them."""
_CARD = re.compile(
    rf"(?<![\w$-])(?<!\d[.,])(?:[2-6]\d{{3}}(?P<gap>{_GAP}?)\d{{4}}(?P=gap)\d{{4}}(?P=gap)\d{{4}}"
    rf"|3[47]\d{{2}}(?P<gap3>{_GAP}?)\d{{6}}(?P=gap3)\d{{5}})(?![\w-]|[.,]\d)"
)
"""What may be a card: it is one where its last figure is that of control."""
_PLAIN = r"(?:\d{10,20}|\d{2,}(?:[ \u00a0\u202f]\d{3,})+|\d{2,}(?:-\d+)+)(?![\w-]|[.,]\d)"
_NAMED = re.compile(
    r"\b(?i:cuentas?|ctas?\.?|tarjetas?|clabes?)"
    r"(?:\s+(?:(?i:bancarias?|interbancarias?|clabe|cheques|inversión|ahorro|nómina|débito|crédito|números?|núms?\.|"
    r"nos?\.|n\.º|de|del|la|el|los|las|banco)|(?!Folio|Factura|Póliza|Fiscal)[A-ZÁÉÍÓÚÑ][\wÁÉÍÓÚÑáéíóúñ]*)){0,6}"
    rf"\s*[:#«]?\s*(?P<told>{_PLAIN}(?:(?:,| y| e|, y)\s+{_PLAIN})*)"
)
"""Accounts that a sentence calls so, whatever their length: an account of the chart begins with one figure alone."""
_NUMBER = re.compile(_PLAIN)
_COVERED = re.compile(r"(?<!•)•{6,16}\d{4}(?!\d)")
"""An account as `covered` shows it."""

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
    """Return a sentence with its accounts and cards as `masked` shows them: a rule that speaks of one names it whole.

    Amounts, days and folios stay: fewer figures than those of a CLABE are an account where the sentence calls them one.
    """
    said, last = [], 0
    for start, end in _accounts(sentence):
        said += [sentence[last:start], _mask(sentence[start:end])]
        last = end
    return "".join([*said, sentence[last:]])


def uncovered(sentence: str, before: str) -> str:
    """Return a sentence that was typed over a covered one, with the accounts of that one whole again.

    Accounts that are covered alike come back in the order in which they stood. Raises Refused where it cannot be told
    which account a mask covers: what is kept says whole accounts.
    """
    stood: dict[str, list[str]] = {}
    for start, end in _accounts(before):
        stood.setdefault(_mask(before[start:end]), []).append(before[start:end])
    seen = Counter(_COVERED.findall(sentence))
    turns = {mask: iter(accounts) for mask, accounts in stood.items()}

    def whole(mask: re.Match[str]) -> str:
        accounts = stood.get(mask[0], [])
        if len(set(accounts)) == 1:
            return accounts[0]
        if accounts and seen[mask[0]] == len(accounts):
            return next(turns[mask[0]])
        raise Refused(
            Problem(
                "CUENTA_CUBIERTA",
                "texto",
                f"Dice {mask[0]} y no se sabe qué cuenta es.",
                "Escriba la cuenta completa, o quítela del texto.",
            )
        )

    return _COVERED.sub(whole, sentence)


def _mask(account: str) -> str:
    return masked("clabe", re.sub(r"\D", "", account))


def _accounts(sentence: str) -> list[tuple[int, int]]:
    """Return where each account of a sentence begins and ends, in order and none inside another."""
    found = [each.span() for each in _CLABE.finditer(sentence)]
    found += [each.span() for each in _CARD.finditer(sentence) if _is_card(each[0])]
    for each in _NAMED.finditer(sentence):
        told = _NUMBER.finditer(sentence, each.start("told"), each.end("told"))
        found += [number.span() for number in told if 10 <= len(re.sub(r"\D", "", number[0])) <= 20]
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _is_card(text: str) -> bool:
    """Return whether the last figure is that of control of a card (ISO/IEC 7812-1)."""
    figures = [int(each) for each in reversed(re.sub(r"\D", "", text))]
    return sum(sum(divmod(2 * each, 10)) if place % 2 else each for place, each in enumerate(figures)) % 10 == 0


def shown_rfc(path: str) -> Case:
    """Return the expression of an RFC as `masked` shows it, to search what is shown and no more."""
    first, last = SHOWN["rfc"]
    covered = Concat(Left(path, first), Value("•" * (13 - first - last)), Right(path, last))
    return Case(When(Exact(Length(path), 12), then=path), default=covered, output_field=CharField())


def unmasked(before: Mapping[str, Any], typed: Mapping[str, object]) -> dict[str, Any]:
    """Return what a form says, with the key that stood before wherever its mask came back untouched."""
    return {
        name: before[name] if before.get(name) and value == masked(name, before[name]) else value
        for name, value in typed.items()
    }


def may_look(user: Usuario | AnonymousUser, sujeto_id: int) -> bool:
    """Return whether a person may look at whole keys in the catalogues of a subject."""
    return any(each.sujeto_id == sujeto_id and MAY_LOOK.get(each.rol) for each in appointments_of(user))
