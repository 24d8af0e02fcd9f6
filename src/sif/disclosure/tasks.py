"""Declare the jobs that propose and execute a publication, and tell whom an act of two people waits for."""

from collections.abc import Mapping

from procrastinate.contrib.django import app

from sif.disclosure import history_tasks as history_tasks  # a worker reads `tasks` alone: importing declares its kind
from sif.disclosure.models import PublicacionPropuesta
from sif.disclosure.publish import propose_publicacion, publish_etapa, refuse_unvoted, require_publisher
from sif.disclosure.two_people import tell_both
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.models import Etapa, Usuario

PROPOSE, PUBLISH = "publicacion_proponer", "publicacion_publicar"


def ask_to_propose(etapa: Etapa, by: Usuario, *, without_vote: bool = False) -> Trabajo:
    """Ask for the job that proposes the figures of a stage.

    Raises Refused for who does not publish, and where nothing was voted unless told that it is known.
    """
    require_publisher(etapa, by)
    if not without_vote:
        refuse_unvoted(etapa)
    return ask(PROPOSE, f"etapa:{etapa.pk}", {"etapa": etapa.pk, "sin_voto": without_vote}, by)


def ask_to_publish(propuesta: PublicacionPropuesta, by: Usuario) -> Trabajo:
    """Ask for the job that publishes a proposal. Raises Refused for who does not publish."""
    require_publisher(propuesta.etapa, by)
    return ask(PUBLISH, f"propuesta:{propuesta.pk}", {"propuesta": propuesta.pk}, by)


def _propose(encargo: Encargo) -> Mapping[str, object]:
    etapa = Etapa.objects.get(pk=encargo.trabajo.referencia["etapa"])
    known = bool(encargo.trabajo.referencia.get("sin_voto"))
    return {"propuesta": propose_publicacion(etapa, encargo.persona, without_vote=known).pk}


def _publish(encargo: Encargo) -> Mapping[str, object]:
    proposed = PublicacionPropuesta.objects.get(pk=encargo.trabajo.referencia["propuesta"])
    return {"publicacion": publish_etapa(proposed, encargo.persona).pk}


register(Kind(PROPOSE, _propose))
register(Kind(PUBLISH, _publish))


@app.periodic(cron="*/10 * * * *")
@app.task(name="sif.dos_personas", queueing_lock="sif.dos_personas")
def tell_of_two(timestamp: int) -> None:
    """Queue the letters of acts that wait or were resolved; nothing is done where no mail is configured."""
    tell_both()
