"""Gather a notification in a bundle that verifies offline: document, cédula, text of the act, and who read it."""

from sif.books.services import file_of, read_file
from sif.filing.authority import AuthorityMissing, authority_key
from sif.filing.sealing import sealed
from sif.mail.models import Intento
from sif.mail.selectors import messages_of
from sif.notices.mailing import TYPE
from sif.notices.models import Notificacion
from sif.proceedings.cedulas import cedula_of
from sif.proceedings.models import Documento
from sif.registry import clock
from sif.registry.scope import everything
from sif.signing.bundle import DOCUMENT, write_bundle
from sif.signing.chain import canonical_json
from sif.signing.hours import legal_hour


def bundle_of(notificacion: Notificacion) -> bytes:
    """Return the bundle of a notification, for who sees its subject whole.

    It holds the document under its seal, the cédula, the text that the pages of the document print the digest of, and
    the acknowledgement: the deposit, each first reading, and what became of each alert by mail, as they stand now.
    Raises FileMissing, FileChanged, AuthorityMissing where it cannot be sealed, and LookupError where the document is
    not kept.
    """
    if file_of(notificacion.documento_sha256) is None:
        raise LookupError(notificacion.folio)
    act = Documento.objects.filter(pdf_sha256=notificacion.documento_sha256).first()
    hour = legal_hour(clock.now())
    files = {
        DOCUMENT: _sealed(read_file(notificacion.documento_sha256)),
        "cedula.pdf": _sealed(cedula_of(notificacion)),
        **({"documento.txt": read_file(act.texto_sha256)} if act else {}),
        "constancia.json": canonical_json({**acknowledgement(notificacion), "emitido_el": hour}),
    }
    return write_bundle(notificacion.folio, notificacion.documento_sha256, hour, files, authority_key())


def _sealed(pdf: bytes) -> bytes:
    """Return a document with its seal. Raises AuthorityMissing: without it the bundle would be altered for ever."""
    given = sealed(pdf)
    if given == pdf:
        raise AuthorityMissing("Un documento del paquete no se pudo sellar. La bitácora dice por qué.")
    return given


def acknowledgement(notificacion: Notificacion) -> dict[str, object]:
    """Return the hours of a notification: its deposit, each person's first reading, and its alerts by mail.

    The alerts are of whoever sees its subject whole, as who asks does; the wall of mail shows them to who queued them.
    """
    row = notificacion
    readings = row.lecturas.select_related("usuario").order_by("leida_el", "pk")
    with everything():
        alerts = messages_of(TYPE, [row.pk]).get(row.pk, [])
        tried = list(Intento.objects.filter(mensaje__in=alerts).order_by("hecho_el", "pk"))
    return {
        "folio": row.folio,
        "acto": row.acto,
        "depositada_el": legal_hour(row.depositada_el),
        "vence_el": legal_hour(row.vence_el) if row.vence_el else "",
        "lecturas": [{"quien": each.usuario.nombre, "leida_el": legal_hour(each.leida_el)} for each in readings],
        "avisos": [{"resultado": each.resultado, "hecho_el": legal_hour(each.hecho_el)} for each in tried],
    }
