"""Query what the books record beside a hallazgo: póliza, lines, invoices, payments, evidence."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sif.audit.models import Hallazgo
from sif.banks.models import LineaBancaria
from sif.books.estatus import with_estatus
from sif.books.models import Aportacion, Comprobante, Contrato, Evidencia, LadoTransferencia, Movimiento, Pago, Poliza
from sif.books.previews import page_count
from sif.books.selectors import SpentAgainstCap, reference_of, spent_against_cap
from sif.books.services import FileChanged, open_file
from sif.catalogs.models import Evento
from sif.registry.history import current
from sif.registry.masks import SHOWN, masked
from sif.registry.models import CuentaBancaria, Periodo, Proveedor
from sif.registry.versions import Version
from sif.sandbox.client import Late
from sif.values import Money
from sif.web.formats import currency_amount, short_day

PICTURES = 12  # on a page
PICTURE_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Books:
    """The póliza of a hallazgo with its parts; or, for a hallazgo on whole books, the spending of those books."""

    poliza: Poliza | None
    referencia: str
    movimientos: Sequence[Movimiento]
    cargos: Money
    abonos: Money
    pagos: Sequence[Pago]
    aportaciones: Sequence[Aportacion]
    transferencias: Sequence[LadoTransferencia]
    gasto: SpentAgainstCap | None


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a judged row names: its kind and its description in words."""

    clase: str
    palabras: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The invoices used and the files attached, those left without effect included."""

    comprobantes: Sequence[Comprobante]
    evidencias: Sequence[Evidencia]

    @property
    def archivos(self) -> int:
        """Return the number of files to open: XML, PDF and evidence."""
        kept = sum(bool(row.xml_sha256) + bool(row.pdf_sha256) for row in self.comprobantes)
        return kept + len(self.evidencias)

    def holds(self, sha256: str) -> bool:
        """Return whether a file is of this proof, so that nobody downloads by guessing a digest."""
        known = {row.archivo_id for row in self.evidencias}
        known |= {row.xml_sha256 for row in self.comprobantes} | {row.pdf_sha256 for row in self.comprobantes}
        return bool(sha256) and sha256 in known


def poliza_of(hallazgo: Hallazgo) -> Poliza | None:
    """The póliza that the judged row names, itself or by its contribution, payment, evidence or side of a transfer."""
    row = hallazgo.fila
    rows = Poliza.objects.select_related("periodo", "contabilidad", "registrada_por")
    ways = (
        ("poliza_id", "pk"),
        ("aportacion_id", "aportaciones"),
        ("pago_id", "pagos"),
        ("evidencia_id", "evidencias"),
        ("lado_id", "lados_transferencia"),
        ("movimiento_id", "movimientos"),
        ("inventario_id", "movimientos_inventario"),
        ("recibo_id", "recibos_repap"),
        ("cep_id", "ceps"),
        ("cfdi_id", "comprobantes__comprobante"),
    )
    named = row.get("poliza_id")
    if isinstance(named, int) and named < 0:  # a document that an opening brought, which no póliza of here made
        return rows.filter(apertura__partidas=-named).first()
    for column, path in ways:
        if row.get(column):
            return rows.filter(**{path: row[column]}).first()
    return None


def keys_named(row: Mapping[str, object]) -> tuple[str, ...]:
    """Return the personal keys that a judged row shows, itself or by the account and supplier that it names."""
    by = {"clabe": "cuenta_bancaria_id", "rfc": "proveedor_id"}
    return tuple(name for name in SHOWN if row.get(name) or row.get(by.get(name, "")))


def named_by(hallazgo: Hallazgo, *, whole: bool) -> list[Named]:
    """Return the records that the judged row names: contract, event, bank line, bank account, supplier and period."""
    row, found, key_of = hallazgo.fila, [], _as_it_is if whole else masked
    kinds: tuple[tuple[str, str, QuerySet[Any], Callable[[Any], str]], ...] = (
        ("contrato_id", _("Contrato"), Contrato.objects.select_related("proveedor"), _contrato_words),
        ("evento_id", _("Evento"), current(Evento.objects.all()), _evento_words),
        ("linea_id", _("Movimiento del banco"), LineaBancaria.objects.all(), _linea_words),
        (
            "cuenta_bancaria_id",
            _("Cuenta bancaria"),
            CuentaBancaria.objects.all(),
            lambda it: key_of("clabe", it.clabe),
        ),
        ("proveedor_id", _("Proveedor"), Proveedor.objects.all(), lambda it: f"{it.nombre}, {key_of('rfc', it.rfc)}"),
        ("periodo_id", _("Periodo"), Periodo.objects.all(), _periodo_words),
    )
    for column, title, rows, words in kinds:
        key = "identidad" if issubclass(rows.model, Version) else "pk"
        thing = rows.filter(**{key: row[column]}).first() if row.get(column) else None
        if thing is not None:
            found.append(Named(title, words(thing)))
    return found


def _as_it_is(_field: str, text: str) -> str:
    return text


def _contrato_words(it: Contrato) -> str:
    told = {
        "name": it.proveedor.nombre,
        "amount": currency_amount(it.monto),
        "day": short_day(it.suscrito_el, year=True),
    }
    return f"{it.objeto}. " + _("Con %(name)s por %(amount)s, suscrito el %(day)s") % told


def _evento_words(it: Evento) -> str:
    return f"{it.nombre}, {short_day(it.fecha, year=True)}. {it.lugar}, {it.municipio}"


def _linea_words(it: LineaBancaria) -> str:
    return f"{short_day(it.fecha, year=True)}, {currency_amount(it.monto)}. {it.descripcion}"


def _periodo_words(it: Periodo) -> str:
    return _("%(n)s, del %(first)s al %(last)s") % {
        "n": it.numero,
        "first": short_day(it.desde, year=True),
        "last": short_day(it.hasta, year=True),
    }


def books_of(hallazgo: Hallazgo) -> Books:
    """Return the books beside a hallazgo."""
    poliza = poliza_of(hallazgo)
    if poliza is None:
        spent = spent_against_cap([hallazgo.contabilidad]).get(hallazgo.contabilidad_id)
        return Books(None, "", (), Money(0), Money(0), (), (), (), spent)
    lines = list(poliza.movimientos.select_related("cuenta").order_by("linea"))
    return Books(
        poliza,
        reference_of(poliza),
        lines,
        Money(sum(line.cargo for line in lines)),
        Money(sum(line.abono for line in lines)),
        list(poliza.pagos.select_related("proveedor")),
        list(poliza.aportaciones.select_related("aportante")),
        list(poliza.lados_transferencia.all()),
        None,
    )


def proof_of(hallazgo: Hallazgo, poliza: Poliza | None) -> Proof:
    """Return the proof beside a hallazgo: the invoice it names first, then those its póliza uses, and the evidence."""
    named = hallazgo.fila.get("cfdi_id")
    invoices = list(with_estatus(Comprobante.objects.filter(pk=named))) if named else []
    if poliza is None:
        return Proof(invoices, ())
    used = with_estatus(Comprobante.objects.all()).filter(usos__poliza=poliza).exclude(pk=named or 0).distinct()
    files = poliza.evidencias.select_related("clase", "archivo", "sin_efecto").order_by("pk")
    return Proof([*invoices, *used], list(files))


def drawable(proof: Proof) -> set[str]:
    """The digests of the files of a proof that can be shown as a picture: not too many, not too large, not broken."""
    found: set[str] = set()
    for row in proof.evidencias[:PICTURES]:
        if row.archivo.bytes <= PICTURE_BYTES and row.archivo_id not in found:
            with suppress(FileChanged), open_file(row.archivo_id) as stream:  # its download says what became of it
                try:
                    pages = page_count(stream, row.archivo.tipo)
                except Late:
                    return found  # this page waited enough: the rest are given as files
                if pages:
                    found.add(row.archivo_id)
    return found
