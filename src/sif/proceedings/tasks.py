"""Declare the jobs of the acts that draw a document.

Who asks is told at once what the act would refuse; the act asks it again, under its locks, when the job runs.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.proceedings import resolving, services
from sif.proceedings.models import Dictamen, Oficio, Resolucion
from sif.proceedings.second import check_issue_second, issue_second
from sif.registry.models import Etapa, SujetoObligado, Usuario

ISSUE, CLOSE, DRAFT, COUNT = "oficio_emitir", "dictamen_cerrar", "resolucion_proyectar", "votacion_contar"


def ask_to_issue(etapa: Etapa, sujeto: SujetoObligado, by: Usuario, propuesta: int) -> Trabajo:
    """Ask for the job that issues and notifies the oficio of a subject. Raises Refused.

    propuesta: the number of the proposal that the person read, the only one that the job issues.
    """
    services.check_issue(etapa, sujeto, by, propuesta)
    said = {"etapa": etapa.pk, "sujeto": sujeto.pk, "propuesta": propuesta}
    return ask(ISSUE, f"etapa:{etapa.pk}:{sujeto.pk}", said, by)


def ask_to_issue_second(primero: Oficio, by: Usuario, propuesta: int) -> Trabajo:
    """Ask for the job that issues and notifies the second oficio that follows another. Raises Refused.

    propuesta: the number of the proposal that the person read, the only one that the job issues.
    """
    check_issue_second(primero, by, propuesta)
    said = {"primero": primero.pk, "propuesta": propuesta}
    return ask(ISSUE, f"etapa:{primero.etapa_id}:{primero.sujeto_id}", said, by)


def ask_to_close(dictamen: Dictamen, by: Usuario) -> Trabajo:
    """Ask for the job that closes a dictamen. Raises Refused."""
    services.check_close(dictamen, by)
    return ask(CLOSE, f"dictamen:{dictamen.pk}", {"dictamen": dictamen.pk}, by)


def ask_to_draft(dictamen: Dictamen, sesion_el: date, by: Usuario, firmes: Sequence[str] = ()) -> Trabajo:
    """Ask for the job that draws the project of resolución of a dictamen. Raises Refused.

    firmes: the earlier resoluciones that the person knows to be firm.
    """
    resolving.check_draft(dictamen, sesion_el, by)
    said: dict[str, int | str] = {"dictamen": dictamen.pk, "sesion": sesion_el.isoformat(), "firmes": "\n".join(firmes)}
    return ask(DRAFT, f"dictamen:{dictamen.pk}", said, by)


def ask_to_count(resolucion: Resolucion, by: Usuario) -> Trabajo:
    """Ask for the job that counts the votes of a resolución and settles it. Raises Refused."""
    resolving.check_count(resolucion, by)
    return ask(COUNT, f"resolucion:{resolucion.pk}", {"resolucion": resolucion.pk}, by)


def _issue(encargo: Encargo) -> Mapping[str, object]:
    said = encargo.trabajo.referencia
    if "primero" in said:
        primero = Oficio.objects.select_related("etapa", "sujeto").get(pk=said["primero"])
        second = issue_second(primero, encargo.persona, int(said["propuesta"]))
        return {"oficio": second.pk, "numero": second.numero}
    etapa, sujeto = Etapa.objects.get(pk=said["etapa"]), SujetoObligado.objects.get(pk=said["sujeto"])
    made = services.issue_oficio(etapa, sujeto, encargo.persona, int(said.get("propuesta", 0)))
    return {"oficio": made.pk, "numero": made.numero}


def _close(encargo: Encargo) -> Mapping[str, object]:
    dictamen = Dictamen.objects.get(pk=encargo.trabajo.referencia["dictamen"])
    return {"numero": services.close_dictamen(dictamen, encargo.persona).numero}


def _draft(encargo: Encargo) -> Mapping[str, object]:
    said = encargo.trabajo.referencia
    dictamen = Dictamen.objects.get(pk=said["dictamen"])
    made = resolving.draft_resolucion(
        dictamen, date.fromisoformat(str(said["sesion"])), encargo.persona, str(said.get("firmes", "")).splitlines()
    )
    return {"resolucion": made.pk, "numero": made.numero}


def _count(encargo: Encargo) -> Mapping[str, object]:
    resolucion = Resolucion.objects.get(pk=encargo.trabajo.referencia["resolucion"])
    made = resolving.close_vote(resolucion, encargo.persona)
    return {"numero": made.numero, "estado": made.estado}


PIECES: dict[str, Callable[[Encargo], Mapping[str, object]]] = {
    ISSUE: _issue,
    CLOSE: _close,
    DRAFT: _draft,
    COUNT: _count,
}
for clave, piece in PIECES.items():
    register(Kind(clave, piece))
