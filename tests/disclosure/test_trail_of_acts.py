"""Each act of a proceeding, from the answer to the publication, leaves its row in the trail: who, what and on what."""

from disclosure.acts import published
from proceedings.world import World, at
from sif.disclosure.publish import propose_withdrawal, withdraw_publicacion
from sif.proceedings import services
from sif.registry.models import Suceso


def test_notice_answer_judgement_vote_count_and_publication_are_in_the_trail(world: World) -> None:
    observacion = world.observacion([world.hallazgo("100,000.00", "TP001")], criterio="rebase_tope")
    oficio = world.oficio()
    with at("2018-07-12 12:00"):
        answer = services.answer(oficio, observacion, "Se aclara.", [], world.alicia)
    dictamen = world.dictamen()
    world.resolucion()
    voted = world.voted(3, 2)
    with at("2018-08-07 12:00"):
        shown = published(world)
        asked = propose_withdrawal(shown, "Lo ordenó una sentencia.", "SUP-RAP-1/2018", world.sofia)
        gone = withdraw_publicacion(asked, world.elena)
    told = set(Suceso.objects.filter(clase="acto").values_list("verbo", "persona", "tipo", "objeto"))
    assert told >= {
        ("notificar", world.elena.pk, "Oficio", oficio.pk),
        ("responder", world.alicia.pk, "Respuesta", answer.pk),
        ("cerrar_dictamen", world.bruno.pk, "Dictamen", dictamen.pk),
        ("someter", world.sofia.pk, "Resolucion", voted.pk),
        ("contar_votos", world.sofia.pk, "Resolucion", voted.pk),
        ("publicar", world.elena.pk, "Publicacion", shown.pk),
        ("proponer_retiro", world.sofia.pk, "RetiroPropuesto", asked.pk),
        ("retirar_publicacion", world.elena.pk, "PublicacionRetirada", gone.pk),
        *(("votar", vote.consejero_id, "Voto", vote.pk) for vote in voted.votos.all()),
    }
    assert len([row for row in told if row[0] == "votar"]) == 5
