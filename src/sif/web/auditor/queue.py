"""Query the queue of hallazgos: filters, tabs, order and neighbours."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sif.audit.models import Corrida, Hallazgo
from sif.audit.review_progress import review_counts, with_state
from sif.audit.review_selectors import NOBODY, UNDECIDED, auditors, with_review
from sif.audit.review_totals import BOOKS, PERSON, RULE, Totals, Whose, totals_of
from sif.audit.selectors import hallazgos_of
from sif.registry.models import SujetoObligado, Usuario
from sif.values import Money
from sif.web.auditor.amounts import typed_amount
from sif.web.fields import set_choices
from sif.web.keyset import Cursor, Place, beside
from sif.web.law import rule_title, rulebook, severities
from sif.web.states_map import state_names
from sif.web.tables import query_with

PENDING, PROPOSED, WAITING = "pendiente", "propuesto", "en_espera"
ADOPTED, DISMISSED, EVERY = "adoptado", "desechado", "todas"
AT_RISK, TO_DECIDE, WHOLE_COUNTRY = "en_riesgo", "por_decidir", "pais"
FOUND, NO_DATUM = "hallazgo", "sin_dato"
MINE, UNASSIGNED = "yo", "nadie"
type Tab = tuple[str | Promise, str, int | None, bool]
ORDERS = {"hallazgo": "regla", "sujeto": "contabilidad__sujeto__nombre", "monto": "monto", "dia": "dia"}
SIZE = 50
_NARROWING = ("regla", "falta", "sujeto", "entidad", "contabilidad", "asignado")
_KEPT = ("decision", "estado", "regla", "falta", "sujeto", "entidad", "contabilidad", "monto", "asignado", "orden", "q")
UNPROPOSED = UNDECIDED & Q(propuesto=False)
OPEN = UNPROPOSED & Q(estado=FOUND)
"""What still waits for a decision or for a proposal."""
OPEN_STATES = ("sin_revisar", "en_espera")
"""The same, as a Standing says it."""
_DECISION: dict[str, Q] = {
    PENDING: UNPROPOSED,
    PROPOSED: UNDECIDED & Q(propuesto=True),
    WAITING: UNPROPOSED & Q(en_espera=True),
    ADOPTED: Q(adoptado=True),
    DISMISSED: Q(adoptado=False, desechado=True),
    AT_RISK: Q(adoptado=True) | Q(desechado=False),
    TO_DECIDE: UNDECIDED,
    EVERY: Q(),
}


_STANDS: dict[str, frozenset[str]] = {
    PENDING: frozenset({"pendiente", "en_espera"}),
    PROPOSED: frozenset({"propuesto"}),
    WAITING: frozenset({"en_espera"}),
    ADOPTED: frozenset({"adoptado"}),
    DISMISSED: frozenset({"desechado"}),
    AT_RISK: frozenset({"adoptado", "propuesto", "pendiente", "en_espera"}),
    TO_DECIDE: frozenset({"propuesto", "pendiente", "en_espera"}),
    EVERY: frozenset({"adoptado", "desechado", "propuesto", "pendiente", "en_espera"}),
}
"""The same by how each stands in the sums of a run."""


class QueueFilter(forms.Form):
    """The filters of the queue, all optional and kept in the address.

    The tabs set the two hidden fields.
    """

    sujeto = forms.ChoiceField(label=gettext_lazy("Sujeto"), required=False)
    regla = forms.ChoiceField(label=gettext_lazy("Regla"), required=False)
    falta = forms.ChoiceField(label=gettext_lazy("Falta"), required=False)
    entidad = forms.ChoiceField(label=gettext_lazy("Entidad"), required=False)
    asignado = forms.ChoiceField(label=gettext_lazy("Asignado a"), required=False)
    contabilidad = forms.CharField(label=gettext_lazy("Contabilidad"), required=False, max_length=6)
    monto = forms.CharField(label=gettext_lazy("Monto desde"), required=False, max_length=20)
    estado = forms.ChoiceField(label=gettext_lazy("Estado"), required=False, widget=forms.HiddenInput)
    decision = forms.ChoiceField(label=gettext_lazy("Decisión"), required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, totals: Totals, whose: Mapping[str, Whose]) -> None:
        super().__init__(data)
        rules = totals.keys(RULE)
        sujetos = SujetoObligado.objects.filter(pk__in={each.sujeto for each in whose.values()}).order_by("nombre")
        states = {each.entidad for each in whose.values()} - {""}
        offered: dict[str, list[tuple[str, str]]] = {
            "falta": [("", _("Cualquiera")), *severities()],
            "entidad": [("", _("Todas")), *_state_choices(states), (WHOLE_COUNTRY, _("Todo el país"))],
            "asignado": [
                ("", _("Cualquiera")),
                (MINE, _("Míos")),
                (UNASSIGNED, _("Sin asignar")),
                *((str(person.pk), person.nombre) for person in auditors()),
            ],
            "regla": [("", _("Todas")), *((rule, f"{rule} {rule_title(rule)}") for rule in rules)],
            "sujeto": [("", _("Todos")), *((str(row.pk), row.nombre) for row in sujetos)],
            "estado": [("", _("Hallazgo")), (NO_DATUM, _("Sin dato"))],
            "decision": [
                ("", _("Por revisar")),
                (PROPOSED, _("Por confirmar")),
                (WAITING, _("En espera")),
                (ADOPTED, _("Adoptados")),
                (DISMISSED, _("Desechados")),
                (EVERY, _("Todas")),
                (AT_RISK, _("En riesgo")),
                (TO_DECIDE, _("Por decidir")),
            ],
        }
        for name, choices in offered.items():
            set_choices(self, name, choices)

    def clean_contabilidad(self) -> str:
        """Return a number of up to six digits."""
        text = str(self.cleaned_data["contabilidad"]).strip()
        if text and not text.isdecimal():
            raise forms.ValidationError(
                _("«%(seen)s» no es un ID de contabilidad: son hasta seis cifras.") % {"seen": text}
            )
        return text

    def clean_monto(self) -> Money:
        """Return an amount as people type it; empty is zero."""
        return typed_amount(self.cleaned_data["monto"])


def _state_choices(keys: Iterable[str]) -> list[tuple[str, str]]:
    names = state_names()
    return sorted(((key, names.get(key, key)) for key in keys), key=lambda pair: pair[1])


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The hallazgos beside one in the filtered queue, and how many the queue has."""

    total: int
    anterior: int | None
    siguiente: int | None


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of hallazgos and their sum in centavos."""

    cuantos: int
    monto: int


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue as asked: the filter, the hallazgos it leaves in order, and the query string that asks it again."""

    corrida: Corrida
    filtro: QueueFilter
    filas: QuerySet[Hallazgo]
    orden: str
    consulta: str
    sumas: Totals
    suma: Amount

    @property
    def lugar(self) -> Place:
        """Return the order of the pages of the queue, in which a missing value counts as the least."""
        return Place("orden", "pk", self.orden.startswith("-"), SIZE)

    def ordered(self) -> QuerySet[Any, dict[str, Any]]:
        """Return the keys of its hallazgos, and by what they are ordered."""
        column, pk = ORDERS[self.orden.removeprefix("-")], F("pk")
        by = F(column) if column != "dia" else Coalesce(column, Value(date.min))
        rows = self.filas.order_by().annotate(orden=by)
        place = (F("orden").desc(), pk.desc()) if self.orden.startswith("-") else (F("orden"), pk)
        found: QuerySet[Any, dict[str, object]] = rows.order_by(*place).values("pk", "orden")  # type: ignore[assignment]
        return found

    @property
    def confirma(self) -> bool:
        """Return whether the queue shows the proposals that wait for a second person."""
        return bool(self.filtro.cleaned_data.get("decision") == PROPOSED)


def read_queue(corrida: Corrida, query: QueryDict, by: Usuario, totals: Totals | None = None) -> Queue:
    """Return the queue that an address asks for; a value that cannot be read is said by the filter and does not narrow.

    totals: the sums of the run, where the page has asked them.
    """
    data = query.copy()
    if query.get("q") and not query.get("regla"):
        data["regla"] = query.get("q", "").strip().upper()
    sums = totals or totals_of(corrida)
    whose = sums.whose
    form = QueueFilter(data, sums, whose)
    form.is_valid()
    clean = form.cleaned_data
    rows = with_review(hallazgos_of(corrida), corrida.instantanea.etapa).filter(estado=clean.get("estado") or FOUND)
    if clean.get("estado") != NO_DATUM:
        rows = rows.filter(_DECISION[clean.get("decision") or PENDING])
    rows = _narrowed(rows, clean, by)
    asked = query.get("orden", "")
    order = asked if asked.removeprefix("-") in ORDERS else "-monto"
    column = ORDERS[order.removeprefix("-")]
    rows = rows.order_by(*((f"-{column}", "-pk") if order.startswith("-") else (column, "pk")))
    return Queue(corrida, form, rows, order, kept_query(query), sums, _sum_of(clean, sums, whose, by, rows))


def _sum_of(
    clean: Mapping[str, Any], totals: Totals, whose: Mapping[str, Whose], by: Usuario, rows: QuerySet[Hallazgo]
) -> Amount:
    """Return the number and the sum of the hallazgos that a filter leaves.

    The figures come from the sums of the run. The database counts the hallazgos only for two filters at once, which
    leave few, or for a filter by amount, and once while nobody does anything.
    """
    narrowed = [name for name in _NARROWING if clean.get(name)]
    if len(narrowed) > 1 or clean.get("monto"):
        if clean.get("entidad"):  # the state of a candidacy may be corrected, which is no act of the review
            return Amount(*_counted(rows))
        said = tuple(sorted((name, str(value)) for name, value in clean.items() if value))
        return Amount(*totals.count((said, by.pk if clean.get("asignado") == MINE else None), lambda: _counted(rows)))
    name = narrowed[0] if narrowed else ""
    asked = str(clean.get(name) or "")
    who = {MINE: str(by.pk), UNASSIGNED: str(NOBODY)}.get(asked, asked)
    state = "" if asked == WHOLE_COUNTRY else asked
    fits: dict[str, tuple[str, Callable[[str], bool]]] = {
        "": (RULE, lambda _key: True),
        "regla": (RULE, lambda key: key == asked),
        "falta": (RULE, lambda key: key in rulebook() and rulebook()[key].severity == asked),
        "contabilidad": (BOOKS, lambda key: key == str(int(asked))),
        "sujeto": (BOOKS, lambda key: str(whose[key].sujeto) == asked),
        "entidad": (BOOKS, lambda key: whose[key].entidad == state),
        "asignado": (PERSON, lambda key: key == who),
    }
    field, fit = fits[name]
    stands = {NO_DATUM} if clean.get("estado") == NO_DATUM else _STANDS[clean.get("decision") or PENDING]
    kept = [each for each in totals.by(field) if each.estado in stands and fit(each.clave)]
    return Amount(sum(each.cuantos for each in kept), sum(each.monto for each in kept))


def _counted(rows: QuerySet[Hallazgo]) -> tuple[int, int]:
    found = rows.order_by().aggregate(n=Count("pk"), m=Sum("monto"))
    return found["n"], found["m"] or 0


def _narrowed(rows: QuerySet[Hallazgo], clean: dict[str, Any], by: Usuario) -> QuerySet[Hallazgo]:
    """Return the rows that the fields of the filter leave."""
    for field, path in (("regla", "regla"), ("sujeto", "contabilidad__sujeto"), ("contabilidad", "contabilidad")):
        if clean.get(field):
            rows = rows.filter(**{path: clean[field]})
    if clean.get("falta"):
        rows = rows.filter(regla__in=[key for key, rule in rulebook().items() if rule.severity == clean["falta"]])
    if clean.get("entidad"):
        state = "" if clean["entidad"] == WHOLE_COUNTRY else clean["entidad"]
        rows = with_state(rows).filter(Q(entidad=state))
    if clean.get("monto"):
        rows = rows.filter(monto__gte=clean["monto"].centavos)
    if clean.get("asignado"):
        who = {MINE: by.pk, UNASSIGNED: NOBODY}.get(clean["asignado"])
        rows = rows.filter(Q(asignado=int(clean["asignado"]) if who is None else who))
    return rows


def kept_query(query: QueryDict) -> str:
    """Return the part of an address that is filter and order, to carry it from page to page."""
    kept = QueryDict(mutable=True)
    for name in _KEPT:
        if value := query.get(name):
            kept[name] = value
    return kept.urlencode()


def tabs_of(totals: Totals, query: QueryDict, by: Usuario) -> list[Tab]:
    """The views every auditor has, with their counts over the whole run; each keeps the other filters."""
    counted = review_counts(totals)
    views = (
        (_("Por revisar"), "", "", "", "pendientes"),
        (_("Míos"), "", "", MINE, f"de {by.pk}"),
        (_("Sin asignar"), "", "", UNASSIGNED, "sin_asignar"),
        (_("Por confirmar"), "", PROPOSED, "", "propuestos"),
        (_("En espera"), "", WAITING, "", "esperan"),
        (_("Adoptados"), "", ADOPTED, "", "adoptados"),
        (_("Desechados"), "", DISMISSED, "", "desechados"),
        (_("Todos"), "", EVERY, "", "hallazgos"),
        (_("Sin dato"), NO_DATUM, "", "", "sin_dato"),
    )
    who = query.get("asignado", "")
    here = (query.get("estado", ""), query.get("decision", ""), who if who in (MINE, UNASSIGNED) else "")
    tabs: list[Tab] = [
        (
            words,
            query_with(query, estado=state, decision=decision, asignado=person, pagina=""),
            counted[name],
            here == (state, decision, person),
        )
        for words, state, decision, person, name in views
    ]
    others = {AT_RISK: _("En riesgo"), TO_DECIDE: _("Por decidir")}  # where the figures of the risk panel open
    return [*tabs, (others[here[1]], query_with(query, pagina=""), None, True)] if here[1] in others else tabs


def read_rows(corrida: Corrida, keys: Iterable[int]) -> list[Hallazgo]:
    """Some hallazgos of a run in the order of their keys, with what a list shows.

    They are read by key, and not with what narrowed them: the database would ask of each mark for the whole run.
    """
    known = hallazgos_of(corrida).order_by().in_bulk(wanted := list(keys))
    return [known[pk] for pk in wanted]


def neighbours(queue: Queue, pk: int) -> Neighbours:
    """The hallazgos before and after one in the queue, each read by its order; outside it, the first one follows."""
    rows = queue.ordered()
    here = rows.filter(pk=pk).first()
    if here is None:
        first = rows.first()
        return Neighbours(queue.suma.cuantos, None, first["pk"] if first else None)
    place = queue.lugar
    one = replace(place, size=1)
    (before, _more), (after, _more) = (beside(rows, one, Cursor(here["orden"], pk, 0, back)) for back in (True, False))
    return Neighbours(queue.suma.cuantos, before[0]["pk"] if before else None, after[0]["pk"] if after else None)
