"""Configure the authorities and stamping providers whose certificates are trusted."""

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from sif.signing.authorities import Authority, sat_authorities
from sif.signing.certificates import Certificate, judge_certificate, read_certificate
from sif.signing.problems import SigningError
from sif.values import Problem

_REMEMBERED = 20_000  # judgements; past them the memory starts anew
# What to tell the one who received the invoice: signing's own texts speak to the one who signs.
_CURES = {
    "emisor_desconocido": "Valide la factura en el portal del SAT antes de aceptarla.",
    "emisor_vencido": "Valide la factura en el portal del SAT.",
    "es_efirma": "Pida al proveedor que selle la factura con su certificado de sello digital.",
    "otro_certificado": "Pida al proveedor que selle la factura con su certificado de sello digital.",
    "llave_debil": "Valide la factura en el portal del SAT.",
    "certificado_debil": "Valide la factura en el portal del SAT.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Trust:
    """`authorities` whose certificates are believed; `stampers` the certificates of PAC at hand, by their 20 digits.

    Make it once with `trust` and pass it to every reading: it remembers the judgement of each certificate.
    """

    authorities: tuple[Authority, ...]
    stampers: Mapping[str, Certificate]
    _judged: dict[tuple[str, date], tuple[Problem, ...]] = field(default_factory=dict)

    def judge(self, cert: Certificate, at: datetime, place: str) -> tuple[Problem, ...]:
        """Return the problems that keep a certificate from sealing invoices on the day of `at`.

        The validity dates of the certificate are not judged. Each result is cached by certificate and day.
        """
        key = (cert.sha256, at.date())
        found = self._judged.get(key)
        if found is None:
            if len(self._judged) >= _REMEMBERED:
                self._judged.clear()
            found = tuple(
                Problem(problem.codigo, place, problem.mensaje, _CURES[problem.codigo])
                for problem in judge_certificate(cert, at, self.authorities, kind="csd")
                if problem.codigo in _CURES
            )
            self._judged[key] = found
        return found


def trust(authorities: Iterable[Authority] | None = None, stampers: Iterable[Certificate] = ()) -> Trust:
    """Trust in these authorities (SAT's, when None) and these certificates of providers of certification."""
    table = sat_authorities() if authorities is None else tuple(authorities)
    return Trust(table, {cert.serie: cert for cert in stampers})


_SAT: list[Trust] = []


def as_trust(authorities: Trust | Sequence[Authority] | None) -> Trust:
    """Convert the authorities given by a caller into a Trust; None gives the cached Trust of SAT."""
    if isinstance(authorities, Trust):
        return authorities
    if authorities is not None:
        return trust(authorities)
    if not _SAT:
        _SAT.append(trust())
    return _SAT[0]


@lru_cache(maxsize=4096)
def certificate_in(text: str) -> Certificate | SigningError:
    """The certificate written in base64 inside an invoice, or why it cannot be read. Remembered: suppliers repeat."""
    try:
        return read_certificate(b64decode(text, validate=False))
    except SigningError as error:
        return error
    except ValueError as error:
        problem = Problem("certificado_ilegible", "", f"El certificado no está en base64 ({error}).", "")
        return SigningError(problem)
