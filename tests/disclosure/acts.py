"""The act of publication for tests: Sofía proposes a stage and Elena publishes it."""

from proceedings.world import World
from sif.disclosure.models import Publicacion
from sif.disclosure.publish import propose_publicacion, publish_etapa


def published(world: World) -> Publicacion:
    """Publish the stage of a world with the figures of now."""
    return publish_etapa(propose_publicacion(world.etapa, world.sofia, without_vote=True), world.elena)
