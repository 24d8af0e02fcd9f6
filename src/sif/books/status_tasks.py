"""Declare the jobs that write down what SAT says of invoices: from a file, or asking its service."""

from collections.abc import Mapping

from sif.books.estatus import least_known
from sif.books.services.estatus import ask_sat, load_status, require_service
from sif.jobs.files import FileGone, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry import trail
from sif.registry.models import Usuario
from sif.registry.selectors import may

ASK, LOAD = "sat_preguntar", "sat_cargar"
MOST = 2_000
"""Invoices that one job asks of: each answer takes a tenth of a second, or ten where there is none."""


def must_ask(by: Usuario) -> None:
    """Raise PermissionError for whoever is not of the authority."""
    if not (may(by, "administrar") or may(by, "auditar")):
        raise PermissionError("De los CFDI de todos pregunta al SAT la autoridad.")


def ask_to_ask_sat(most: int, by: Usuario) -> Trabajo:
    """Ask for the job that asks SAT of the least known invoices. Raises PermissionError, Refused where it is off."""
    must_ask(by)
    require_service()
    return ask(ASK, "sat", {"cuantos": max(1, min(most, MOST))}, by)


def _ask(encargo: Encargo) -> Mapping[str, object]:
    must_ask(encargo.persona)
    rows = list(least_known()[: int(encargo.trabajo.referencia["cuantos"])])
    trail.write(trail.Clase.ACTO, "preguntar_sat", encargo.persona, tipo="Trabajo", objeto=encargo.trabajo.pk)
    answer = ask_sat(rows, encargo.persona, encargo.tell)
    return {"anotados": answer.anotados, "sin_respuesta": answer.desconocidos}


def ask_to_load_status(sha256: str, by: Usuario) -> Trabajo:
    """Ask for the job that loads a kept file of statuses, whole or not at all. Raises PermissionError."""
    must_ask(by)
    return ask(LOAD, sha256[:32], {"archivo": sha256}, by)


def _load(encargo: Encargo) -> Mapping[str, object]:
    must_ask(encargo.persona)
    with open_kept(str(encargo.trabajo.referencia["archivo"])) as stream:
        load = load_status(stream.read(), encargo.persona)
    trail.write(trail.Clase.ACTO, "cargar_estatus", encargo.persona, tipo="Trabajo", objeto=encargo.trabajo.pk)
    return {"anotados": load.anotados, "desconocidos": load.desconocidos, "sin_distinguir": len(load.sin_distinguir)}


# alone: a network that does not answer holds no transaction, and asking again adds what SAT says then
register(Kind(ASK, _ask, alone=lambda _n: True))
register(Kind(LOAD, _load, refusals=(FileGone,)))
