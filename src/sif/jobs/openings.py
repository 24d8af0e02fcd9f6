"""Declare the job that opens a file for which a page did not wait."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sif.jobs.files import FileGone, keep, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.models import Usuario
from sif.registry.opening import finish

OPEN = "archivo_abrir"
MOST = 8
"""Openings that one person waits for at once: the bytes of each are kept meanwhile."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page that waits for a file: its address, and whether the file came in a form that must be sent again."""

    ruta: str
    formulario: bool


def ask_to_open(apertura: str, page: Page, by: Usuario) -> Trabajo:
    """Ask for the job that finishes an opening that `registry.opening` keeps, for a page of this person."""
    said = json.dumps(asdict(page), sort_keys=True)
    sha256, _size = keep(lambda stream: stream.write(said.encode()))
    return ask(OPEN, job_key(apertura, by), {"apertura": apertura, "pedido": sha256}, by)


def job_key(apertura: str, by: Usuario) -> str:
    """Return the name of the work of opening a file for a person."""
    return f"{by.pk}:{apertura}"


def last_asked(apertura: str, by: Usuario) -> Trabajo | None:
    """Return the last job that this person asked for of an opening."""
    return Trabajo.objects.filter(tipo=OPEN, clave=job_key(apertura, by), persona=by).order_by("-pk").first()


def page_of(trabajo: Trabajo) -> Page:
    """Return the page that waits for a job. Raises FileGone."""
    with open_kept(str(trabajo.referencia["pedido"])) as stream:
        return Page(**json.load(stream))


def _open(encargo: Encargo) -> Mapping[str, object]:
    try:
        finish(str(encargo.trabajo.referencia["apertura"]))
    except FileNotFoundError as gone:
        raise FileGone from gone
    return {}


register(Kind(OPEN, _open, refusals=(FileGone,), alone=lambda _n: True, most=MOST))
