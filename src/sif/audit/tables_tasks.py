"""Declare the job that loads a long list of the authority."""

import json
from collections.abc import Mapping
from datetime import date

from sif.audit.authority_lists import load_table, must_load
from sif.jobs.files import FileGone, keep, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.models import Etapa, Usuario

LOAD = "tabla_cargar"
MOST_BYTES = 128 * 1024
"""Bytes of a list that a request loads: some 4,000 rows of a narrow one; half a second of a processor."""


def ask_to_load_table(tabla: str, data: bytes, al: date, by: Usuario, etapa: Etapa | None, archivo: str) -> Trabajo:
    """Ask for the job that loads a list as `load_table` does; the file and its name are kept.

    Raises PermissionError for whoever is not of the authority.
    """
    must_load(by)
    sha256, _size = keep(lambda stream: stream.write(data))
    said = json.dumps({"archivo": archivo, "al": al.isoformat()})
    asked, _size = keep(lambda stream: stream.write(said.encode()))
    referencia: dict[str, int | str] = {
        "tabla": tabla,
        "etapa": etapa.pk if etapa else 0,
        "archivo": sha256,
        "pedido": asked,
    }
    return ask(LOAD, f"{tabla}:{referencia['etapa']}:{sha256[:32]}:{asked[:32]}", referencia, by)


def _load(encargo: Encargo) -> Mapping[str, object]:
    said = encargo.trabajo.referencia
    with open_kept(str(said["archivo"])) as stream, open_kept(str(said["pedido"])) as words:
        data, asked = stream.read(), json.load(words)
    etapa = Etapa.objects.select_related("proceso").get(pk=said["etapa"]) if said["etapa"] else None
    carga = load_table(
        str(said["tabla"]),
        data,
        date.fromisoformat(asked["al"]),
        encargo.persona,
        etapa=etapa,
        archivo=asked["archivo"],
        tell=encargo.tell,
    )
    return {"renglones": carga.renglones}


register(Kind(LOAD, _load, refusals=(FileGone,)))
