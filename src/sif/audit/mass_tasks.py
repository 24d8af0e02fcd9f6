"""Declare the job that decides or shares out a whole filter of hallazgos, exactly as it was previewed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import batched, groupby
from typing import Any

from django.db import connection

from sif.audit.models import Hallazgo, Propuesta
from sif.audit.review import assign, check_may, confirm, propose, send_back
from sif.audit.services import DecisionRefused
from sif.jobs.files import FileGone, keep, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.locks import lock_sujetos
from sif.registry.models import Usuario

MASS = "hallazgos_masa"
AT_ONCE = 2_000  # hallazgos read and written between two words of progress
CONFIRM, SEND_BACK, ASSIGN = "confirmar", "devolver", "asignar"


@dataclass(frozen=True, slots=True)
class Mass:
    """A request to act on many hallazgos: the act, its reason, and the numbers of the hallazgos.

    To confirm and to send back, the numbers are of proposals. asignado: the number of the assigned person, None for
    nobody.
    """

    acto: str
    motivo: str
    numeros: Sequence[int]
    asignado: int | None = None


def keep_mass(mass: Mass) -> str:
    """Keep what was looked at, as a file of jobs; returns its digest."""
    said = json.dumps(asdict(mass), ensure_ascii=False).encode()
    return keep(lambda stream: stream.write(said))[0]


def ask_for_mass(sha256: str, by: Usuario) -> Trabajo:
    """Ask for the job that writes what was kept, in the name of the person. Raises DecisionRefused, FileGone."""
    mass = _kept(sha256)
    check_may(by, mass.acto)
    return ask(MASS, f"{by.pk}:{sha256}", {"pedido": sha256}, by)


def mass_of(trabajo: Trabajo) -> Mass:
    """Read the request over many hallazgos that a job carries out.

    Raises FileGone.
    """
    return _kept(str(trabajo.referencia["pedido"]))


def _kept(sha256: str) -> Mass:
    with open_kept(sha256) as stream:
        return Mass(**json.load(stream))


def _write(encargo: Encargo) -> Mapping[str, object]:
    """Write all of it in the transaction of the piece, some at a time, with every subject locked before the first."""
    mass, by = mass_of(encargo.trabajo), encargo.persona
    check_may(by, mass.acto)
    with connection.cursor() as cursor:  # the guards of tables that grow by thousands here are not planned for few rows
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    if mass.acto in (CONFIRM, SEND_BACK):
        return _resolve(encargo, mass)
    lock_sujetos(Hallazgo.objects.filter(pk__in=mass.numeros).values_list("contabilidad__sujeto_id", flat=True))
    who = Usuario.objects.filter(pk=mass.asignado or 0).first()
    seen = done = 0
    for few in batched(mass.numeros, AT_ONCE):
        rows = list(Hallazgo.objects.filter(pk__in=few).defer("fila", "parametros"))
        done += assign(rows, who, by) if mass.acto == ASSIGN else len(propose(rows, mass.acto, mass.motivo, by))
        seen += len(few)
        encargo.tell(seen)
    return {"acto": mass.acto, "cuantos": done, "asignado": mass.asignado}


def _resolve(encargo: Encargo, mass: Mass) -> Mapping[str, object]:
    """Confirm or send back proposals; those that make one observación are confirmed together."""
    asked, by = Propuesta.objects.filter(pk__in=mass.numeros), encargo.persona
    lock_sujetos(asked.values_list("asunto__contabilidad__sujeto_id", flat=True))
    seen = made = joined = dropped = 0
    for few in _batches(asked):
        rows = list(Propuesta.objects.filter(pk__in=few))
        if mass.acto == SEND_BACK:
            send_back(rows, mass.motivo, by)
        else:
            done = confirm(rows, by, mass.motivo)
            made, joined, dropped = made + len(done.observaciones), joined + done.unidos, dropped + done.desechados
        seen += len(few)
        encargo.tell(seen)
    return {"acto": mass.acto, "cuantos": seen, "observaciones": made, "unidos": joined, "desechados": dropped}


def _batches(asked: Any) -> Iterator[list[int]]:
    """Yield the numbers of proposals, by subject, rule, result, decision and reason; what these join is never cut."""
    names = ("hallazgo__contabilidad__sujeto_id", "hallazgo__regla", "hallazgo__resultado", "decision", "motivo")
    few: list[int] = []
    for _key, members in groupby(asked.order_by(*names, "pk").values_list(*names, "pk"), key=lambda row: row[:-1]):
        together = [row[-1] for row in members]
        if few and len(few) + len(together) > AT_ONCE:
            yield few
            few = []
        few += together
    if few:
        yield few


register(Kind(MASS, _write, refusals=(DecisionRefused, FileGone)))
