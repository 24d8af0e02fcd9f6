"""Posting: a póliza enters the books whole, numbered, chained and for ever; it is corrected by another."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from sif.books.content import content_of
from sif.books.models import (
    Aportacion,
    Evidencia,
    LadoTransferencia,
    Movimiento,
    Pago,
    Poliza,
    UsoComprobante,
)
from sif.books.selectors import lines_of, reference_of
from sif.books.services.revision import Desk, review
from sif.books.services.soporte import Support
from sif.ledger import NewPoliza, reversal_of
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.registry.selectors import windows_open
from sif.signing.chain import link_digest
from sif.values import Problem

Item = tuple[NewPoliza, Support]


class PolizaRefused(ValueError):
    """The póliza was not posted and nothing of it was kept; `problems` says everything wrong, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.donde}: {p.mensaje} {p.cura}" for p in problems))


def post_poliza(poliza: NewPoliza, by: Usuario, *, support: Support = Support()) -> Poliza:  # noqa: B008 - immutable
    """Post one póliza with its support, all or nothing. Raises PolizaRefused."""
    return post_many([(poliza, support)], by)[0]


def post_many(items: Sequence[Item], by: Usuario) -> list[Poliza]:
    """Post pólizas of one contabilidad in that order, all or none, as if one by one. Raises PolizaRefused.

    The row of the contabilidad is locked: two people posting at once take consecutive numbers and links.
    """
    if not items:
        return []
    with transaction.atomic():
        books = Contabilidad.objects.select_for_update(of=("self",)).select_related("etapa", "sujeto")
        contabilidad = books.get(pk=items[0][0].contabilidad_id)
        desk = Desk(contabilidad, by, clock.now())
        problems = [problem for number, item in enumerate(items, 1) for problem in _review(desk, item, number, items)]
        if problems:
            raise PolizaRefused(problems)
        posted = Poliza.objects.bulk_create(_chain(contabilidad, items, by, desk.moment), batch_size=2000)
        _keep_support(list(zip(posted, items, strict=True)), by, desk.moment)
    return posted


def _review(desk: Desk, item: Item, number: int, items: Sequence[Item]) -> list[Problem]:
    found = review(desk, *item)
    if len(items) == 1:
        return found
    return [Problem(p.codigo, f"póliza {number}, {p.donde}", p.mensaje, p.cura) for p in found]


def _chain(contabilidad: Contabilidad, items: Sequence[Item], by: Usuario, moment: datetime) -> list[Poliza]:
    last = Poliza.objects.filter(contabilidad=contabilidad).order_by("-eslabon").first()
    link, digest = (last.eslabon, bytes(last.huella)) if last else (0, None)
    numbers: dict[tuple[int, str, str], int] = {}
    rows = []
    for new, _ in items:
        series = (new.periodo_id, new.tipo, new.subtipo)
        if series not in numbers:
            numbers[series] = _last_number(contabilidad, series)
        numbers[series] += 1
        link += 1
        row = Poliza(
            contabilidad=contabilidad, periodo_id=new.periodo_id, tipo=new.tipo, subtipo=new.subtipo,
            numero=numbers[series], clase=new.clase, fecha_operacion=new.fecha_operacion, registrada_el=moment,
            registrada_por=by, concepto=new.concepto.strip(), total=new.cargos.centavos, revierte_a_id=new.revierte_a,
            eslabon=link, huella_anterior=digest,
        )  # fmt: skip
        digest = link_digest(digest, content_of(row, new.lineas))
        row.huella = digest
        rows.append(row)
    return rows


def _last_number(contabilidad: Contabilidad, series: tuple[int, str, str]) -> int:
    periodo, tipo, subtipo = series
    same = Poliza.objects.filter(contabilidad=contabilidad, periodo=periodo, tipo=tipo, subtipo=subtipo)
    return same.aggregate(Max("numero"))["numero__max"] or 0


def _keep_support(posted: Sequence[tuple[Poliza, Item]], by: Usuario, moment: datetime) -> None:
    Movimiento.objects.bulk_create(
        (
            Movimiento(
                poliza=poliza, contabilidad_id=poliza.contabilidad_id, linea=number, cuenta_id=line.cuenta,
                concepto=line.concepto, cargo=line.cargo.centavos, abono=line.abono.centavos,
                auxiliar_tipo=line.auxiliar_tipo, auxiliar_id=line.auxiliar_id,
            )
            for poliza, (new, _) in posted
            for number, line in enumerate(new.lineas, 1)
        ),
        batch_size=4000,
    )  # fmt: skip
    own = [(poliza, {"poliza": poliza, "contabilidad_id": poliza.contabilidad_id}, item[1]) for poliza, item in posted]
    UsoComprobante.objects.bulk_create(
        UsoComprobante(comprobante_id=number, monto=part.centavos, **keys)
        for _, keys, support in own
        for number, part in support.comprobantes
    )
    Pago.objects.bulk_create(
        Pago(proveedor_id=p.proveedor_id, medio=p.medio, fecha=p.fecha, monto=p.monto.centavos, **keys)
        for _, keys, support in own
        for p in support.pagos
    )
    Aportacion.objects.bulk_create(
        Aportacion(
            aportante_id=a.aportante_id, calidad=a.calidad, medio=a.medio, fecha=a.fecha, folio=a.folio,
            monto=a.monto.centavos, **keys,
        )
        for _, keys, support in own
        for a in support.aportaciones
    )  # fmt: skip
    LadoTransferencia.objects.bulk_create(
        LadoTransferencia(
            folio=side.folio, lado=side.lado, contraparte_id=side.contraparte_id, forma=side.forma, fecha=side.fecha,
            monto=side.monto.centavos, **keys,
        )
        for _, keys, support in own
        for side in support.lados
    )  # fmt: skip
    Evidencia.objects.bulk_create(
        Evidencia(
            clase_id=e.clase, archivo_id=e.sha256, nombre=e.nombre[:255], cargada_el=moment, cargada_por=by, **keys
        )
        for _, keys, support in own
        for e in support.evidencias
    )


def reverse_poliza(poliza: Poliza, by: Usuario, *, concepto: str = "") -> Poliza:
    """Post the póliza that reverses another: same accounts and sides, negative, citing it. Once only.

    It is posted in the window that is open now: the normal one of its period, or a correction. Raises PolizaRefused.
    """
    cited = reference_of(poliza)
    windows = [window for window in windows_open(poliza.contabilidad) if window.periodo_id == poliza.periodo_id]
    if not windows:
        raise PolizaRefused(
            [
                _problem(
                    "cerrado", f"El periodo {poliza.periodo.numero} está cerrado.", "Espere la ventana de corrección."
                )
            ]
        )
    original = NewPoliza(
        poliza.contabilidad_id, poliza.periodo_id, poliza.tipo, poliza.subtipo, poliza.fecha_operacion,
        poliza.concepto, lines_of(poliza), clase=poliza.clase,
    )  # fmt: skip
    words = f"Reversión de {cited}. {concepto}".strip()
    return post_poliza(reversal_of(original, poliza.pk, poliza.periodo_id, windows[0].tipo, words[:500]), by)


def _problem(code: str, seen: str, cure: str) -> Problem:
    return Problem(code, "póliza", seen, cure)
