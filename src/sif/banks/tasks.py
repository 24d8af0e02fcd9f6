"""Declare the job that loads a long bank statement."""

import json
from collections.abc import Mapping

from sif.banks.readers import ColumnMap, SheetHint
from sif.banks.services import load_statement, must_capture
from sif.books.services import Handed, read_file, store_file
from sif.jobs.files import FileGone, keep, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.models import CuentaBancaria, Usuario
from sif.sandbox.shapes import plain, rebuilt

LOAD = "estado_cargar"
MOST_BYTES = 512 * 1024
"""Bytes of a statement that a request loads: some 7,000 movements; about a second."""


def ask_to_load(
    cuenta: CuentaBancaria,
    archivo: tuple[str, bytes],
    by: Usuario,
    *,
    mapa: ColumnMap | None = None,
    hint: SheetHint | None = None,
    elegida: str = "",
) -> Trabajo:
    """Ask for the job that loads a statement (name, bytes) as `load_statement` does; the file is kept.

    Raises Refused, PermissionError.
    """
    must_capture(cuenta, by)
    nombre, data = archivo
    told = {"nombre": nombre, "mapa": plain(mapa), "ayuda": plain(hint), "elegida": elegida}
    asked, _size = keep(lambda stream: stream.write(json.dumps(told).encode()))
    sha256 = store_file(data, Handed(cuenta.contabilidad, by)).sha256
    said: dict[str, int | str] = {"cuenta": cuenta.pk, "archivo": sha256, "pedido": asked}
    return ask(LOAD, f"{by.pk}:{cuenta.pk}:{sha256[:32]}:{asked[:32]}", said, by, contabilidad=cuenta.contabilidad)


def _load(encargo: Encargo) -> Mapping[str, object]:
    said = encargo.trabajo.referencia
    cuenta = CuentaBancaria.objects.select_related("contabilidad__etapa", "contabilidad__sujeto").get(pk=said["cuenta"])
    with open_kept(str(said["pedido"])) as stream:
        asked = json.load(stream)
    loaded = load_statement(
        cuenta,
        (asked["nombre"], read_file(str(said["archivo"]))),
        encargo.persona,
        mapa=rebuilt(ColumnMap | None, asked["mapa"]),
        hint=rebuilt(SheetHint | None, asked["ayuda"]),
        elegida=asked["elegida"],
    )
    return {
        "nuevas": loaded.nuevas,
        "conocidas": loaded.conocidas,
        "repetido": loaded.repetido,
        "avisos": [each.as_dict() for each in loaded.avisos],
    }


register(Kind(LOAD, _load, refusals=(FileGone,)))
