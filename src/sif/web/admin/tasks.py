"""Declare the jobs of this desk: load a file of candidacies, and fix the caps of another, each whole."""

import json
from collections.abc import Collection, Mapping

from sif.jobs.files import FileGone, keep, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.candidaturas import columns_in_effect
from sif.registry.file_columns import heads_of
from sif.registry.loading import load_file
from sif.registry.models import Etapa, Usuario
from sif.registry.sujetos import must_administer
from sif.registry.topes import fix_topes
from sif.values import refusal

LOAD = "candidaturas_cargar"
FIX = "topes_fijar"


def ask_to_load(etapa: Etapa, archivo: str, acuerdo: str, by: Usuario, fuera: Collection[str] = ()) -> Trabajo:
    """Ask for the job that loads a kept file in a stage, but for the names left out. Raises PermissionError.

    What was said, the accord, those names and what each column is, is kept beside the file.
    """
    must_administer(by)
    with open_kept(archivo) as stream:
        columns = columns_in_effect(heads_of(stream.read()))
    words = json.dumps({"acuerdo": acuerdo, "fuera": sorted(fuera), "columnas": columns}, sort_keys=True)
    said, _size = keep(lambda stream: stream.write(words.encode()))
    referencia: dict[str, int | str] = {"etapa": etapa.pk, "archivo": archivo, "dicho": said}
    return ask(LOAD, f"{etapa.pk}:{archivo[:32]}:{said[:32]}", referencia, by)


def _load(encargo: Encargo) -> Mapping[str, object]:
    said = encargo.trabajo.referencia
    with open_kept(str(said["archivo"])) as stream, open_kept(str(said["dicho"])) as words:
        data, asked = stream.read(), json.loads(words.read())
    if columns_in_effect(heads_of(data)) != asked["columnas"]:
        told = "Después de pedir la carga alguien dijo otra cosa de sus columnas."
        raise refusal("columnas", "archivo", told, "Vea el archivo otra vez y cárguelo.")
    etapa = Etapa.objects.select_related("proceso").get(pk=said["etapa"])
    report = load_file(data, etapa, asked["acuerdo"], encargo.persona, encargo.tell, asked["fuera"])
    return {"buenas": report.buenas, "malas": report.malas, "contabilidades": report.contabilidades}


def ask_to_fix(etapa: Etapa, archivo: str, acuerdo: str, by: Usuario) -> Trabajo:
    """Ask for the job that fixes the caps of a kept file by an accord, all or none. Raises PermissionError."""
    must_administer(by)
    said, _size = keep(lambda stream: stream.write(acuerdo.encode()))
    referencia: dict[str, int | str] = {"etapa": etapa.pk, "archivo": archivo, "dicho": said}
    return ask(FIX, f"{etapa.pk}:{archivo[:32]}:{said[:32]}", referencia, by)


def _fix(encargo: Encargo) -> Mapping[str, object]:
    said = encargo.trabajo.referencia
    with open_kept(str(said["archivo"])) as stream, open_kept(str(said["dicho"])) as words:
        data, acuerdo = stream.read(), words.read().decode()
    etapa = Etapa.objects.select_related("proceso").get(pk=said["etapa"])
    return {"contabilidades": fix_topes(data, etapa, acuerdo, encargo.persona)}


register(Kind(LOAD, _load, refusals=(FileGone,)))
register(Kind(FIX, _fix, refusals=(FileGone,)))
