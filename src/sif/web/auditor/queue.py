"""The queue of hallazgos: its filters in the address, its tabs, its order, and the neighbours of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sif.audit.models import Corrida, Hallazgo
from sif.audit.selectors import hallazgos_of
from sif.registry.models import SujetoObligado
from sif.values import Money
from sif.web.auditor.amounts import typed_amount
from sif.web.law import rule_title
from sif.web.tables import query_with

PENDING, ADOPTED, DISMISSED, EVERY = "pendiente", "adoptado", "desechado", "todas"
FOUND, NO_DATUM = "hallazgo", "sin_dato"
ORDERS = {"hallazgo": "regla", "sujeto": "contabilidad__sujeto__nombre", "monto": "monto", "dia": "dia"}
_KEPT = ("decision", "estado", "regla", "sujeto", "contabilidad", "monto", "orden", "q")
_DECISION: dict[str, Q] = {
    PENDING: Q(observaciones__isnull=True, descarte__isnull=True),
    ADOPTED: Q(observaciones__isnull=False),
    DISMISSED: Q(descarte__isnull=False),
    EVERY: Q(),
}


class QueueFilter(forms.Form):
    """What narrows the queue; every field is optional and lives in the address. The tabs set the two hidden ones."""

    sujeto = forms.ChoiceField(label=gettext_lazy("Sujeto"), required=False)
    regla = forms.ChoiceField(label=gettext_lazy("Regla"), required=False)
    contabilidad = forms.CharField(label=gettext_lazy("Contabilidad"), required=False, max_length=6)
    monto = forms.CharField(label=gettext_lazy("Monto desde"), required=False, max_length=20)
    estado = forms.ChoiceField(label=gettext_lazy("Estado"), required=False, widget=forms.HiddenInput)
    decision = forms.ChoiceField(label=gettext_lazy("Decisión"), required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, corrida: Corrida) -> None:
        super().__init__(data)
        own = Hallazgo.objects.filter(corrida=corrida)
        rules = own.values_list("regla", flat=True).distinct().order_by("regla")
        sujetos = SujetoObligado.objects.filter(pk__in=own.values("contabilidad__sujeto")).order_by("nombre")
        offered: dict[str, list[tuple[str, str]]] = {
            "regla": [("", _("Todas")), *((rule, f"{rule} {rule_title(rule)}") for rule in rules)],
            "sujeto": [("", _("Todos")), *((str(row.pk), row.nombre) for row in sujetos)],
            "estado": [("", _("Hallazgo")), (NO_DATUM, _("Sin dato"))],
            "decision": [("", _("Por revisar")), (ADOPTED, _("Adoptados")), (DISMISSED, _("Desechados")),
                         (EVERY, _("Todas"))],
        }  # fmt: skip
        for name, choices in offered.items():
            control = self.fields[name]
            if isinstance(control, forms.ChoiceField):
                control.choices = choices

    def clean_contabilidad(self) -> str:
        """A number of up to six digits."""
        text = str(self.cleaned_data["contabilidad"]).strip()
        if text and not text.isdecimal():
            raise forms.ValidationError(
                _("«%(seen)s» no es un ID de contabilidad: son hasta seis cifras.") % {"seen": text}
            )
        return text

    def clean_monto(self) -> Money:
        """An amount as people type it; empty is zero."""
        return typed_amount(self.cleaned_data["monto"])


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a hallazgo stands in the filtered queue: its place from 1 (0: it is not there), and those beside it."""

    lugar: int
    total: int
    anterior: int | None
    siguiente: int | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue as asked: the filter, the hallazgos it leaves in order, and the query string that asks it again."""

    corrida: Corrida
    filtro: QueueFilter
    filas: QuerySet[Hallazgo]
    orden: str
    consulta: str


def read_queue(corrida: Corrida, query: QueryDict) -> Queue:
    """The queue that an address asks for; a value that cannot be read is said by the filter and does not narrow."""
    data = query.copy()
    if query.get("q") and not query.get("regla"):
        data["regla"] = query.get("q", "").strip().upper()
    form = QueueFilter(data, corrida)
    form.is_valid()
    clean = form.cleaned_data
    rows = hallazgos_of(corrida).filter(estado=clean.get("estado") or FOUND)
    rows = rows.filter(_DECISION[clean.get("decision") or PENDING])
    if clean.get("regla"):
        rows = rows.filter(regla=clean["regla"])
    if clean.get("sujeto"):
        rows = rows.filter(contabilidad__sujeto=clean["sujeto"])
    if clean.get("contabilidad"):
        rows = rows.filter(contabilidad=clean["contabilidad"])
    if clean.get("monto"):
        rows = rows.filter(monto__gte=clean["monto"].centavos)
    asked = query.get("orden", "")
    order = asked if asked.removeprefix("-") in ORDERS else "-monto"
    column = ORDERS[order.removeprefix("-")]
    rows = rows.order_by(f"-{column}" if order.startswith("-") else column, "pk")
    return Queue(corrida, form, rows, order, kept_query(query))


def kept_query(query: QueryDict) -> str:
    """The part of an address that is filter and order, to carry it from page to page."""
    kept = QueryDict(mutable=True)
    for name in _KEPT:
        if value := query.get(name):
            kept[name] = value
    return kept.urlencode()


def tabs_of(corrida: Corrida, query: QueryDict) -> list[tuple[str | Promise, str, int | None, bool]]:
    """The saved views with their counts over the whole run; each keeps the filters of subject, rule and amount."""
    found = Q(estado=FOUND)
    counted = Hallazgo.objects.filter(corrida=corrida).aggregate(
        pendientes=Count("pk", filter=found & _DECISION[PENDING], distinct=True),
        adoptados=Count("pk", filter=found & _DECISION[ADOPTED], distinct=True),
        desechados=Count("pk", filter=found & _DECISION[DISMISSED], distinct=True),
        sin_dato=Count("pk", filter=Q(estado=NO_DATUM), distinct=True),
        todos=Count("pk", filter=found, distinct=True),
    )
    views = (
        (_("Por revisar"), "", "", "pendientes"),
        (_("Adoptados"), "", ADOPTED, "adoptados"),
        (_("Desechados"), "", DISMISSED, "desechados"),
        (_("Todos"), "", EVERY, "todos"),
        (_("Sin dato"), NO_DATUM, "", "sin_dato"),
    )
    here = (query.get("estado", ""), query.get("decision", ""))
    return [
        (words, query_with(query, estado=state, decision=decision, pagina=""), counted[name], here == (state, decision))
        for words, state, decision, name in views
    ]


def neighbours(queue: Queue, pk: int) -> Neighbours:
    """The place of a hallazgo in the queue and its neighbours; outside it, the first one follows."""
    order: Sequence[int] = list(queue.filas.values_list("pk", flat=True))
    if pk not in order:
        return Neighbours(0, len(order), None, order[0] if order else None)
    place = order.index(pk)
    before = order[place - 1] if place else None
    after = order[place + 1] if place + 1 < len(order) else None
    return Neighbours(place + 1, len(order), before, after)


def decision_of(hallazgo: Hallazgo) -> str:
    """The state shown for a hallazgo: adoptado, desechado, sin_dato or sin_revisar."""
    if hallazgo.observaciones.all():
        return "adoptado"
    if hasattr(hallazgo, "descarte"):
        return "desechado"
    return "sin_dato" if hallazgo.estado == NO_DATUM else "sin_revisar"
