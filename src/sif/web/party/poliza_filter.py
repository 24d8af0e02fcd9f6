"""Parse the filter of the list of pólizas, and report what could not be read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from sif.books import selectors
from sif.books.models import Movimiento, Poliza
from sif.law.chart import Account
from sif.law.parameters import load_parameters
from sif.ledger import InvalidReference, parse_reference
from sif.ledger.poliza import KINDS
from sif.registry.clock import legal_zone
from sif.registry.models import Periodo, Ventana
from sif.values import InvalidMoney, Money, Problem
from sif.web.goto import plain
from sif.web.party.mesa import Mesa, numbered
from sif.web.party.understood import Unreadable, account_of, day_of

NEAR = 40  # accounts that a few words may mean


class PolizaFilter(forms.Form):
    """Every field is optional; `problemas` says what was typed and could not be read, and is not applied."""

    q = forms.CharField(required=False)
    contabilidad = forms.ChoiceField(required=False)
    periodo = forms.ChoiceField(required=False)
    tipo = forms.ChoiceField(required=False)
    subtipo = forms.ChoiceField(required=False)
    estado = forms.ChoiceField(required=False)
    cuenta = forms.CharField(required=False)
    desde = forms.CharField(required=False)
    hasta = forms.CharField(required=False)
    minimo = forms.CharField(required=False)
    maximo = forms.CharField(required=False)
    falta = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, mesa: Mesa) -> None:
        super().__init__(data)
        self.problemas: list[Problem] = []
        labels = {
            "q": _("Referencia o concepto"), "contabilidad": _("Contabilidad"), "periodo": _("Periodo"),
            "tipo": _("Tipo"), "subtipo": _("Subtipo"), "estado": _("Estado"), "cuenta": _("Cuenta"),
            "desde": _("Operación desde"), "hasta": _("Operación hasta"), "minimo": _("Monto desde"),
            "maximo": _("Monto hasta"),
        }  # fmt: skip
        for name, words in labels.items():
            self.fields[name].label = words
        numbers = Periodo.objects.filter(etapa__in=mesa.etapas).values_list("numero", flat=True)
        self._choose("contabilidad", numbered(mesa.libros.values()), _("Todas"))
        self._choose("periodo", [(str(n), _("Periodo %(n)d") % {"n": n}) for n in sorted(set(numbers))], _("Todos"))
        kinds = dict(Ventana.Tipo.choices)
        self._choose("tipo", [(kind, str(kinds[kind])) for kind in KINDS], _("Todos"))
        self._choose("subtipo", subtype_words(), _("Todos"))
        self._choose("estado", state_words(), _("Todos"))

    def _choose(self, name: str, choices: list[tuple[str, str]], everything: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices]

    def read[T](self, name: str, how: Callable[[str], T]) -> T | None:
        """The value typed in a field, or None; what cannot be read is noted."""
        text = (self.cleaned_data.get(name) or "").strip()
        if not text:
            return None
        try:
            return how(text)
        except (Unreadable, InvalidMoney) as wrong:
            self.problemas.append(Problem("filtro", str(self.fields[name].label), str(wrong), _("No se aplicó.")))
            return None


def subtype_words() -> list[tuple[str, str]]:
    """Letters of each subtype and its word."""
    return [("IG", _("Ingresos")), ("EG", _("Egresos")), ("DR", _("Diario"))]


def state_words() -> list[tuple[str, str]]:
    """States by which the list may be narrowed."""
    return [
        ("vigente", _("Vigentes")), ("corregida", _("Corregidas por otra")), ("reversion", _("Que revierten a otra")),
        ("tarde", _("Registradas tarde")), ("incompleta", _("Con evidencia incompleta")),
    ]  # fmt: skip


def filtered(mesa: Mesa, form: PolizaFilter) -> QuerySet[Poliza]:
    """The pólizas of the person's books that answer the filter."""
    asked = form.cleaned_data
    found = selectors.polizas(mesa.libros).filter(_words(asked.get("q") or ""))
    for name, field in (("contabilidad", "contabilidad"), ("periodo", "periodo__numero"), ("tipo", "tipo"),
                        ("subtipo", "subtipo")):  # fmt: skip
        if asked.get(name):
            found = found.filter(**{field: asked[name]})
    bounds = {
        "fecha_operacion__gte": form.read("desde", day_of), "fecha_operacion__lte": form.read("hasta", day_of),
        "total__gte": form.read("minimo", _centavos), "total__lte": form.read("maximo", _centavos),
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in bounds.items() if value is not None})
    codes = form.read("cuenta", lambda text: accounts_meant(text, selectors.every_account()))
    if codes is not None:
        lines = Movimiento.objects.filter(contabilidad__in=mesa.libros, cuenta__in=codes)
        found = found.filter(pk__in=lines.values("poliza_id"))
    if asked.get("falta"):
        missing = selectors.missing_evidence(mesa.libros)
        found = found.filter(pk__in=[each.poliza_id for each in missing if each.clase == asked["falta"]])
    return _in_state(mesa, found, asked.get("estado") or "")


def _centavos(text: str) -> int:
    return Money.parse(text).centavos


def accounts_meant(text: str, accounts: dict[str, Account]) -> list[str]:
    """The accounts that a filter means: one, those of a group by the beginning of its code, or those with the words."""
    start = text.strip()
    if start in accounts and not accounts[start].capturable:
        return [code for code in accounts if code.startswith(accounts[start].prefix)]
    if start[:1].isdigit() and (below := [code for code in accounts if code.startswith(start)]):
        return below
    try:
        return [account_of(start, accounts).codigo]
    except Unreadable:
        words = plain(start).split()
        found = [a.codigo for a in accounts.values() if all(word in plain(a.nombre) for word in words)]
        if not 0 < len(found) <= NEAR:
            raise
        return found


def _in_state(mesa: Mesa, found: QuerySet[Poliza], state: str) -> QuerySet[Poliza]:
    if state == "vigente":
        return found.filter(reversion__isnull=True, revierte_a__isnull=True)
    if state == "corregida":
        return found.filter(reversion__isnull=False)
    if state == "reversion":
        return found.filter(revierte_a__isnull=False)
    if state == "tarde":
        return late(found)
    if state == "incompleta":
        missing = {each.poliza_id for each in selectors.missing_evidence(mesa.libros)}
        return found.filter(pk__in=missing)
    return found


def late(found: QuerySet[Poliza]) -> QuerySet[Poliza]:
    """Those registered after their term, by the term in force on the day of each operation [RF 38.1]."""
    day = TruncDate("registrada_el", tzinfo=legal_zone())
    took = ExpressionWrapper(day - F("fecha_operacion"), output_field=DurationField())
    which = Q(pk__in=[])
    for span in load_parameters(settings.JURISDICTION)["plazo_registro_dias"].valores:
        until = {"fecha_operacion__lt": span.hasta} if span.hasta else {}
        which |= Q(fecha_operacion__gte=span.desde, tardo__gt=timedelta(days=span.valor), **until)
    return found.annotate(tardo=took).filter(which)


def _words(text: str) -> Q:
    """A reference in any of the ways people write it, or words of the concept."""
    if not text.strip():
        return Q()
    try:
        cited = parse_reference(text)
    except InvalidReference:
        return Q(concepto__icontains=text.strip())
    same = Q(tipo=cited.tipo, periodo__numero=cited.periodo, subtipo=cited.subtipo, numero=cited.numero)
    return same & Q(contabilidad=cited.contabilidad_id) if cited.contabilidad_id else same
