"""Everything that must hold before a póliza is posted, asked once per contabilidad and told all at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import Model

from sif.books.models import ClaseEvidencia, Comprobante, Poliza
from sif.books.services.soporte import Support
from sif.law.chart import Account, load_chart
from sif.ledger import NewPoliza, check_poliza
from sif.registry.models import (
    Aportante,
    Contabilidad,
    CuentaBancaria,
    Periodo,
    Persona,
    Proveedor,
    Usuario,
    Ventana,
)
from sif.registry.selectors import may, windows_open
from sif.values import Problem

CATALOGUES: dict[str, type[Model]] = {
    "proveedor": Proveedor, "aportante": Aportante, "persona": Persona, "cuenta_bancaria": CuentaBancaria,
    "contabilidad": Contabilidad,
}  # fmt: skip
"""Where the auxiliary of each kind is looked up; a kind that is not here has no catalogue yet and is refused."""
OWNERS = {"aportante": "sujeto_id", "cuenta_bancaria": "contabilidad_id", "contabilidad": "sujeto_id"}


@dataclass
class Desk:
    """What the checks of a contabilidad need, read once: who captures, when, and which windows are open."""

    contabilidad: Contabilidad
    by: Usuario
    moment: datetime
    accounts: dict[str, Account] = field(init=False)
    windows: list[Ventana] = field(init=False)
    periods: dict[int, Periodo] = field(init=False)
    allowed: bool = field(init=False)
    classes: frozenset[str] = field(init=False)
    known: dict[tuple[str, int], object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.accounts = load_chart(settings.JURISDICTION)
        self.windows = windows_open(self.contabilidad, self.moment)
        self.periods = {period.pk: period for period in self.contabilidad.etapa.periodos.all()}
        self.allowed = may(self.by, "capturar", contabilidad=self.contabilidad)
        self.classes = frozenset(ClaseEvidencia.objects.values_list("pk", flat=True))

    def find(self, kind: str, number: int) -> object | None:
        """The row of a catalogue, remembered."""
        if (kind, number) not in self.known:
            self.known[kind, number] = CATALOGUES[kind]._default_manager.filter(pk=number).first()
        return self.known[kind, number]


def review(desk: Desk, poliza: NewPoliza, support: Support) -> list[Problem]:
    """Every reason not to post, each with its place; empty when there is none."""
    if not desk.allowed or poliza.contabilidad_id != desk.contabilidad.pk:
        return [
            Problem(
                "ajena", "contabilidad", f"{desk.by.nombre} no registra en la contabilidad {poliza.contabilidad_id}.",
                "Si debe hacerlo, pídalo a su responsable de finanzas.",
            )
        ]  # fmt: skip
    return [
        *_books_open(desk, poliza),
        *_dates(desk, poliza),
        *check_poliza(poliza, desk.accounts),
        *_auxiliaries(desk, poliza),
        *_support(desk, support),
    ]


def _books_open(desk: Desk, poliza: NewPoliza) -> Iterator[Problem]:
    if desk.contabilidad.estatus != Contabilidad.Estatus.ACTIVA:
        yield Problem(
            "cancelada", "contabilidad", f"La contabilidad {desk.contabilidad.pk} está cancelada.",
            "Conserva sus datos y ya no registra.",
        )  # fmt: skip
    open_now = [(window.periodo_id, window.tipo) for window in desk.windows]
    if (poliza.periodo_id, poliza.tipo) not in open_now:
        period = desk.periods.get(poliza.periodo_id)
        name = f"periodo {period.numero}" if period else f"periodo {poliza.periodo_id} (ajeno a esta etapa)"
        say = ", ".join(f"{w.get_tipo_display().lower()} del periodo {w.periodo.numero}" for w in desk.windows)
        yield Problem(
            "ventana", "periodo", f"El registro {poliza.tipo} del {name} no está abierto.",
            f"Ahora está abierto: {say or 'ninguno'}. La corrección se abre con el oficio.",
        )  # fmt: skip


def _dates(desk: Desk, poliza: NewPoliza) -> Iterator[Problem]:
    period = desk.periods.get(poliza.periodo_id)
    if period and not period.desde <= poliza.fecha_operacion <= period.hasta:
        yield Problem(
            "fecha_fuera", "fecha de operación",
            f"El {poliza.fecha_operacion:%d/%m/%Y} no cae en el periodo {period.numero}, que va del "
            f"{period.desde:%d/%m/%Y} al {period.hasta:%d/%m/%Y}.",
            "Corrija la fecha o elija el periodo en que ocurrió.",
        )  # fmt: skip
    today: date = desk.moment.date()
    if poliza.fecha_operacion > today:
        yield Problem(
            "fecha_futura", "fecha de operación", f"El {poliza.fecha_operacion:%d/%m/%Y} todavía no llega.",
            "Se registra lo que ya ocurrió.",
        )  # fmt: skip
    if poliza.revierte_a is not None:
        original = Poliza.objects.filter(pk=poliza.revierte_a, contabilidad=desk.contabilidad).first()
        if original is None or original.revierte_a_id is not None:
            yield Problem(
                "revierte", "póliza que revierte", "No es una póliza de estos libros.", "Elíjala de la lista."
            )


def _auxiliaries(desk: Desk, poliza: NewPoliza) -> Iterator[Problem]:
    for number, line in enumerate(poliza.lineas, 1):
        if not line.auxiliar_tipo or line.auxiliar_id is None:
            continue
        place = f"línea {number}, auxiliar"
        if line.auxiliar_tipo not in CATALOGUES:
            yield Problem(
                "auxiliar", place, f"Todavía no hay catálogo de «{line.auxiliar_tipo}».", "Use otra cuenta por ahora."
            )
            continue
        found = desk.find(line.auxiliar_tipo, line.auxiliar_id)
        owner = OWNERS.get(line.auxiliar_tipo)
        mine = {"sujeto_id": desk.contabilidad.sujeto_id, "contabilidad_id": desk.contabilidad.pk}
        if found is None:
            yield Problem(
                "auxiliar",
                place,
                f"No existe {line.auxiliar_tipo} con número {line.auxiliar_id}.",
                "Elíjalo de la lista.",
            )
        elif owner and getattr(found, owner) != mine[owner]:
            yield Problem(
                "auxiliar_ajeno", place, f"Ese registro de «{line.auxiliar_tipo}» es de otro sujeto o contabilidad.",
                "Elija uno de los suyos.",
            )  # fmt: skip


def _support(desk: Desk, support: Support) -> Iterator[Problem]:
    for number, part in support.comprobantes:
        if ("comprobante", number) not in desk.known:
            desk.known["comprobante", number] = Comprobante.objects.filter(pk=number).exists()
        if not desk.known["comprobante", number]:
            yield Problem("comprobante", "CFDI", f"No hay un CFDI con número {number}.", "Suéltelo en la bandeja.")
        if part.centavos <= 0:
            yield Problem(
                "comprobante", "CFDI", f"La parte usada del CFDI es {part}.", "Escriba un importe mayor a cero."
            )
    for evidence in support.evidencias:
        if evidence.clase not in desk.classes:
            yield Problem(
                "clase",
                f"evidencia {evidence.nombre}",
                f"La clase «{evidence.clase}» no existe.",
                "Elija una de la lista.",
            )
    for gift in support.aportaciones:
        donor = desk.find("aportante", gift.aportante_id)
        if not isinstance(donor, Aportante) or donor.sujeto_id != desk.contabilidad.sujeto_id:
            yield Problem(
                "aportante", f"recibo {gift.folio}", "El aportante no es de este sujeto.", "Dé de alta al aportante."
            )
