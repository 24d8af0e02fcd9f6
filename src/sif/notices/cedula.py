"""Lay out the cédula of a notification: who was notified, of what, when, on what basis, and the digest of it."""

from functools import cache

from django.conf import settings

from sif.law.sources import data_path, only_keys, read_data, status
from sif.notices.documents import render_pdf
from sif.notices.models import Notificacion
from sif.notices.sheet import exact, fact, paragraph, section
from sif.registry.clock import end_of_term, legal_zone
from sif.registry.corrections import subject_at
from sif.signing.chain import canonical_json, sha256_hex
from sif.signing.hours import legal_hour
from sif.values.words import MONTHS

FILE = "notificacion.yaml"
DEMO = "Documento de demostración, sin validez legal."


def cedula_pdf(notificacion: Notificacion) -> bytes:
    """Return the cédula of a notification as PDF: the same bytes whenever it is asked for."""
    return render_pdf("registro", cedula_sheet(notificacion))


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


def cedula_sheet(notificacion: Notificacion) -> dict[str, object]:
    """Return the sheet of a cédula; the subject as it was called when it was notified."""
    row, subject = notificacion, subject_at(notificacion.sujeto, notificacion.depositada_el)
    local = row.depositada_el.astimezone(legal_zone())
    day = f"{local.day} de {MONTHS[local.month - 1]} de {local.year}"
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
            section("A quién", fact("Sujeto obligado", f"{subject.nombre} ({subject.siglas})")),
            section(
                "Qué se notifica",
                fact("Acto", row.acto),
                fact("Asunto", row.asunto),
                fact("Plazo", _term(row)),
                exact("SHA-256 del documento notificado", row.documento_sha256),
            ),
            section(
                "Fundamento",
                paragraph(*_effect(settings.JURISDICTION)),
            ),
        ],
    }


@cache
def _effect(jurisdiction: str) -> tuple[str, str]:
    """Return when a notification takes effect, in words of the jurisdiction, and its article. Raises LawDataError."""
    keys = frozenset({"estatus", "articulo", "texto"})
    row = only_keys(read_data(data_path(jurisdiction, FILE)), keys, frozenset(), FILE)
    status(row["estatus"], FILE)
    return row["texto"], row["articulo"]


def _term(row: Notificacion) -> str:
    if row.vence_el is None:
        return "no da plazo"
    day, hour = end_of_term(row.vence_el)
    return f"vence el {day.day} de {MONTHS[day.month - 1]} de {day.year}, {hour} h"
