"""Declare the job that looks through every lens at a snapshot, and keeps what is seen and what is sampled."""

from collections.abc import Mapping

from sif.audit.engine import SnapshotRefused
from sif.audit.lens.services import is_kept, stamp
from sif.audit.lens.services import keep as keep_seen
from sif.audit.models import Instantanea
from sif.audit.services import folder_of, results_folder
from sif.jobs.files import FileGone, keep, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.models import Usuario

LOOK = "indicios_mirar"


def ask_to_look(instantanea: Instantanea, ruta: str, by: Usuario) -> Trabajo:
    """Ask for the job that looks at a snapshot for the page of that address, to which it leads."""
    asked, _size = keep(lambda stream: stream.write(ruta.encode()))
    referencia: dict[str, int | str] = {"instantanea": instantanea.pk, "pedido": asked}
    return ask(LOOK, f"{by.pk}:{instantanea.digest}:{stamp()}", referencia, by)


def page_of(trabajo: Trabajo) -> str:
    """Return the address of the page that waits for a job. Raises FileGone."""
    with open_kept(str(trabajo.referencia["pedido"])) as stream:
        return stream.read().decode()


def _look(encargo: Encargo) -> Mapping[str, object]:
    folder = folder_of(Instantanea.objects.get(pk=encargo.trabajo.referencia["instantanea"]))
    if not is_kept(folder, results_folder()):  # another person may have asked for the same
        keep_seen(folder, results_folder(), encargo.tell)
    return {}


register(Kind(LOOK, _look, refusals=(SnapshotRefused, FileGone), alone=lambda _n: True))
