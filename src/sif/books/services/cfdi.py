"""Receive invoices in an inbox: read, check, identify by folio fiscal and bytes, and store."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from sif.books.folios import ANOTHER, books_using, with_another
from sif.books.invoices import read_invoices
from sif.books.models import (
    Comprobante,
    ConceptoComprobante,
    HojaIne,
    NominaComprobante,
    PagoDocumento,
    Recepcion,
    RelacionComprobante,
)
from sif.books.receptor import is_issued, misdirected, rfcs_of
from sif.books.services.evidencias import Handed, store_files
from sif.cfdi import Cfdi, Lectura
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.values import Problem

BATCH = 2_000  # rows of one statement
Identity = tuple[str, str]
"""Folio fiscal and digest of the XML: what an invoice is told by."""


@dataclass(frozen=True, slots=True)
class Reception:
    """The result of receiving one file: the invoice and its place in the inbox, or None, and every problem found.

    repetido: the invoice was already in that inbox, and nothing changed.
    """

    archivo: str
    comprobante: Comprobante | None
    recepcion: Recepcion | None
    problemas: tuple[Problem, ...]
    repetido: bool = False


def receive_cfdi(data: bytes, nombre: str, contabilidad: Contabilidad, by: Usuario) -> Reception:
    """Receive one invoice; see `receive_many`."""
    return receive_many([(nombre, data)], contabilidad, by)[0]


def receive_many(files: Iterable[tuple[str, bytes]], contabilidad: Contabilidad, by: Usuario) -> list[Reception]:
    """Receive files (name, bytes), each an XML or a ZIP of them, into the inbox of some books.

    Every file has its answer; one that cannot be read stops none of the others. The same invoice dropped twice changes
    nothing. Raises PermissionError for a stranger.
    """
    if not may(by, "capturar", contabilidad=contabilidad):
        raise PermissionError(
            "Esta contabilidad es de otro sujeto. Si debe verla, pídalo a su responsable de finanzas."
        )
    readings = list(read_invoices(files))
    with acting():
        return _receive(readings, contabilidad, by)


def _receive(readings: Sequence[Lectura], contabilidad: Contabilidad, by: Usuario) -> list[Reception]:
    stamped = {_identity(each.cfdi): each for each in reversed(readings) if each.cfdi and each.cfdi.uuid}
    known = _known(stamped)
    new = [each for identity, each in stamped.items() if identity not in known]
    # who brings the bytes of one that is there cites them too
    store_files([each.datos for each in stamped.values()], Handed(contabilidad, by))
    known |= _keep(new)
    using, rfcs = books_using(known.values()), rfcs_of([contabilidad.sujeto])[contabilidad.sujeto_id]
    seen: list[tuple[Lectura, Comprobante | None, tuple[Problem, ...]]] = []
    for reading in readings:
        cfdi = reading.cfdi
        if cfdi is None or not cfdi.uuid:
            seen.append((reading, None, reading.problemas or (_no_uuid(),)))
            continue
        kept = known[_identity(cfdi)]
        elsewhere = bool(using[kept.pk] - {contabilidad.pk})
        seen.append((reading, kept, (*reading.problemas, *_own_checks(cfdi, contabilidad, rfcs, elsewhere=elsewhere))))
    rows, there = _keep_receptions(seen, contabilidad, by)
    doubled = with_another(rows.values())
    answers = []
    for reading, row, problems in seen:
        place = rows[row.pk] if row else None
        told = (*problems, ANOTHER) if place and place.pk in doubled else problems
        answers.append(Reception(reading.archivo, row, place, told, row is not None and row.pk in there))
        there |= {row.pk} if row else set()  # the same one twice in one drop
    return answers


def _identity(invoice: Cfdi | Comprobante) -> Identity:
    return invoice.uuid, invoice.xml_sha256


def _known(identities: Collection[Identity]) -> dict[Identity, Comprobante]:
    """The invoices kept of these; both are asked for, so that a flood of forged ones of a folio costs nothing here."""
    folios, digests = zip(*identities, strict=True) if identities else ((), ())
    rows = Comprobante.objects.filter(uuid__in=folios, xml_sha256__in=digests)
    return {_identity(row): row for row in rows}


def _keep_receptions(
    seen: Sequence[tuple[Lectura, Comprobante | None, tuple[Problem, ...]]], contabilidad: Contabilidad, by: Usuario
) -> tuple[dict[int, Recepcion], set[int]]:
    """The receptions of these invoices in these books by comprobante, and which were there, which stay as they are."""
    moment = clock.now()
    new: dict[int, Recepcion] = {}
    for reading, comprobante, problems in seen:
        if comprobante is not None and comprobante.pk not in new:
            new[comprobante.pk] = Recepcion(
                comprobante=comprobante,
                contabilidad=contabilidad,
                archivo=reading.archivo[:255],
                problemas=[p.as_dict() for p in problems],
                recibida_el=moment,
                recibida_por=by,
            )
    there = Recepcion.objects.filter(contabilidad=contabilidad, comprobante__in=list(new))
    before = set(there.values_list("comprobante_id", flat=True))
    Recepcion.objects.bulk_create(
        [new[number] for number in sorted(new) if number not in before], ignore_conflicts=True, batch_size=BATCH
    )
    kept = {}
    for row in there.all():
        row.comprobante, row.contabilidad = new[row.comprobante_id].comprobante, contabilidad
        kept[row.comprobante_id] = row
    return kept, before


def _no_uuid() -> Problem:
    return Problem(
        "sin_timbre",
        "Complemento/TimbreFiscalDigital",
        "El CFDI no está timbrado: no tiene folio fiscal.",
        "Pida al proveedor el XML timbrado.",
    )


def _keep(readings: Sequence[Lectura]) -> dict[Identity, Comprobante]:
    """Keep invoices with all they say; of bytes that somebody else drops now, the first row stands."""
    rows = [_row(reading, reading.cfdi) for reading in readings if reading.cfdi]
    rows.sort(key=_identity)  # everybody in one order: nobody waits for who waits for them
    for row, number in zip(rows, _numbers(len(rows)), strict=True):
        row.pk = number
    Comprobante.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    kept = _known([_identity(row) for row in rows])
    ours = {_identity(row): row for row in rows if kept[_identity(row)].pk == row.pk}
    said = [(ours[_identity(each.cfdi)], each.cfdi) for each in readings if each.cfdi and _identity(each.cfdi) in ours]
    HojaIne.objects.bulk_create((leaf for row, cfdi in said for leaf in _leaves(row, cfdi)), batch_size=BATCH)
    ConceptoComprobante.objects.bulk_create(
        (
            ConceptoComprobante(
                comprobante=row,
                linea=c.linea,
                descripcion=c.descripcion,
                unidad=c.unidad[:40],
                clave_producto=c.clave_producto[:10],
                cantidad_milesimas=c.cantidad_milesimas,
                valor_unitario=c.valor_unitario.centavos,
                importe=c.importe.centavos,
            )
            for row, cfdi in said
            for c in cfdi.conceptos
        ),
        batch_size=BATCH,
    )
    _keep_links(said)
    return kept


def _numbers(count: int) -> list[int]:
    """Numbers for new invoices, taken beforehand: a row that kept its own is one that nobody else was keeping."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('books_comprobante', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [number for (number,) in cursor.fetchall()]


def _row(reading: Lectura, cfdi: Cfdi) -> Comprobante:
    return Comprobante(
        uuid=cfdi.uuid,
        version=cfdi.version,
        tipo=cfdi.tipo,
        emisor_rfc=cfdi.emisor_rfc[:13],
        emisor_nombre=cfdi.emisor_nombre[:300],
        receptor_rfc=cfdi.receptor_rfc[:13],
        fecha=cfdi.fecha,
        subtotal=cfdi.subtotal.centavos,
        total=cfdi.total.centavos,
        moneda=cfdi.moneda[:3] or "MXN",
        forma_pago=cfdi.forma_pago[:2],
        sello=reading.sello,
        xml_sha256=cfdi.xml_sha256,
        tiene_ine=cfdi.ine is not None,
        complementos=", ".join(cfdi.complementos)[:200],
    )


def _keep_links(said: Sequence[tuple[Comprobante, Cfdi]]) -> None:
    """Save the references of invoices to other invoices and to payroll."""
    RelacionComprobante.objects.bulk_create(
        RelacionComprobante(comprobante=row, linea=n, tipo=each.tipo[:2], uuid=each.uuid[:36])
        for row, cfdi in said
        for n, each in enumerate(cfdi.relacionados, 1)
    )
    PagoDocumento.objects.bulk_create(
        PagoDocumento(
            comprobante=row,
            linea=n,
            documento_uuid=each.uuid,
            parcialidad=each.parcialidad,
            pagado_el=pago.fecha,
            forma=pago.forma[:2],
            saldo_anterior=each.saldo_anterior.centavos,
            pagado=each.pagado.centavos,
            saldo_insoluto=each.saldo_insoluto.centavos,
        )
        for row, cfdi in said
        for n, (pago, each) in enumerate(((pago, each) for pago in cfdi.pagos for each in pago.documentos), 1)
    )
    NominaComprobante.objects.bulk_create(
        NominaComprobante(
            comprobante=row,
            curp=cfdi.nomina.curp[:18],
            pagada_el=cfdi.nomina.fecha,
            percepciones=cfdi.nomina.percepciones.centavos,
            deducciones=cfdi.nomina.deducciones.centavos,
        )
        for row, cfdi in said
        if cfdi.nomina
    )


def _leaves(row: Comprobante, cfdi: Cfdi) -> list[HojaIne]:
    ine = cfdi.ine
    if ine is None:
        return []
    head = {"comprobante": row, "tipo_proceso": ine.tipo_proceso[:20], "tipo_comite": ine.tipo_comite[:24]}
    leaves = [
        HojaIne(entidad=e.clave[:3], ambito=e.ambito[:10], id_contabilidad=number, **head)
        for e in ine.entidades
        for number in (e.contabilidades or (None,))
    ]
    if not leaves or ine.id_contabilidad is not None:
        leaves.append(HojaIne(id_contabilidad=ine.id_contabilidad, **head))
    for place, leaf in enumerate(leaves, 1):
        leaf.linea = place
    return leaves


def _own_checks(cfdi: Cfdi, contabilidad: Contabilidad, rfcs: Collection[str], *, elsewhere: bool) -> list[Problem]:
    """Check an invoice against these books alone: its owner, the contabilidad that it names, and its use elsewhere."""
    own = is_issued(cfdi.tipo, cfdi.complementos)
    wrong = misdirected(cfdi.emisor_rfc, cfdi.receptor_rfc, rfcs, issued=own)
    problems = [wrong] if wrong else []
    if cfdi.tipo == "I" and cfdi.ine is None and not own:
        problems.append(
            Problem(
                "sin_complemento",
                "Complemento/ine:INE",
                "El CFDI no trae complemento INE.",
                "Pida al proveedor que lo sustituya con el complemento y el ID de la contabilidad.",
            )
        )
    elif cfdi.ine and cfdi.ine.contabilidades and contabilidad.pk not in cfdi.ine.contabilidades:
        named = ", ".join(map(str, cfdi.ine.contabilidades))
        problems.append(
            Problem(
                "otra_contabilidad",
                "Complemento/ine:INE/@IdContabilidad",
                f"El complemento nombra la contabilidad {named} y no la {contabilidad.pk}.",
                "Regístrelo en la que nombra o pida sustituirlo.",
            )
        )
    if elsewhere:
        problems.append(
            Problem(
                "ya_usado",
                "TimbreFiscalDigital/@UUID",
                "Este comprobante ya se usó en otra contabilidad.",
                "Confirme si ampara un gasto repartido; si no, pida el suyo al proveedor.",
            )
        )
    return problems
