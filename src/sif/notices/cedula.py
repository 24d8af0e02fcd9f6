"""Lay out the cédula of a notification: who was notified, of what, when, on what basis, and the digest of it."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings

from sif.law.sources import cited, data_path, only_keys, read_data, status
from sif.notices.documents import render_pdf
from sif.notices.models import Notificacion
from sif.notices.sheet import Block, exact, fact, paragraph, section
from sif.registry.clock import end_of_term, legal_zone
from sif.registry.corrections import subject_at
from sif.signing.chain import canonical_json, sha256_hex
from sif.signing.hours import legal_hour
from sif.values.words import MONTHS

FILE = "notificacion.yaml"
DEMO = "Documento de demostración, sin validez legal."


@dataclass(frozen=True, slots=True)
class Issued:
    """The act that was notified: the organ that issued it, who notified it, and the session that approved it."""

    organo: str
    notifico: str
    sesion_el: date | None = None


def cedula_pdf(notificacion: Notificacion, act: Issued | None) -> bytes:
    """Return the cédula of a notification as PDF: the same bytes whenever it is asked for.

    act: None where nothing tells whose act it is.
    """
    return render_pdf("registro", cedula_sheet(notificacion, act))


def huella_of(notificacion: Notificacion) -> str:
    """Return the digest that a cédula prints, of its facts and not of its words, which its code comes from."""
    row = notificacion
    facts = {
        "folio": row.folio,
        "sujeto": subject_at(row.sujeto, row.depositada_el).siglas,
        "acto": row.acto,
        "asunto": row.asunto,
        "documento": row.documento_sha256,
        "depositada_el": legal_hour(row.depositada_el),
        "vence_el": legal_hour(row.vence_el) if row.vence_el else "",
    }
    return sha256_hex(canonical_json(facts))


def cedula_sheet(notificacion: Notificacion, act: Issued | None) -> dict[str, object]:
    """Return the sheet of a cédula; the subject as it was called when it was notified."""
    row, subject = notificacion, subject_at(notificacion.sujeto, notificacion.depositada_el)
    local = row.depositada_el.astimezone(legal_zone())
    day = _day(local.date())
    hour = f"{local:%H:%M:%S} h"
    return {
        "organo": "Sistema Integral de Fiscalización",
        "titulo": "Cédula de notificación electrónica",
        "numero": row.folio,
        "asunto": f"{row.asunto}, {subject.nombre}"[:250],
        "lugar_fecha": f"Depositada el {day}, {hour}",
        "proyecto": False,
        "destinatario": [] if settings.PRODUCTION else [DEMO],
        "firma": [],
        "consulta": True,
        "huella": huella_of(row),
        "recuadro": [{"rotulo": "Notificada", "texto": day}, {"rotulo": "Hora", "texto": hour}],
        "secciones": [
            *([section("Quién", *_issued(act))] if act else []),
            section("A quién", fact("Sujeto obligado", f"{subject.nombre} ({subject.siglas})")),
            section(
                "Qué se notifica",
                fact("Acto", row.acto),
                fact("Asunto", row.asunto),
                fact("Plazo", _term(row)),
                exact("SHA-256 del documento notificado", row.documento_sha256),
            ),
            section("Fundamento", *_effects(act)),
        ],
    }


def _issued(act: Issued) -> list[Block]:
    found = [fact("Órgano que emitió el acto", act.organo)]
    if act.notifico:
        found.append(fact("Notificó", act.notifico))
    if act.sesion_el:
        found.append(fact("Sesión en que se aprobó", _day(act.sesion_el)))
    return found


def _effects(act: Issued | None) -> list[Block]:
    """Say when the notification takes effect, and of what a session approved, who was notified in it."""
    words = _words(settings.JURISDICTION)
    kinds = ("en_sesion", "electronica") if act and act.sesion_el else ("electronica",)
    return [paragraph(*words[kind]) for kind in kinds]


@cache
def _words(jurisdiction: str) -> dict[str, tuple[str, str]]:
    """Return what is said of each kind of notification, and its article with its status. Raises LawDataError."""
    kinds, keys = frozenset({"electronica", "en_sesion"}), frozenset({"estatus", "articulo", "texto"})
    found = {}
    for kind, said in only_keys(read_data(data_path(jurisdiction, FILE)), kinds, frozenset(), FILE).items():
        row = only_keys(said, keys, frozenset(), f"{FILE}, {kind}")
        found[kind] = row["texto"], cited(row["articulo"], status(row["estatus"], f"{FILE}, {kind}"))
    return found


def _day(day: date) -> str:
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def _term(row: Notificacion) -> str:
    if row.vence_el is None:
        return "no da plazo"
    day, hour = end_of_term(row.vence_el)
    return f"vence el {_day(day)}, {hour} h"
