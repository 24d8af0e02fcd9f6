"""A notification as an oficio makes it, without the rest of its review: the database asks for the act that cites it."""

from datetime import date, datetime
from itertools import count

from sif.notices.models import Notificacion
from sif.notices.services import deliver
from sif.proceedings.models import Documento, Oficio, OficioPropuesto
from sif.registry import clock
from sif.registry.models import Ambito, Etapa
from sif.registry.services import create_etapa, create_proceso
from small_world import World

DIGEST = "ab" * 32
_serial = count(1)


def notified(world: World, vence_el: datetime | None = None) -> Notificacion:
    """Notify the party of a world, by an oficio of a stage of its own."""
    n, moment = next(_serial), clock.now()
    proceso = create_proceso(clave=f"AVISO-{n}", nombre="Proceso", ambito=Ambito.FEDERAL, anio=2024)
    stage = create_etapa(proceso, Etapa.Tipo.CAMPANA, date(2024, 4, 1), date(2024, 5, 30))
    numero = f"SIF/UTF/DA/{n:05d}/2024"
    proposed = OficioPropuesto.objects.create(
        etapa=stage, sujeto=world.party, huella="0" * 64, propuesto_el=moment, propuesto_por=world.stranger
    )
    paper = Documento.objects.create(
        clave=numero, titulo="Oficio", pdf_sha256=DIGEST, docx_sha256=DIGEST, texto_sha256=DIGEST, hecho_el=moment
    )
    note = deliver(world.party, "Oficio", numero, DIGEST, vence_el)
    Oficio.objects.create(
        propuesto=proposed,
        etapa=stage,
        sujeto=world.party,
        numero=numero,
        documento=paper,
        notificado_el=moment,
        vence_el=vence_el or moment,
        emitido_por=world.auditor,
        notificacion=note,
    )
    return note
