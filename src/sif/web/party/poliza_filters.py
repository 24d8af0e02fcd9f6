"""Declare the filters of the list of pólizas."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sif.books import selectors
from sif.books.models import Movimiento, Poliza
from sif.law.chart import Account
from sif.law.parameters import load_parameters
from sif.ledger import InvalidReference, parse_reference
from sif.ledger.poliza import KINDS
from sif.registry.clock import legal_zone
from sif.registry.folding import with_words
from sif.registry.models import Periodo
from sif.values import Money, Unread
from sif.web.filters import EVERY, Filter, ReadField, choice, read
from sif.web.goto import plain
from sif.web.labels import WINDOWS
from sif.web.lazy import Words
from sif.web.party.desk import books_filter
from sif.web.party.draft_parser import account_of, day_of
from sif.web.party.mesa import Mesa

NEAR = 40  # accounts that a few words may mean
SUBTYPES = {"IG": _("Ingresos"), "EG": _("Egresos"), "DR": _("Diario")}
"""Letters of each subtype and its word."""
STATES = {
    "vigente": _("Vigentes"),
    "corregida": _("Corregidas por otra"),
    "reversion": _("Que revierten a otra"),
    "tarde": _("Registradas tarde"),
    "incompleta": _("Con evidencia incompleta"),
}
"""States by which the list is narrowed."""


def _periods(mesa: Mesa) -> list[tuple[str, Words]]:
    numbers = Periodo.objects.filter(etapa__in=mesa.etapas).order_by("numero").values_list("numero", flat=True)
    return [(str(n), gettext("Periodo %(n)d") % {"n": n}) for n in numbers.distinct()]


def _kinds(mesa: Mesa) -> list[tuple[str, Words]]:
    return [(kind, WINDOWS[kind]) for kind in KINDS]


def _centavos(text: str) -> int:
    return Money.parse(text).centavos


def accounts_meant(text: str) -> list[str]:
    """Return the accounts that a filter means: one, a group by the beginning of its code, or those with the words.

    Raises Unread.
    """
    start, accounts = text.strip(), selectors.every_account()
    if start in accounts and not accounts[start].capturable:
        return [code for code in accounts if code.startswith(accounts[start].prefix)]
    if start[:1].isdigit() and (below := [code for code in accounts if code.startswith(start)]):
        return below
    try:
        return [account_of(start, accounts).codigo]
    except Unread:
        found = _with_words(start, accounts)
        if not 0 < len(found) <= NEAR:
            raise
        return found


def _with_words(text: str, accounts: dict[str, Account]) -> list[str]:
    words = plain(text).split()
    return [a.codigo for a in accounts.values() if all(word in plain(a.nombre) for word in words)]


def _cited(rows: QuerySet[Poliza], text: str, _mesa: Mesa) -> QuerySet[Poliza]:
    """Match a reference in any of the ways people write it, or words of the concept."""
    try:
        cited = parse_reference(text)
    except InvalidReference:
        return with_words(rows, text, "concepto")
    same = Q(tipo=cited.tipo, periodo__numero=cited.periodo, subtipo=cited.subtipo, numero=cited.numero)
    return rows.filter(same & Q(contabilidad=cited.contabilidad_id) if cited.contabilidad_id else same)


def _with_accounts(rows: QuerySet[Poliza], codes: list[str], mesa: Mesa) -> QuerySet[Poliza]:
    lines = Movimiento.objects.filter(contabilidad__in=mesa.libros, cuenta__in=codes)
    return rows.filter(pk__in=lines.values("poliza_id"))


def _lacking(rows: QuerySet[Poliza], clase: str, mesa: Mesa) -> QuerySet[Poliza]:
    missing = selectors.missing_evidence(mesa.libros)
    return rows.filter(pk__in={each.poliza_id for each in missing if clase in ("", each.clase)})


def _in_state(rows: QuerySet[Poliza], state: str, mesa: Mesa) -> QuerySet[Poliza]:
    if state == "tarde":
        return late(rows)
    if state == "incompleta":
        return _lacking(rows, "", mesa)
    reverted, reverts = Q(reversion__isnull=False), Q(revierte_a__isnull=False)
    return rows.filter({"corregida": reverted, "reversion": reverts}.get(state, ~reverted & ~reverts))


def late(found: QuerySet[Poliza]) -> QuerySet[Poliza]:
    """Select those registered after their term, by the term in force on the day of each operation [RF 38.1]."""
    day = TruncDate("registrada_el", tzinfo=legal_zone())
    took = ExpressionWrapper(day - F("fecha_operacion"), output_field=DurationField())
    which = Q(pk__in=[])
    for span in load_parameters(settings.JURISDICTION)["plazo_registro_dias"].valores:
        until = {"fecha_operacion__lt": span.hasta} if span.hasta else {}
        which |= Q(fecha_operacion__gte=span.desde, tardo__gt=timedelta(days=span.valor), **until)
    return found.annotate(tardo=took).filter(which)


def _text(label: Words, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200, **options)


FILTERS = {
    "q": Filter(lambda mesa: _text(_("Referencia o concepto")), _cited),
    "contabilidad": books_filter(),
    "periodo": choice(_("Periodo"), "periodo__numero", _periods),
    "tipo": choice(_("Tipo"), "tipo", _kinds),
    "subtipo": choice(_("Subtipo"), "subtipo", SUBTYPES.items()),
    "estado": Filter(
        lambda mesa: forms.ChoiceField(label=_("Estado"), required=False, choices=[("", EVERY), *STATES.items()]),
        _in_state,
    ),
    "cuenta": Filter(lambda mesa: ReadField(read=accounts_meant, label=_("Cuenta")), _with_accounts),
    "desde": read(_("Operación desde"), day_of, "fecha_operacion__gte"),
    "hasta": read(_("Operación hasta"), day_of, "fecha_operacion__lte"),
    "minimo": read(_("Monto desde"), _centavos, "total__gte"),
    "maximo": read(_("Monto hasta"), _centavos, "total__lte"),
    "falta": Filter(lambda mesa: _text("", widget=forms.HiddenInput), _lacking),
}
"""Every filter, by its name in the address; a text that cannot be read is told and does not narrow."""
