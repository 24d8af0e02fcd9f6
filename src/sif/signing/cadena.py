"""Build the cadena original of each act: fixed positions between bars.

`||1.0|KIND|field|…|field||`: UTF-8, NFC, runs of white space to one space, trimmed; an absent value is empty, never
skipped.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime, timedelta

from sif.signing.hours import legal_hour
from sif.signing.problems import SigningError, problem
from sif.values import Money, Problem

VERSION = "1.0"
KINDS = (
    *("INFORME", "OFICIO", "RESPUESTA", "VOTO", "CEP", "CUENTA"),
    *("ACUSE", "RAIZ", "RAICES", "DISPONIBILIDAD", "CONSTANCIA", "PAQUETE", "PAQUETE_ETAPA"),
)
# what a person's e.firma may be asked to sign
PERSONAL_KINDS = ("INFORME", "OFICIO", "RESPUESTA", "VOTO", "CEP", "CUENTA")
VALID_MINUTES = 30
# they reorder what the officer reads before signing
_BIDI_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Cadena:
    """A cadena taken apart: its kind and its values in order."""

    kind: str
    values: tuple[str, ...]

    def informe(self) -> dict[str, str]:
        """The values of a report by the names of its fields. Raises SigningError cadena_desconocida if not 13."""
        if self.kind != "INFORME" or len(self.values) != len(INFORME_FIELDS):
            raise SigningError(problem("cadena_desconocida", "cadena", causa="no lleva los 13 datos de un informe"))
        return dict(zip(INFORME_FIELDS, self.values, strict=True))


@dataclass(frozen=True, slots=True)
class CamposInforme:
    """The fields of a signed report, in the order of its cadena.

    `ingresos` and `egresos` in centavos; `contenido` SHA-256 (hex) of the frozen report; `firmante` RFC and `serie` the
    20 digits of the certificate; `preparado_el` aware, the server's hour.
    """

    folio: str
    version: int
    sujeto: str
    id_contabilidad: str
    tipo: str
    desde: date
    hasta: date
    ingresos: Money
    egresos: Money
    contenido: str
    firmante: str
    serie: str
    preparado_el: datetime

    def as_dict(self) -> dict[str, str | int]:
        """Return the same fields for people and for acuse.json: days and hours as text, money in whole centavos."""
        return {name: _shown(getattr(self, name)) for name in INFORME_FIELDS}


INFORME_FIELDS = tuple(field.name for field in fields(CamposInforme))
INFORME_INTEGERS = ("version", "ingresos", "egresos")


def _shown(value: object) -> str | int:
    if isinstance(value, Money):
        return value.centavos
    if isinstance(value, datetime):
        return legal_hour(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return value
    return clean_value(str(value))


def clean_value(text: str) -> str:
    """Return one value as it stands in a cadena. Raises SigningError cadena_valor for a bar or an invisible control."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if "|" in clean:
        raise SigningError(
            problem("cadena_valor", "cadena", valor=clean, causa="una barra vertical, que separa campos")
        )
    if any(unicodedata.category(char) in ("Cc", "Cs") or char in _BIDI_CONTROLS for char in clean):
        shown = clean.encode("unicode_escape").decode("ascii")
        raise SigningError(problem("cadena_valor", "cadena", valor=shown, causa="un carácter de control invisible"))
    return clean


def build(kind: str, values: Sequence[str]) -> str:
    """The cadena of a kind in KINDS with these values. Raises SigningError cadena_valor, ValueError on another kind."""
    if kind not in KINDS:
        raise ValueError(f"No hay cadena de clase «{kind}»; las que hay: {', '.join(KINDS)}.")
    return "||" + "|".join([VERSION, kind, *(clean_value(value) for value in values)]) + "||"


def read_cadena(text: str, kinds: Sequence[str] = KINDS, donde: str = "cadena") -> Cadena:
    """Take a cadena apart, strictly: only what `build` could have written. Raises SigningError cadena_desconocida."""
    if not (text.startswith(f"||{VERSION}|") and text.endswith("||")) or len(text) < len(f"||{VERSION}|X||"):
        raise SigningError(problem("cadena_desconocida", donde, causa="no tiene la forma ||1.0|CLASE|…||"))
    _, kind, *values = text[2:-2].split("|")
    if kind not in kinds:
        raise SigningError(problem("cadena_desconocida", donde, causa=f"su clase es «{kind[:20]}»"))
    if build(kind, values) != text:
        raise SigningError(problem("cadena_desconocida", donde, causa="tiene espacios o letras sin normalizar"))
    return Cadena(kind, tuple(values))


def informe_cadena(campos: CamposInforme) -> str:
    """`||1.0|INFORME|folio|version|sujeto|id_contabilidad|tipo|desde|hasta|ingresos|egresos|contenido|firmante|serie|
    preparado_el||`."""
    return build("INFORME", [str(value) for value in campos.as_dict().values()])


def acuse_cadena(campos: "CamposAcuse", otra: Sequence[str] = ()) -> str:
    """`||1.0|ACUSE|folio|recibido_el|sha256(cadena)|sha256(sello)|sha256(certificado)|sha256(archivos)||`.

    otra: the three digests of another person's signature, which follow where the report has two.
    """
    return build("ACUSE", [*astuple(campos), *otra])


@dataclass(frozen=True, slots=True)
class CamposAcuse:
    """The fields of an acuse: its folio, the legal hour of receipt, and four digests.

    The four digests (hex) are separate so that a verifier can name the part that changed.
    """

    folio: str
    recibido_el: str
    cadena: str
    sello: str
    certificado: str
    archivos: str


def cuenta_cadena(cuenta: str, rfc: str, serie: str, reto: str, preparado_el: datetime) -> str:
    """`||1.0|CUENTA|cuenta|rfc|serie|reto|preparado_el||`: that an account is of who has that e.firma."""
    return build("CUENTA", [cuenta, rfc, serie, reto, legal_hour(preparado_el)])


def judge_hour(preparado_el: datetime, recibido_el: datetime, folio: str) -> list[Problem]:
    """cadena_caduca if the signed cadena is older than 30 minutes when received (both aware)."""
    if preparado_el <= recibido_el <= preparado_el + timedelta(minutes=VALID_MINUTES):
        return []
    prepared = legal_hour(preparado_el)
    return [problem("cadena_caduca", f"cadena {folio}", minutos=str(VALID_MINUTES), dia=prepared)]
