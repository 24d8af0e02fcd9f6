"""Gather a notification in a bundle that verifies offline: document, cédula, text of the act, and who read it.

All of a subject in a stage make another, whose files are those bundles.
"""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from sif.books.services import file_of, read_file
from sif.filing.authority import AuthorityMissing, authority_key
from sif.filing.sealing import sealed
from sif.mail.models import Intento
from sif.mail.selectors import messages_of
from sif.notices.mailing import TYPE
from sif.notices.models import Notificacion
from sif.proceedings.cedulas import cedula_of
from sif.proceedings.models import Documento, Oficio, ParteSancion, ResolucionVotada
from sif.registry import clock
from sif.registry.models import Etapa, SujetoObligado
from sif.registry.scope import everything
from sif.signing.bundle import DOCUMENT, MOST_BYTES, MOST_FILES, TooLarge, write_bundle, write_stage_bundle
from sif.signing.chain import canonical_json
from sif.signing.hours import legal_hour

PDF = "application/pdf"


class NotPdf(ValueError):
    """The document of a notification, whose folio it says, is no PDF: it carries no seal, and no bundle holds it."""


def bundle_of(notificacion: Notificacion) -> bytes:
    """Return the bundle of a notification, for who sees its subject whole.

    It holds the document under its seal, the cédula, the text that the pages of the document print the digest of, and
    the acknowledgement: the deposit, each first reading, and what became of each alert by mail, as they stand now.
    Raises FileMissing, FileChanged, AuthorityMissing where it cannot be sealed, NotPdf, TooLarge, and LookupError, of
    its folio, where the document is not kept.
    """
    kept = file_of(notificacion.documento_sha256)
    if kept is None:
        raise LookupError(notificacion.folio)
    if kept.tipo != PDF:
        raise NotPdf(notificacion.folio)
    act = Documento.objects.filter(pdf_sha256=notificacion.documento_sha256).first()
    hour = legal_hour(clock.now())
    files = {
        DOCUMENT: _sealed(read_file(notificacion.documento_sha256)),
        "cedula.pdf": _sealed(cedula_of(notificacion)),
        **({"documento.txt": read_file(act.texto_sha256)} if act else {}),
        "constancia.json": canonical_json({**acknowledgement(notificacion), "emitido_el": hour}),
    }
    return write_bundle(notificacion.folio, notificacion.documento_sha256, hour, files, authority_key())


def stage_bundle_of(etapa: Etapa, sujeto: SujetoObligado) -> bytes:
    """Return the bundle of all that was notified to a subject in a stage, for who sees the subject whole.

    It names the subject as it is called now, and the stage by the key of its process and its kind. Raises as
    `bundle_of`, with TooLarge before it draws what does not fit.
    """
    rows = notified_in(etapa, sujeto).order_by("folio")
    if rows.count() + 1 > MOST_FILES:
        raise TooLarge
    bundles: dict[str, bytes] = {}
    for row in rows:
        bundles[row.folio] = bundle_of(row)
        if sum(map(len, bundles.values())) > MOST_BYTES:
            raise TooLarge
    said = f"{etapa.proceso.clave}/{etapa.tipo}"
    return write_stage_bundle(sujeto.siglas, said, legal_hour(clock.now()), bundles, authority_key())


def notified_in(etapa: Etapa, sujeto: SujetoObligado) -> QuerySet[Notificacion]:
    """Select what was notified to a subject in a stage: oficios, what they told and was left without effect, and the
    resoluciones that it answers."""
    parts = ParteSancion.objects.filter(sujeto=sujeto).values("sancion__resolucion")
    answers = Q(resolucion__dictamen__sujeto=sujeto) | Q(resolucion__in=parts)
    voted = ResolucionVotada.objects.filter(answers, resolucion__dictamen__etapa=etapa)
    of_a_vote = Q(acto__in=voted.values("resolucion__numero"))
    of_an_oficio = Q(oficio__etapa=etapa, oficio__sujeto=sujeto)
    without_effect = Q(sin_efecto__observacion__etapa=etapa)
    return Notificacion.objects.filter(of_a_vote | of_an_oficio | without_effect, sujeto=sujeto)


def notified_stages(sujetos: Collection[int]) -> list[tuple[SujetoObligado, Etapa]]:
    """Return each of some subjects, by number, with each stage in which it was notified, the last stage first."""
    by_oficio = Oficio.objects.filter(sujeto__in=sujetos).values_list("sujeto", "etapa")
    approved = ResolucionVotada.objects.filter(estado="aprobada")
    stage, pays = "resolucion__dictamen__etapa", "resolucion__sanciones__partes__sujeto"
    own = approved.filter(resolucion__dictamen__sujeto__in=sujetos).values_list("resolucion__dictamen__sujeto", stage)
    paid = approved.filter(**{f"{pays}__in": sujetos}).values_list(pays, stage)
    pairs = {*by_oficio, *own, *paid}
    subjects = SujetoObligado.objects.in_bulk({subject for subject, _stage in pairs})
    stages = Etapa.objects.select_related("proceso").in_bulk({stage for _subject, stage in pairs})
    found = [(subjects[subject], stages[stage]) for subject, stage in pairs]
    return sorted(found, key=lambda pair: (-pair[1].termina_el.toordinal(), pair[1].pk, pair[0].siglas))


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
