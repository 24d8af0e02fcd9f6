"""Record the answer of an issuer about the revocation of a certificate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sif.signing.certificates import Certificate
from sif.signing.hours import legal_day
from sif.signing.problems import problem
from sif.values import Problem


@dataclass(frozen=True, slots=True)
class Revocacion:
    """The answer: `estado`, when it was asked, since when it is revoked, and the evidence (whose words, which list)."""

    estado: Literal["vigente", "revocado", "desconocido"]
    consultado_el: datetime
    revocado_el: datetime | None = None
    evidencia: str = ""


RevocationSource = Callable[[Certificate, datetime], Revocacion]


def nobody_asked(cert: Certificate, at: datetime) -> Revocacion:
    """Return the source of an installation without a configured responder: always desconocido, and so printed."""
    return Revocacion("desconocido", at, evidencia="sin servicio de consulta configurado")


def from_list(revoked: Mapping[str, datetime], evidencia: str) -> RevocationSource:
    """Return a source that reads a list of revoked serials (20 digits -> since when), as published by the issuer."""

    def ask(cert: Certificate, at: datetime) -> Revocacion:
        since = revoked.get(cert.serie)
        if since is None or since > at:
            return Revocacion("vigente", at, evidencia=evidencia)
        return Revocacion("revocado", at, since, evidencia)

    return ask


def judge_revocacion(cert: Certificate, answer: Revocacion) -> list[Problem]:
    """revocado, with its day; desconocido lets the act through and is asked again later."""
    if answer.estado != "revocado":
        return []
    since = legal_day(answer.revocado_el or answer.consultado_el)
    return [problem("revocado", f"certificado {cert.serie}", rfc=cert.rfc, dia=since)]
