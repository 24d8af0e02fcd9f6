"""Declare the job that freezes a stage, evaluates every rule and keeps the run."""

from collections.abc import Callable, Mapping
from datetime import date

from sif.audit import lens_tasks as lens_tasks  # a worker reads `tasks` alone: importing declares its kinds
from sif.audit import mass_tasks as mass_tasks
from sif.audit import matrix_tasks as matrix_tasks
from sif.audit import preflight_tasks as preflight_tasks
from sif.audit import tables_tasks as tables_tasks
from sif.audit.engine import RunFailed, SnapshotRefused
from sif.audit.models import Instantanea
from sif.audit.results import EngineMissing, Progress
from sif.audit.services import freeze, judge, rules_of, run
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.selectors import open_job
from sif.jobs.services import ask
from sif.registry import clock
from sif.registry.models import Etapa, Usuario
from sif.registry.selectors import may

AUDIT = "auditoria"
FREEZE, JUDGE, KEEP = 1, 2, 3
"""Pieces. Snapshots and judged rules are files named by digest, so that the first two change nothing when repeated."""


def ask_for_audit(etapa: Etapa, by: Usuario) -> Trabajo:
    """Ask for an audit of a stage as it stands today; of each stage one is open at a time. Raises PermissionError."""
    _must_audit(by)
    return ask(AUDIT, _key(etapa), {"etapa": etapa.pk, "corte": clock.today().isoformat()}, by)


def open_audit(etapa: Etapa) -> Trabajo | None:
    """Return the audit of a stage that waits or runs, if one does."""
    return open_job((AUDIT,), _key(etapa))


def _key(etapa: Etapa) -> str:
    return f"etapa:{etapa.pk}"


def _must_audit(by: Usuario) -> None:
    """Raise PermissionError unless the person audits."""
    if not may(by, "auditar"):
        raise PermissionError(f"{by.nombre} no tiene nombramiento de auditoría; correr el reglamento es de un auditor.")


def _piece(encargo: Encargo) -> Mapping[str, object]:
    _must_audit(encargo.persona)
    said = encargo.trabajo.referencia
    etapa = Etapa.objects.select_related("proceso").get(pk=said["etapa"])
    if encargo.n == FREEZE:
        return {"instantanea": freeze(etapa, date.fromisoformat(str(said["corte"]))).pk}
    frozen = encargo.trabajo.piezas.get(n=FREEZE).resultado["instantanea"]
    instantanea, rules = Instantanea.objects.select_related("etapa").get(pk=frozen), rules_of(etapa)
    if encargo.n == JUDGE:
        return {"reglas": len(judge(instantanea, rules, tell=_told(encargo)))}
    corrida = run(instantanea, rules)
    return {
        "corrida": corrida.pk,
        "reglas": len(rules),
        "hallazgos": corrida.hallazgos.filter(estado="hallazgo").count(),
    }


def _told(encargo: Encargo) -> Callable[[Progress], None]:
    """Tell how many rules were judged, which is also where a cancelled run stops."""
    done = [0]

    def tell(progress: Progress) -> None:
        if progress.what == "regla":
            done[0] += 1
            encargo.tell(done[0])

    return tell


register(
    Kind(
        AUDIT,
        _piece,
        pieces=lambda _trabajo: KEEP,
        alone=lambda n: n != KEEP,
        refusals=(SnapshotRefused, RunFailed, EngineMissing),
    )
)
