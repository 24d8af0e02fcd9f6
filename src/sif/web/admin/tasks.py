"""Kind of job of this desk: load a file of candidacies, whole."""

from collections.abc import Mapping
from typing import Any

from sif.jobs.files import FileGone, keep, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.loading import load_file
from sif.registry.models import Etapa, Usuario
from sif.registry.sujetos import must_administer
from sif.values import Refused

LOAD = "candidaturas_cargar"


def ask_to_load(etapa: Etapa, archivo: str, acuerdo: str, by: Usuario) -> Trabajo:
    """Ask for the job that loads a kept file in a stage. The accord is kept beside it. Raises PermissionError."""
    must_administer(by)
    said, _size = keep(lambda stream: stream.write(acuerdo.encode()))
    referencia: dict[str, int | str] = {"etapa": etapa.pk, "archivo": archivo, "acuerdo": said}
    return ask(LOAD, f"etapa:{etapa.pk}", referencia, by)


def _load(encargo: Encargo) -> Mapping[str, Any]:
    said = encargo.trabajo.referencia
    with open_kept(str(said["archivo"])) as stream, open_kept(str(said["acuerdo"])) as accord:
        data, acuerdo = stream.read(), accord.read().decode()
    etapa = Etapa.objects.select_related("proceso").get(pk=said["etapa"])
    report = load_file(data, etapa, acuerdo, encargo.persona, encargo.tell)
    return {"buenas": report.buenas, "malas": report.malas, "contabilidades": report.contabilidades}


register(Kind(LOAD, _load, refusals=(Refused, FileGone)))
