"""Say which document prints a verification code, and whether it stands: what its holder may know, and no more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from django.db.models import QuerySet

from sif.availability.certifying import PREFIX, code_of_folio
from sif.books.models import AvisoContratacion
from sif.filing.authority import AuthorityMissing, authority_key
from sif.filing.campaign_sheets import deposit_huella, notice_huella
from sif.filing.models import Deposito, Informe
from sif.notices.cedula import huella_of
from sif.notices.models import Notificacion
from sif.notices.sheet import code_of, read_code
from sif.proceedings.models import Documento, Resolucion
from sif.registry.scope import everything
from sif.signing.chain import sha256_hex
from sif.signing.problems import SigningError

_FOLIO = re.compile(rf"{PREFIX}[0-9A-F]{{12}}")


@dataclass(frozen=True, slots=True)
class CodedDocument:
    """The document of a code: its kind and number, the digest printed on it, its hour, and how it stands.

    `estado`: vigente, sustituido (by `por`), borrador (it was never an act) or rechazado. `pdf_sha256`: that of the
    file kept, '' where each drawing makes it anew. Of a constancia only its folio is known: no digest and no hour.
    """

    clase: str
    numero: str
    huella: str
    fecha: datetime | None
    estado: str
    por: str = ""
    pdf_sha256: str = ""


def act_of_pdf(sha256: str) -> CodedDocument | None:
    """Return the act of the authority whose PDF has this digest, by whoever holds it; None where it is of none."""
    with everything():
        row = _documents().filter(pdf_sha256=sha256).first()
        return _act(row) if row else None


def document_of_code(numero: str, typed: str) -> CodedDocument | None:
    """Return the document of a number whose pages print a code, by whoever holds it; None where there is none.

    It reads past the scope of who asks: 80 bits that only the document says are the permission.
    """
    codigo = read_code(typed)
    if not codigo:
        return None
    if numero.strip().startswith(PREFIX):
        return _constancia(numero.strip(), codigo)
    with everything():
        for found in (row for kind in KINDS for row in kind(numero.strip())):
            if code_of(found.huella) == codigo:
                return found
    return None


def _constancia(folio: str, codigo: str) -> CodedDocument | None:
    """Return the constancia of a folio whose code only the key of the authority computes: nobody keeps it."""
    try:
        said = code_of_folio(folio, authority_key()) if _FOLIO.fullmatch(folio) else ""
    except (AuthorityMissing, SigningError):
        return None
    return CodedDocument("constancia", folio, "", None, "vigente") if said and compare_digest(said, codigo) else None


def _reports(folio: str) -> Iterator[CodedDocument]:
    """Yield the report of a number and, once presented, its acuse."""
    row = Informe.objects.filter(folio=folio).select_related("presentacion").first()
    if row is None:
        return
    presented = getattr(row, "presentacion", None)
    if presented is None:
        yield CodedDocument("informe", row.folio, row.contenido_sha256, row.generado_el, "borrador")
        return
    later = _later(row)
    estado = ("sustituido", later.folio) if later else ("vigente", "")
    digests = {"informe": row.contenido_sha256, "acuse": sha256_hex(presented.acuse["cadena"].encode())}
    for clase, huella in digests.items():
        yield CodedDocument(clase, row.folio, huella, presented.recibida_el, *estado)


def _later(informe: Informe) -> Informe | None:
    """Return the last version that was presented after this one, if any."""
    same = Informe.objects.filter(
        contabilidad=informe.contabilidad_id, periodo=informe.periodo_id, tipo=informe.tipo, presentacion__isnull=False
    )
    return same.filter(version__gt=informe.version).order_by("-version").first()


def _acts(numero: str) -> Iterator[CodedDocument]:
    """Yield the documents of an act of the authority: that of the act and, of a resolución, the project too."""
    for row in _documents().filter(clave__in=[numero, f"{numero}/proyecto"]):
        yield _act(row)


def _notices(folio: str) -> Iterator[CodedDocument]:
    """Yield the cédula of a notification."""
    for row in Notificacion.objects.filter(folio=folio).select_related("sujeto"):
        yield CodedDocument("cedula", row.folio, huella_of(row), row.depositada_el, "vigente")


def _deposits(folio: str) -> Iterator[CodedDocument]:
    """Yield the acuse of a deposit, with the last one that was made for the same duty after it."""
    for row in Deposito.objects.filter(folio=folio).select_related("sujeto", "acuse"):
        place = {"etapa": row.etapa_id} if row.etapa_id else {"etapa": None, "hasta": row.hasta}
        later = (
            Deposito.objects.filter(sujeto=row.sujeto_id, obligacion=row.obligacion, pk__gt=row.pk, **place)
            .order_by("pk")
            .last()
        )
        estado = ("sustituido", later.folio) if later else ("vigente", "")
        yield CodedDocument("deposito", row.folio, deposit_huella(row), row.depositado_el, *estado, row.acuse_kept)


def _contracts(folio: str) -> Iterator[CodedDocument]:
    """Yield the acuse of a notice of contract, with the one that amends it."""
    for row in AvisoContratacion.objects.filter(folio=folio):
        later = row.modificaciones.order_by("pk").last()
        estado = ("sustituido", later.folio) if later else ("vigente", "")
        yield CodedDocument("aviso", row.folio, notice_huella(row), row.presentado_el, *estado)


KINDS = (_reports, _acts, _notices, _deposits, _contracts)
"""What yields the documents of a number, by what each is of."""


def _documents() -> QuerySet[Documento]:
    return Documento.objects.select_related("resolucion_votada", "resolucion__votacion__documento")


def _act(row: Documento) -> CodedDocument:
    estado, por = _standing(row)
    return CodedDocument("acto", row.titulo, row.texto_sha256, row.hecho_el, estado, por, row.pdf_sha256)


def _standing(row: Documento) -> tuple[str, str]:
    voted = getattr(row, "resolucion_votada", None)
    if voted is not None:
        return ("vigente" if voted.estado == Resolucion.Estado.APROBADA else "rechazado"), ""
    project = getattr(row, "resolucion", None)
    if project is None:
        return "vigente", ""
    counted = getattr(project, "votacion", None)
    return ("sustituido", counted.documento.clave) if counted else ("borrador", "")
