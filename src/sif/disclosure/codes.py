"""Say which document prints a verification code, and whether it stands: what its holder may know, and no more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

from django.db.models import QuerySet

from sif.availability.certifying import PREFIX, code_of_folio
from sif.books.models import AvisoContratacion
from sif.disclosure.models import DocumentoPublicado
from sif.filing.authority import AuthorityMissing, authority_key
from sif.filing.campaign_sheets import deposit_huella, deposit_matter, notice_huella, notice_matter
from sif.filing.models import Deposito, Informe
from sif.filing.sheets import books_of, matter_of
from sif.notices.cedula import huella_of
from sif.notices.models import Notificacion
from sif.notices.sheet import code_of, read_code
from sif.proceedings.models import Documento, Resolucion
from sif.registry.corrections import subject_at
from sif.registry.scope import everything
from sif.signing.chain import sha256_hex
from sif.signing.problems import SigningError

_FOLIO = re.compile(rf"{PREFIX}[0-9A-F]{{12}}")


@dataclass(frozen=True, slots=True)
class CodedDocument:
    """The document of a code: its kind and number, the digest printed on it, its hour, and how it stands.

    `de` and `asunto`: the subject and the matter, as its pages say. `estado`: vigente, sustituido (by `por`, of the
    hour `por_el`, whose public document is `por_clave` where it is published), borrador (it was never an act) or
    rechazado. `pdf_sha256`: that of the file kept, '' where each drawing makes it anew. Of a constancia only its folio
    is known: no digest, no hour and not of whom.
    """

    clase: str
    numero: str
    huella: str
    fecha: datetime | None
    estado: str
    por: str = ""
    pdf_sha256: str = ""
    de: str = ""
    asunto: str = ""
    por_el: datetime | None = None
    por_clave: str = ""


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
    about: dict[str, Any] = {"de": books_of(row).sujeto.nombre, "asunto": matter_of(row)}
    if presented is None:
        yield CodedDocument("informe", row.folio, row.contenido_sha256, row.generado_el, "borrador", **about)
        return
    later = _later(row)
    estado = ("sustituido", later.folio) if later else ("vigente", "")
    since = later.presentacion.recibida_el if later else None
    digests = {"informe": row.contenido_sha256, "acuse": sha256_hex(presented.acuse["cadena"].encode())}
    for clase, huella in digests.items():
        yield CodedDocument(clase, row.folio, huella, presented.recibida_el, *estado, **about, por_el=since)


def _later(informe: Informe) -> Informe | None:
    """Return the last version that was presented after this one, if any."""
    same = Informe.objects.filter(
        contabilidad=informe.contabilidad_id, periodo=informe.periodo_id, tipo=informe.tipo, presentacion__isnull=False
    )
    return same.filter(version__gt=informe.version).select_related("presentacion").order_by("-version").first()


def _acts(numero: str) -> Iterator[CodedDocument]:
    """Yield the documents of an act of the authority: that of the act and, of a resolución, the project too."""
    for row in _documents().filter(clave__in=[numero, f"{numero}/proyecto"]):
        yield _act(row)


def _notices(folio: str) -> Iterator[CodedDocument]:
    """Yield the cédula of a notification."""
    for row in Notificacion.objects.filter(folio=folio).select_related("sujeto"):
        about: dict[str, Any] = {
            "de": subject_at(row.sujeto, row.depositada_el).nombre,
            "asunto": f"{row.acto}. {row.asunto}",
        }
        yield CodedDocument("cedula", row.folio, huella_of(row), row.depositada_el, "vigente", **about)


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
        yield CodedDocument(
            "deposito",
            row.folio,
            deposit_huella(row),
            row.depositado_el,
            *estado,
            row.acuse_kept,
            *deposit_matter(row),
            later.depositado_el if later else None,
        )


def _contracts(folio: str) -> Iterator[CodedDocument]:
    """Yield the acuse of a notice of contract, with the one that amends it."""
    for row in AvisoContratacion.objects.filter(folio=folio).select_related("contabilidad__sujeto"):
        later = row.modificaciones.order_by("pk").last()
        yield CodedDocument(
            "aviso",
            row.folio,
            notice_huella(row),
            row.presentado_el,
            "sustituido" if later else "vigente",
            later.folio if later else "",
            "",
            *notice_matter(row),
            later.presentado_el if later else None,
        )


KINDS = (_reports, _acts, _notices, _deposits, _contracts)
"""What yields the documents of a number, by what each is of."""


_SUBJECTS = (
    "oficio__sujeto",
    "dictamen_cerrado__dictamen__sujeto",
    "resolucion__dictamen__sujeto",
    "resolucion_votada__resolucion__dictamen__sujeto",
)
"""The subject of a document, by each act that may have it."""


def _documents() -> QuerySet[Documento]:
    return Documento.objects.select_related(
        *_SUBJECTS, "resolucion__votacion__documento", "resolucion__sustituta__proyecto"
    )


def _act(row: Documento) -> CodedDocument:
    estado, later = _standing(row)
    about: dict[str, Any] = {"pdf_sha256": row.pdf_sha256, "de": _subject_of(row)}
    if later is None:
        return CodedDocument("acto", row.titulo, row.texto_sha256, row.hecho_el, estado, **about)
    shown = DocumentoPublicado.objects.filter(clave=later.clave).exists()
    about |= {"por": later.clave, "por_clave": later.clave if shown else ""}
    return CodedDocument("acto", row.titulo, row.texto_sha256, row.hecho_el, estado, **about, por_el=later.hecho_el)


def _subject_of(row: Documento) -> str:
    """Return the name of the subject of an act when it was made; '' where no act has the document."""
    for path in _SUBJECTS:
        found: Any = row
        for name in path.split("__"):
            found = getattr(found, name, None)
        if found is not None:
            return subject_at(found, row.hecho_el).nombre
    told = Notificacion.objects.filter(documento_sha256=row.pdf_sha256, acto=row.clave).select_related("sujeto").first()
    return subject_at(told.sujeto, row.hecho_el).nombre if told else ""


def _standing(row: Documento) -> tuple[str, Documento | None]:
    """Return how the document of an act stands, and that which replaced a project: what was voted, or another one."""
    voted = getattr(row, "resolucion_votada", None)
    if voted is not None:
        return ("vigente" if voted.estado == Resolucion.Estado.APROBADA else "rechazado"), None
    project = getattr(row, "resolucion", None)
    if project is None:
        return "vigente", None
    counted, other = getattr(project, "votacion", None), getattr(project, "sustituta", None)
    later = counted.documento if counted else other.proyecto if other else None
    return ("sustituido" if later else "borrador"), later
