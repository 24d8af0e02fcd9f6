"""Certify to a person what kept the service from answering in a span, sealed by the authority, and verify it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from sif.availability.measuring import PROBED, instant_of
from sif.availability.reading import Failure, Log, Span, minutes_of
from sif.notices.sheet import code_of
from sif.signing.cadena import build
from sif.signing.chain import canonical_json, sha256_hex
from sif.signing.efirma import sign, verify_with_key
from sif.signing.hours import legal_hour
from sif.values import Problem, Refused

FORMAT = "sif-constancia/1"
PREFIX = "CF-"
"""Of the folio of a constancia, before the first twelve figures of its digest."""
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Holder:
    """The person a constancia is for: the number and name of an account, and the names of its subjects."""

    persona: int
    nombre: str
    sujetos: Sequence[str]


def check_span(since: datetime, until: datetime, now: datetime) -> None:
    """Refuse a span that does not advance, has not passed or is too long. Raises Refused fechas_en_desorden, ..."""
    if since >= until:
        seen = "El periodo termina antes de empezar."
        raise Refused(Problem("fechas_en_desorden", "hasta", seen, "Escriba primero el inicio y después el fin."))
    if since > now:
        seen = "El periodo no ha empezado: nada se ha medido."
        raise Refused(Problem("periodo_futuro", "desde", seen, "Elija días que ya pasaron."))
    if until - since > timedelta(days=MOST_DAYS):
        seen = f"El periodo dura más de {MOST_DAYS} días."
        raise Refused(Problem("periodo_largo", "hasta", seen, "Pida una constancia por mes."))


def certify(
    log: Log,
    failures: Sequence[Failure],
    holder: Holder,
    sealed: Mapping[str, str],
    changed: Sequence[str],
    key: RSAPrivateKey,
    now: datetime,
) -> dict[str, Any]:
    """Return a constancia (`sif-constancia/1`) of what the probe saw and of a person's failures, sealed.

    sealed: SHA-256 of the days of the log already sealed, by day; changed: those that are not as they were sealed.
    """
    content: dict[str, Any] = {
        "persona": holder.nombre,
        "sujetos": list(holder.sujetos),
        "desde": legal_hour(log.desde),
        "hasta": legal_hour(log.hasta),
        "periodo": minutes_of([Span(log.desde, log.hasta)]),
        "medidos": len({each.minuto for each in log.minutos if each.fuente == PROBED}),
        "minutos": minutes_of(log.caidas),
        "caidas": [_span(each) for each in log.caidas],
        "huecos": [_span(each) for each in log.huecos],
        "fallas": [_failure(each) for each in failures],
        "registro": dict(sorted(sealed.items())),
        "registro_alterado": sorted(changed),
        "emitida_el": legal_hour(now),
    }
    digest = sha256_hex(canonical_json(content))
    folio = f"{PREFIX}{digest[:12].upper()}"
    cadena = build("CONSTANCIA", [folio, content["desde"], content["hasta"], str(content["minutos"]), digest])
    return {"formato": FORMAT, "folio": folio, **content, "cadena": cadena, "sello": sign(cadena, key)}


def content_digest(constancia: Mapping[str, object]) -> str:
    """Return the SHA-256 of the content of a constancia, of which its folio is the beginning."""
    content = {name: value for name, value in constancia.items() if name not in ("formato", "folio", "cadena", "sello")}
    return sha256_hex(canonical_json(content))


def code_of_folio(folio: str, key: RSAPrivateKey) -> str:
    """Return the verification code of the constancia of a folio, which only the key of the authority computes.

    Constancias are kept by nobody: by this code the authority knows a folio that it issued.
    """
    return code_of(sha256_hex(sign(build("CONSTANCIA", [folio]), key).encode("ascii")))


def _span(each: Span) -> dict[str, object]:
    said = {"desde": instant_of(each.desde), "hasta": instant_of(each.hasta), "minutos": minutes_of([each])}
    return {**said, "abierta": True} if each.abierto else said


def _failure(each: Failure) -> dict[str, object]:
    return {
        "momento": instant_of(each.momento),
        "pedido": each.pedido,
        "modulo": each.modulo,
        "operacion": each.operacion,
        "error": each.estado,
        "ms": str(each.ms),
    }


def constancia_bytes(constancia: Mapping[str, object]) -> bytes:
    """Write a constancia as its file: UTF-8, two spaces of indent, one line feed at the end."""
    return (json.dumps(constancia, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def verify_constancia(constancia: Mapping[str, object], key: RSAPublicKey) -> list[str]:
    """Return what does not hold of a constancia: contenido, folio, cadena or sello; none where it is whole."""
    try:
        digest = content_digest(constancia)
        folio = f"{PREFIX}{digest[:12].upper()}"
        values = [folio, str(constancia["desde"]), str(constancia["hasta"]), str(constancia["minutos"]), digest]
        cadena = build("CONSTANCIA", values)
    except (KeyError, TypeError, ValueError, Refused):
        return ["contenido"]
    wrong = [] if constancia.get("folio") == folio else ["folio"]
    wrong += [] if constancia.get("cadena") == cadena else ["contenido"]
    whole = verify_with_key(str(constancia.get("cadena")), str(constancia.get("sello")), key)
    return wrong if whole else [*wrong, "sello"]


def extension_of(log: Log, term: datetime, within: timedelta) -> int:
    """Return the minutes without service in the span before a term: what an accord that gives them back would add."""
    begins = term - within
    touching = [
        Span(max(each.desde, begins), min(each.hasta, term))
        for each in log.caidas
        if each.hasta > begins and each.desde < term
    ]
    return minutes_of(touching)
