"""Validate a request for SAT files: month, kind and names."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from sif.registry.models import Contabilidad
from sif.statements.asked import Asked
from sif.values import Problem, Refused

KINDS = {"catalogo": "CT", "balanza": "BN", "polizas": "PL", "auxiliar": "XC"}
"""The files, with the letters of their names; a complementary balanza is BC."""
REQUESTS = {"AF": "Acto de fiscalización", "FC": "Fiscalización compulsa", "DE": "Devolución", "CO": "Compensación"}
_RFC = re.compile(r"^[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{3}$")
_ORDER = re.compile(r"^[A-Z]{3}\d{7}/\d{2}$")
_PROCEDURE = re.compile(r"^[A-Z]{2}\d{12}$")
FIRST_YEAR = 2015


@dataclass(frozen=True, slots=True)
class Sending:
    """A month of the books of one taxpayer.

    solicitud: one of REQUESTS, which pólizas and auxiliar say; orden (AF, FC) or tramite (DE, CO) go with it.
    modificada_el: the day the books were last changed, which makes the balanza complementary.
    """

    rfc: str
    anio: int
    mes: int
    contabilidades: tuple[int, ...]
    solicitud: str = "AF"
    orden: str = ""
    tramite: str = ""
    modificada_el: date | None = None

    @property
    def asked(self) -> Asked:
        """The month as the filter of a book."""
        last = monthrange(self.anio, self.mes)[1]
        return Asked(self.contabilidades, desde=date(self.anio, self.mes, 1), hasta=date(self.anio, self.mes, last))

    def name(self, kind: str) -> str:
        """Return the name of a file without its extension: RFC, year, month and letters, as SAT wants."""
        letters = "BC" if kind == "balanza" and self.modificada_el else KINDS[kind]
        return f"{self.rfc}{self.anio}{self.mes:02d}{letters}"

    def request(self) -> dict[str, str]:
        """Return the attributes that say why pólizas or auxiliar are sent."""
        found = {"TipoSolicitud": self.solicitud}
        if self.orden:
            found["NumOrden"] = self.orden
        if self.tramite:
            found["NumTramite"] = self.tramite
        return found


def sending(books: list[Contabilidad], anio: int, mes: int, **options: object) -> Sending:
    """Return a sending of these books (with their sujeto), all of one subject with a RFC. Raises Refused."""
    sujetos = {each.sujeto_id: each.sujeto for each in books}
    rfc = next(iter(sujetos.values())).rfc if len(sujetos) == 1 else ""
    numbers = tuple(sorted(each.pk for each in books))
    made = Sending(rfc, anio, mes, numbers, **options)  # type: ignore[arg-type]
    if problems := _problems(made, len(sujetos)):
        raise Refused(*problems)
    return made


def _problems(made: Sending, subjects: int) -> list[Problem]:
    found = []
    if subjects != 1:
        found.append(
            Problem(
                "sat_un_sujeto",
                "contabilidad",
                f"Las contabilidades son de {subjects} sujetos.",
                "Elija las de uno solo: el SAT recibe un RFC por archivo.",
            )
        )
    elif not _RFC.match(made.rfc):
        found.append(
            Problem(
                "sat_rfc",
                "contabilidad",
                f"El sujeto no tiene un RFC que el SAT admita («{made.rfc}»).",
                "Pida a la autoridad que complete el RFC en su registro.",
            )
        )
    if not 1 <= made.mes <= 12 or not FIRST_YEAR <= made.anio <= 2099:
        found.append(
            Problem(
                "sat_mes",
                "mes",
                f"El mes {made.anio}-{made.mes:02d} no se envía al SAT.",
                f"Escriba AAAA-MM, de {FIRST_YEAR}-01 en adelante.",
            )
        )
    return [*found, *_request_problems(made)]


def _request_problems(made: Sending) -> list[Problem]:
    found = []
    if made.solicitud not in REQUESTS:
        found.append(
            Problem(
                "sat_solicitud",
                "solicitud",
                f"«{made.solicitud}» no es un tipo de solicitud.",
                f"Use {', '.join(REQUESTS)}.",
            )
        )
    if made.orden and not _ORDER.match(made.orden):
        found.append(
            Problem(
                "sat_orden",
                "orden",
                f"«{made.orden}» no es un número de orden.",
                "Tres letras, siete cifras, diagonal y dos cifras: ABC1234567/24.",
            )
        )
    if made.tramite and not _PROCEDURE.match(made.tramite):
        found.append(
            Problem(
                "sat_tramite",
                "tramite",
                f"«{made.tramite}» no es un número de trámite.",
                "Dos letras y doce cifras: AB123456789012.",
            )
        )
    return found
