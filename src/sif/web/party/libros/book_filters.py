"""Parse the filter of a book from its address."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sif.books.models import Movimiento
from sif.books.references import may_name
from sif.counterparties.seen import may_cite
from sif.ledger.poliza import AUXILIARIES
from sif.registry.models import Periodo
from sif.statements.asked import LEVELS, Asked, NotAnAccount, account_beginnings
from sif.statements.ledgers import SUBTYPES, TYPES
from sif.statements.report import Report
from sif.web.authority_seat import stage_words
from sif.web.fields import set_choices
from sif.web.party.mesa import Mesa, numbered
from sif.web.typed import day_filter

WHOLE = "todas"
"""The value of the stage field that asks for every stage."""


class BookFilter(forms.Form):
    """The filter of a book. What is not understood is said and nothing is shown: a book half filtered misleads."""

    etapa = forms.ChoiceField(required=False)
    contabilidad = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    periodo = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    desde = day_filter("")
    hasta = day_filter("")
    cuenta = forms.CharField(required=False, widget=forms.TextInput({"spellcheck": "false"}))
    tipo = forms.ChoiceField(required=False)
    subtipo = forms.ChoiceField(required=False)
    auxiliar_tipo = forms.ChoiceField(required=False)
    auxiliar = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    q = forms.CharField(required=False)
    nivel = forms.TypedChoiceField(required=False, coerce=int)
    efectivo = forms.BooleanField(required=False, widget=forms.HiddenInput)
    operaciones = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: object, mesa: Mesa, report: Report) -> None:
        super().__init__(_spread(data))
        self.mesa, self.report = mesa, report
        for name in self._left_out():
            del self.fields[name]
        for name, words in _labels().items():
            if name in self.fields:
                self.fields[name].label = words
        if report.clave == "auxiliares":
            self.fields["q"].label = _("Clave o nombre")
        for name, choices in self._choices().items():
            if name in self.fields:
                set_choices(self, name, choices)

    def _left_out(self) -> list[str]:
        fields = {"fechas": ("desde", "hasta"), "auxiliar": ("auxiliar_tipo", "auxiliar"), "texto": ("q",)}
        left = [
            name
            for key in ("periodo", "fechas", "cuenta", "tipo", "subtipo", "auxiliar", "texto", "nivel")
            if key not in self.report.filtros
            for name in fields.get(key, (key,))
        ]
        return left if "cuenta" in self.report.filtros else [*left, "efectivo", "operaciones"]

    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        mesa = self.mesa
        numbers = sorted(set(Periodo.objects.filter(etapa__in=mesa.etapas).values_list("numero", flat=True)))
        return {
            "etapa": [
                *((str(e.pk), f"{e.proceso.nombre}, {stage_words(e)}") for e in mesa.etapas),
                (WHOLE, _("Todas")),
            ],
            "contabilidad": numbered(mesa.libros.values()),
            "periodo": [("", _("Todos")), *((str(n), _("Periodo %(n)d") % {"n": n}) for n in numbers)],
            "tipo": [("", _("Todos")), *((key, _(words)) for key, words in TYPES.items())],
            "subtipo": [("", _("Todos")), *((key, _(words)) for key, words in SUBTYPES.items())],
            "auxiliar_tipo": [("", _("Todos")), *((key, _(words)) for key, words in AUXILIARIES.items())],
            "nivel": [(str(n), _("Nivel %(n)d") % {"n": n}) for n in range(LEVELS, 0, -1)],
        }

    def clean_cuenta(self) -> tuple[str, ...]:
        """Return the beginnings of code that the text names."""
        try:
            return account_beginnings(self.cleaned_data["cuenta"])
        except NotAnAccount as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, object]:
        """Days in order, and an auxiliary with its kind."""
        found: dict[str, Any] = super().clean() or {}
        since, until = found.get("desde"), found.get("hasta")
        if since and until and since > until:
            self.add_error("hasta", _("El último día es anterior al primero. Cambie uno de los dos."))
        if found.get("auxiliar") and not found.get("auxiliar_tipo"):
            self.add_error("auxiliar_tipo", _("Diga de qué catálogo es el auxiliar."))
        elif found.get("auxiliar") and not self._may_name(found["auxiliar_tipo"], found["auxiliar"]):
            self.add_error("auxiliar_tipo", _("Ese auxiliar no está en sus catálogos. Elíjalo de la lista."))
        return found

    def _may_name(self, kind: str, number: int) -> bool:
        """Return whether a line of the person's books cites that auxiliary, or may cite it."""
        libros = self.mesa.libros
        cited = Movimiento.objects.filter(contabilidad__in=list(libros), auxiliar_tipo=kind, auxiliar_id=number)
        if cited.exists():
            return True
        subjects = {each.sujeto_id for each in libros.values()}
        seen = any(may_cite(kind, self.mesa.alcance, subject, number) for subject in subjects)
        return seen and may_name(list(libros.values()), kind, number)

    def books(self) -> tuple[int, ...]:
        """Return the numbers asked for: those chosen, or all of the person's books of the stage."""
        chosen = self.cleaned_data["contabilidad"]
        if chosen:
            return tuple(sorted(int(number) for number in chosen))
        etapa = self.cleaned_data["etapa"]
        if etapa == WHOLE:
            return tuple(sorted(self.mesa.libros))
        wanted = int(etapa) if etapa else (self.mesa.etapa.pk if self.mesa.etapa else 0)
        return tuple(sorted(b.pk for b in self.mesa.libros.values() if b.etapa_id == wanted))

    def asked(self) -> Asked:
        """Return the filter as the book takes it."""
        data = self.cleaned_data
        return Asked(
            self.books(),
            data.get("periodo"),
            data.get("desde"),
            data.get("hasta"),
            data.get("cuenta") or (),
            data.get("tipo") or "",
            data.get("subtipo") or "",
            data.get("auxiliar_tipo") or "",
            data.get("auxiliar"),
            (data.get("q") or "").strip(),
            data.get("nivel") or LEVELS,
            bool(data.get("efectivo")),
            bool(data.get("operaciones")),
        )


def _spread(data: Any) -> Any:
    """Return the address with `contabilidad=1,2` read as two values, as people write it."""
    copy = data.copy()
    numbers = [part.strip() for text in copy.getlist("contabilidad") for part in text.split(",")]
    if numbers:
        copy.setlist("contabilidad", [number for number in numbers if number])
    return copy


def _labels() -> dict[str, str]:
    return {
        "etapa": _("Etapa"),
        "contabilidad": _("Contabilidades"),
        "periodo": _("Periodo"),
        "desde": _("Desde"),
        "hasta": _("Hasta"),
        "cuenta": _("Cuenta o su principio"),
        "tipo": _("Tipo"),
        "subtipo": _("Subtipo"),
        "auxiliar_tipo": _("Auxiliar"),
        "q": _("Palabras del concepto"),
        "nivel": _("Nivel de cuenta"),
    }
