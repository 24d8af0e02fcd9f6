"""Declare the job that loads the public file of a past process."""

import json
from collections.abc import Mapping

from sif.disclosure.history import load_history
from sif.disclosure.history_reading import LISTS, ColumnsOfHistory
from sif.jobs.files import FileGone, keep, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.models import Usuario
from sif.registry.selectors import may

LOAD = "historico_cargar"


def ask_to_load_history(archivo: str, nombre: str, mapa: ColumnsOfHistory, titulo: str, by: Usuario) -> Trabajo:
    """Ask for the job that loads a kept file by its columns, with what was said of it. Raises PermissionError."""
    if not may(by, "administrar"):
        raise PermissionError("Los procesos históricos los carga quien administra el sistema.")
    said = {"nombre": nombre, "titulo": titulo, "mapa": mapa.as_dict()}
    digest, _size = keep(lambda stream: stream.write(json.dumps(said, sort_keys=True).encode()))
    return ask(LOAD, f"historico:{archivo[:32]}:{digest[:32]}", {"archivo": archivo, "dicho": digest}, by)


def _load(encargo: Encargo) -> Mapping[str, object]:
    named = encargo.trabajo.referencia
    with open_kept(str(named["archivo"])) as stream, open_kept(str(named["dicho"])) as words:
        data, said = stream.read(), json.load(words)
    lists = {name: tuple(said["mapa"].pop(name, ())) for name in LISTS}
    found = load_history(
        data,
        said["nombre"],
        encargo.persona,
        mapa=ColumnsOfHistory(said["mapa"], **lists),
        nombre=said["titulo"],
        progress=encargo.tell,
    )
    return {"carga": found.carga.pk, "cuentas": len(found.hoja.cuentas), "repetida": found.repetida}


register(Kind(LOAD, _load, refusals=(FileGone,)))
