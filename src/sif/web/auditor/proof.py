"""What the books say beside a hallazgo: the póliza it is about, its lines, its invoices, payments and evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from sif.audit.models import Hallazgo
from sif.books.models import Aportacion, Comprobante, Evidencia, LadoTransferencia, Movimiento, Pago, Poliza
from sif.books.previews import page_count
from sif.books.selectors import SpentAgainstCap, reference_of, spent_against_cap
from sif.books.services import open_file
from sif.values import Money

PICTURES = 12  # on a page
PICTURE_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Books:
    """What stands in the books: the póliza with its parts; or, for a hallazgo on whole books, their spending."""

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
class Proof:
    """The invoices used and the files attached, those left without effect included."""

    comprobantes: Sequence[Comprobante]
    evidencias: Sequence[Evidencia]

    @property
    def archivos(self) -> int:
        """How many files there are to open."""
        kept = sum(bool(row.xml_sha256) + bool(row.pdf_sha256) for row in self.comprobantes)
        return kept + len(self.evidencias)


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
    )
    for column, path in ways:
        if row.get(column):
            return rows.filter(**{path: row[column]}).first()
    return None


def books_of(hallazgo: Hallazgo) -> Books:
    """The books beside a hallazgo."""
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
    """The proof beside a hallazgo: the invoice it names first, then those its póliza uses, and the evidence."""
    named = hallazgo.fila.get("cfdi_id")
    invoices = list(Comprobante.objects.filter(pk=named)) if named else []
    if poliza is None:
        return Proof(invoices, ())
    used = Comprobante.objects.filter(usos__poliza=poliza).exclude(pk=named or 0).distinct()
    files = poliza.evidencias.select_related("clase", "archivo", "sin_efecto").order_by("pk")
    return Proof([*invoices, *used], list(files))


def is_proof(hallazgo: Hallazgo, sha256: str) -> bool:
    """Whether a file belongs to the proof of a hallazgo, so that nobody downloads by guessing a digest."""
    proof = proof_of(hallazgo, poliza_of(hallazgo))
    known = {row.archivo_id for row in proof.evidencias}
    known |= {row.xml_sha256 for row in proof.comprobantes} | {row.pdf_sha256 for row in proof.comprobantes}
    return bool(sha256) and sha256 in known


def drawable(proof: Proof) -> set[str]:
    """The digests of the files of a proof that can be shown as a picture: not too many, not too large, not broken."""
    found: set[str] = set()
    for row in proof.evidencias[:PICTURES]:
        if row.archivo.bytes <= PICTURE_BYTES and row.archivo_id not in found:
            with open_file(row.archivo_id) as stream:
                if page_count(stream, row.archivo.tipo):
                    found.add(row.archivo_id)
    return found
