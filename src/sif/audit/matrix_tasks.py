"""Declare the jobs of the matrix: read an edited one and keep its plan, and write a confirmed plan."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from shutil import copyfileobj

from sif.audit.matrix import Change, Plan, import_matrix, plan_import, read_matrix
from sif.audit.models import Corrida
from sif.audit.services import DecisionRefused
from sif.books.services import open_file
from sif.jobs.files import FileGone, keep, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.models import Usuario
from sif.registry.selectors import may
from sif.values import Problem

PLAN, IMPORT = "matriz_revisar", "matriz_importar"
Rows = list[tuple[int, dict[str, str]]]


def ask_for_plan(corrida: Corrida, sha256: str, by: Usuario) -> Trabajo:
    """Ask for the plan of a kept workbook against a run; it writes nothing. Raises PermissionError."""
    _must_audit(by)
    reference: dict[str, int | str] = {"corrida": corrida.pk, "archivo": sha256}
    return ask(PLAN, f"{by.pk}:{corrida.pk}:{sha256}", reference, by)


def ask_to_import(planned: Trabajo, by: Usuario) -> Trabajo:
    """Ask for what a plan would write, all or none. Raises PermissionError, FileGone."""
    _must_audit(by)
    huella = plan_of(planned).huella
    reference: dict[str, int | str] = {**planned.referencia, "huella": huella}
    return ask(IMPORT, f"{planned.referencia['corrida']}:{huella}", reference, by)


def planned_by(by: Usuario, number: int) -> Trabajo | None:
    """Return the finished plan of that number that the person asked for, or None."""
    return Trabajo.objects.filter(pk=number, tipo=PLAN, persona=by, estado=Trabajo.Estado.HECHO).first()


def plan_of(planned: Trabajo) -> Plan:
    """Return the plan that a job made. Raises FileGone a week after."""
    with open_kept(str(planned.resultado["plan"])) as stream:
        said = json.load(stream)
    changes = tuple(Change(**each) for each in said["cambios"])
    return Plan(said["filas"], changes, tuple(Problem(**each) for each in said["rechazos"]))


def _must_audit(by: Usuario) -> None:
    if not may(by, "auditar"):
        raise PermissionError(f"{by.nombre} no tiene nombramiento de auditoría; la matriz la importa un auditor.")


def _rows(trabajo: Trabajo) -> Rows:
    """Return the rows of the workbook of a job. Raises Refused."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        with open_file(str(trabajo.referencia["archivo"])) as stream:
            copyfileobj(stream, copy)
        copy.flush()
        return read_matrix(Path(copy.name))


def _plan(encargo: Encargo) -> Mapping[str, object]:
    _must_audit(encargo.persona)
    plan = plan_import(Corrida.objects.get(pk=encargo.trabajo.referencia["corrida"]), _rows(encargo.trabajo))
    said = json.dumps(asdict(plan)).encode()
    sha256, _size = keep(lambda stream: stream.write(said))
    return {"plan": sha256}


def _import(encargo: Encargo) -> Mapping[str, object]:
    said, by = encargo.trabajo.referencia, encargo.persona
    _must_audit(by)
    corrida = Corrida.objects.get(pk=said["corrida"])
    return asdict(import_matrix(corrida, _rows(encargo.trabajo), str(said["huella"]), by))


register(Kind(PLAN, _plan, refusals=(FileGone,)))
register(Kind(IMPORT, _import, refusals=(DecisionRefused,)))
