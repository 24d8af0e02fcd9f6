"""The inbox of invoices: each is read, checked, known once by its folio fiscal, and kept with what was seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db import transaction

from sif.books.models import (
    Comprobante,
    ConceptoComprobante,
    HojaIne,
    NominaComprobante,
    PagoDocumento,
    Recepcion,
    RelacionComprobante,
    UsoComprobante,
)
from sif.books.services.evidencias import store_files
from sif.cfdi import Cfdi, Lectura, Trust, is_archive, read, read_archive, trust
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import everything
from sif.registry.selectors import may
from sif.signing.authorities import read_authorities, sat_authorities
from sif.values import Problem


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of one file: the invoice and its place in the inbox, or None, and everything seen wrong."""

    archivo: str
    comprobante: Comprobante | None
    recepcion: Recepcion | None
    problemas: tuple[Problem, ...]


@lru_cache(maxsize=4)
def _trust(folder: str) -> Trust:
    from pathlib import Path

    return trust((*sat_authorities(), *read_authorities(Path(folder))))


def trusted() -> Trust:
    """The authorities this installation trusts: SAT's, and those in its folder of certificates."""
    return _trust(str(settings.DATOS / "certificados"))


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
    believed = trusted()
    readings: list[Lectura] = []
    for name, data in files:
        if is_archive(data):
            readings += read_archive(data, name, believed)
        else:
            readings.append(read(data, name, believed))
    with transaction.atomic():
        return _receive(readings, contabilidad, by)


def _receive(readings: Sequence[Lectura], contabilidad: Contabilidad, by: Usuario) -> list[Reception]:
    uuids = {reading.cfdi.uuid for reading in readings if reading.cfdi and reading.cfdi.uuid}
    with everything():
        known = {row.uuid: row for row in Comprobante.objects.filter(uuid__in=uuids)}
        used = set(
            UsoComprobante.objects.filter(comprobante__uuid__in=uuids)
            .exclude(contabilidad=contabilidad)
            .values_list("comprobante__uuid", flat=True)
        )
    store_files([reading.datos for reading in readings if reading.cfdi and reading.cfdi.uuid not in known])
    answers = []
    for reading in readings:
        cfdi = reading.cfdi
        if cfdi is None or not cfdi.uuid:
            answers.append(Reception(reading.archivo, None, None, reading.problemas or (_no_uuid(),)))
            continue
        comprobante = known.get(cfdi.uuid)
        if comprobante is None:
            comprobante = known[cfdi.uuid] = _keep(reading, cfdi)
        problems = (*reading.problemas, *_own_checks(cfdi, contabilidad, elsewhere=cfdi.uuid in used))
        if comprobante.xml_sha256 != cfdi.xml_sha256:
            problems = (*problems, _another_file())
        recepcion, _ = Recepcion.objects.get_or_create(
            comprobante=comprobante, contabilidad=contabilidad,
            defaults={
                "archivo": reading.archivo[:255], "problemas": [p.as_dict() for p in problems],
                "recibida_el": clock.now(), "recibida_por": by,
            },
        )  # fmt: skip
        answers.append(Reception(reading.archivo, comprobante, recepcion, problems))
    return answers


def _no_uuid() -> Problem:
    return Problem(
        "sin_timbre", "Complemento/TimbreFiscalDigital", "El CFDI no está timbrado: no tiene folio fiscal.",
        "Pida al proveedor el XML timbrado.",
    )  # fmt: skip


def _another_file() -> Problem:
    return Problem(
        "otro_xml", "TimbreFiscalDigital/@UUID", "Ya se recibió otro XML con este folio fiscal y no son iguales.",
        "Se conserva el primero. Pida al proveedor el XML tal como lo timbró.",
    )  # fmt: skip


def _keep(reading: Lectura, cfdi: Cfdi) -> Comprobante:
    # two people may drop the same invoice at once: the second finds the row of the first
    row, is_new = Comprobante.objects.get_or_create(
        uuid=cfdi.uuid,
        defaults={
            "version": cfdi.version, "tipo": cfdi.tipo, "emisor_rfc": cfdi.emisor_rfc[:13],
            "emisor_nombre": cfdi.emisor_nombre[:300], "receptor_rfc": cfdi.receptor_rfc[:13], "fecha": cfdi.fecha,
            "subtotal": cfdi.subtotal.centavos, "total": cfdi.total.centavos, "moneda": cfdi.moneda[:3] or "MXN",
            "forma_pago": cfdi.forma_pago[:2], "sello": reading.sello, "xml_sha256": cfdi.xml_sha256,
            "tiene_ine": cfdi.ine is not None, "complementos": ", ".join(cfdi.complementos)[:200],
        },
    )  # fmt: skip
    if not is_new:
        return row
    HojaIne.objects.bulk_create(_leaves(row, cfdi))
    ConceptoComprobante.objects.bulk_create(
        ConceptoComprobante(
            comprobante=row, linea=c.linea, descripcion=c.descripcion, unidad=c.unidad[:40],
            clave_producto=c.clave_producto[:10], cantidad_milesimas=c.cantidad_milesimas,
            valor_unitario=c.valor_unitario.centavos, importe=c.importe.centavos,
        )
        for c in cfdi.conceptos
    )  # fmt: skip
    _keep_links(row, cfdi)
    return row


def _keep_links(row: Comprobante, cfdi: Cfdi) -> None:
    """What it says of other invoices and of payroll."""
    RelacionComprobante.objects.bulk_create(
        RelacionComprobante(comprobante=row, linea=n, tipo=each.tipo[:2], uuid=each.uuid[:36])
        for n, each in enumerate(cfdi.relacionados, 1)
    )
    paid = [(pago, documento) for pago in cfdi.pagos for documento in pago.documentos]
    PagoDocumento.objects.bulk_create(
        PagoDocumento(
            comprobante=row, linea=n, documento_uuid=each.uuid, parcialidad=each.parcialidad, pagado_el=pago.fecha,
            forma=pago.forma[:2], saldo_anterior=each.saldo_anterior.centavos, pagado=each.pagado.centavos,
            saldo_insoluto=each.saldo_insoluto.centavos,
        )
        for n, (pago, each) in enumerate(paid, 1)
    )  # fmt: skip
    if cfdi.nomina:
        NominaComprobante.objects.create(
            comprobante=row, curp=cfdi.nomina.curp[:18], pagada_el=cfdi.nomina.fecha,
            percepciones=cfdi.nomina.percepciones.centavos, deducciones=cfdi.nomina.deducciones.centavos,
        )  # fmt: skip


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


def is_donation(complementos: Iterable[str]) -> bool:
    """Whether a comprobante carries the complement of donations."""
    return any(name.startswith("Donatarias") for name in complementos)


def _own_checks(cfdi: Cfdi, contabilidad: Contabilidad, *, elsewhere: bool) -> list[Problem]:
    """What only these books can say of an invoice: whose it is, which contabilidad it names, whether it is used."""
    problems = []
    rfc = contabilidad.sujeto.rfc
    own = cfdi.tipo == "N" or is_donation(cfdi.complementos)  # those a subject issues itself
    if rfc and own and cfdi.emisor_rfc != rfc:
        problems.append(
            Problem(
                "receptor", "Emisor/@Rfc", f"El CFDI lo emite {cfdi.emisor_rfc} y el sujeto es {rfc}.",
                "Suelte los que emite el sujeto: nómina y donativos.",
            )
        )  # fmt: skip
    elif rfc and not own and cfdi.receptor_rfc != rfc:
        problems.append(
            Problem(
                "receptor", "Receptor/@Rfc", f"El CFDI es para {cfdi.receptor_rfc} y el sujeto es {rfc}.",
                "Pida al proveedor que lo sustituya a nombre del sujeto.",
            )
        )  # fmt: skip
    if cfdi.tipo == "I" and cfdi.ine is None and not own:
        problems.append(
            Problem(
                "sin_complemento", "Complemento/ine:INE", "El CFDI no trae complemento INE.",
                "Pida al proveedor que lo sustituya con el complemento y el ID de la contabilidad.",
            )
        )  # fmt: skip
    elif cfdi.ine and cfdi.ine.contabilidades and contabilidad.pk not in cfdi.ine.contabilidades:
        named = ", ".join(map(str, cfdi.ine.contabilidades))
        problems.append(
            Problem(
                "otra_contabilidad", "Complemento/ine:INE/@IdContabilidad",
                f"El complemento nombra la contabilidad {named} y no la {contabilidad.pk}.",
                "Regístrelo en la que nombra o pida sustituirlo.",
            )
        )  # fmt: skip
    if elsewhere:
        problems.append(
            Problem(
                "ya_usado", "TimbreFiscalDigital/@UUID", "Este comprobante ya se usó en otra contabilidad.",
                "Confirme si ampara un gasto repartido; si no, pida el suyo al proveedor.",
            )
        )  # fmt: skip
    return problems
