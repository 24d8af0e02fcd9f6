"""Declare the job that loads a publication of SAT's list of article 69-B."""

from collections.abc import Mapping
from datetime import date

from sif.catalogs.services.listas import load_69b
from sif.jobs.files import FileGone, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.models import Usuario
from sif.registry.selectors import may

LOAD = "lista_69b_cargar"


def ask_to_load_69b(archivo: str, publicada_el: date | None, by: Usuario) -> Trabajo:
    """Ask for the job that loads a kept file; publicada_el: its day, where the file does not say it.

    Raises PermissionError for whoever is not of the authority.
    """
    if not (may(by, "administrar") or may(by, "auditar")):
        raise PermissionError("La lista del artículo 69-B la carga la autoridad.")
    day = publicada_el.isoformat() if publicada_el else ""
    return ask(LOAD, f"lista:69b:{archivo[:32]}:{day}", {"archivo": archivo, "publicada": day}, by)


def _load(encargo: Encargo) -> Mapping[str, object]:
    said = encargo.trabajo.referencia
    with open_kept(str(said["archivo"])) as stream:
        data = stream.read()
    day = date.fromisoformat(str(said["publicada"])) if said["publicada"] else None
    return load_69b(data, day, encargo.persona).as_dict()


register(Kind(LOAD, _load, refusals=(FileGone,)))
