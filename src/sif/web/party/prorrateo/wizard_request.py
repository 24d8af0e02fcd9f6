"""Parse the prorrateo form, whose whole state is in its address."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from sif.apportionment.asked import NewExpense, NewProrrateo
from sif.books.models import Poliza
from sif.registry.models import Candidatura, Contabilidad
from sif.values import InvalidMoney, Money, Problem, Unread, read_amount, read_day
from sif.web.goto import plain
from sif.web.typed import typed_number

KEPT = ("clase", "criterio", "detalle", "cuenta", "proveedor", "importe", "concepto", "fecha", "contra")
"""The fields of the form besides the filters and the chosen campaigns."""


@dataclass
class Asked:
    """The form as typed over some candidates. elegidas: the numbers chosen; vistas: those that the filter shows."""

    query: QueryDict
    candidatas: Sequence[Contabilidad]
    elegidas: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        known = {each.pk for each in self.candidatas}
        typed = {int(text) for text in self.query.getlist("b") if text.isdecimal() and len(text) <= 6}
        self.elegidas = typed & known
        act = self.query.get("hacer", "")
        if act == "todas":
            self.elegidas |= {each.pk for each in self.vistas}
        elif act == "ninguna":
            self.elegidas -= {each.pk for each in self.vistas}

    def value(self, name: str) -> str:
        """Return one field as typed."""
        return self.query.get(name, "").strip()

    @property
    def vistas(self) -> list[Contabilidad]:
        """The candidates that answer the filter by name, number, office and place."""
        return [each for each in self.candidatas if self._answers(each)]

    def _answers(self, each: Contabilidad) -> bool:
        candidatura = each.candidatura
        assert candidatura is not None
        words = plain(f"{each.pk} {candidatura.persona.nombre} {candidatura.territorio.lugar}")
        office, place = self.value("cargo"), self.value("lugar")
        return (
            plain(self.value("q")) in words
            and office in ("", str(candidatura.cargo_id))
            and place in ("", str(candidatura.territorio_id))
        )

    @property
    def ocultas(self) -> list[int]:
        """Chosen campaigns that the filter does not show: they stay chosen."""
        return sorted(self.elegidas - {each.pk for each in self.vistas})

    @property
    def kept(self) -> dict[str, str]:
        """Every field as typed, for the forms that follow."""
        return {name: self.value(name) for name in KEPT}

    def offices(self) -> list[tuple[int, str]]:
        """Return the offices among the candidates."""
        return list(dict.fromkeys((each.cargo_id, each.cargo.nombre) for each in self._candidaturas()))

    def places(self) -> list[tuple[int, str]]:
        """Return the places among the candidates, by name."""
        found = dict.fromkeys((each.territorio_id, each.territorio.lugar) for each in self._candidaturas())
        return sorted(found, key=lambda pair: pair[1])

    def _candidaturas(self) -> list[Candidatura]:
        return [each.candidatura for each in self.candidatas if each.candidatura]

    def order(self, origin: Contabilidad, expense: Poliza | None) -> tuple[NewProrrateo, list[Problem]]:
        """Return the prorrateo asked for, and what of it could not be understood."""
        problems: list[Problem] = []
        written = None if expense else self._written(problems)
        expected = self.value("esperados")
        new = NewProrrateo(
            origin.pk,
            self.value("clase"),
            self.value("criterio"),
            self.value("detalle"),
            tuple(sorted(self.elegidas)),
            gasto_id=expense.pk if expense else None,
            nuevo=written,
            esperados=int(expected) if expected.isdecimal() and len(expected) < 9 else None,
        )
        return new, problems

    def _written(self, problems: list[Problem]) -> NewExpense | None:
        try:
            amount = read_amount(self.value("importe"))
        except InvalidMoney as wrong:
            problems.append(wrong.at(_("importe")))
            amount = Money(0)
        try:
            day = read_day(self.value("fecha"))
        except Unread:
            seen = _("La fecha «%(text)s» no es un día.") % {"text": self.value("fecha")}
            problems.append(Problem("fecha", _("fecha"), seen, _("Elija el día de la operación.")))
            return None
        supplier = self.value("proveedor")
        number = typed_number(supplier)
        contra = "proveedores" if self.value("contra") == "proveedores" else "bancos"
        return NewExpense(self.value("cuenta"), number, amount, self.value("concepto"), day, contra)
