"""What a sanction rests on: drawn with what nobody read marked, and not voted until two people confirm it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction

from kept import keeps
from proceedings.world import World, at, campaign_of_2024, draft_of_2024, grounded, submitted
from sif.books.services import read_file
from sif.proceedings import resolving
from sif.proceedings.grounds import check_grounds, grounds_of, kept_grounds, to_propose
from sif.proceedings.models import BaseDeSancion, Resolucion, ResolucionSometida, ResolucionVotada, Voto
from sif.proceedings.sanctioning import reckon
from sif.proceedings.selectors import conclusiones_of
from sif.registry import clock, scope
from sif.statutes.confirming import confirm, propose, undo, waiting
from sif.statutes.models import BaseResuelta
from sif.values import Refused

SESSION = "2024-07-22 12:00"
LIMITS = {
    "LGIPE 443.1.f",
    "LGIPE 243.1",
    "LGIPE 229.4",
    "LGIPE 445.1.e",
    "LGIPE 374.1",
    "LGIPE 394.1.c",
    "LGIPE 446.1.h",
}
Drawn = tuple[World, Resolucion]


def _drawn() -> Drawn:
    with scope.everything():
        world = campaign_of_2024()
        world.observacion([world.hallazgo("46,400.00", "CF001")])
        return world, draft_of_2024(world)


@pytest.fixture
@keeps(_drawn)
def drawn(world_of: Any) -> Iterator[Drawn]:
    """The resolución of a party that left an invoice without its XML in the federal campaign of 2024."""
    with scope.everything():
        yield world_of(_drawn)


def _overruns() -> Drawn:
    with scope.everything():
        world = campaign_of_2024()
        for book, outcome in enumerate(("rebase", "rebase_de_nulidad")):
            world.observacion([world.hallazgo("100.00", "TO001", book, resultado=outcome)], criterio="rebase_tope")
        return world, draft_of_2024(world)


@pytest.fixture
@keeps(_overruns)
def overruns(world_of: Any) -> Iterator[Drawn]:
    """The resolución of a party with two books over their cap, the second by five per cent."""
    with scope.everything():
        yield world_of(_overruns)


def as_drawn_for(
    resolucion: Resolucion, tipo: str, etapa: str = "campana", ambito: str = "federal", place: int = 0
) -> dict[str, str]:
    """The bases that the same conclusion would have for another kind of subject, stage or scope."""
    dictamen = resolucion.dictamen
    dictamen.sujeto.tipo, dictamen.etapa.tipo, dictamen.etapa.proceso.ambito = tipo, etapa, ambito
    rows = conclusiones_of(dictamen)
    for row in rows:
        row.dictamen = dictamen
    return {each.clave: each.estatus for each in grounds_of(reckon(dictamen, rows, date(2024, 7, 22))[place])}


def test_a_sanction_says_its_rule_its_figures_its_criterion_and_which_of_them_were_read(drawn: Drawn) -> None:
    found = {each.clave: each.estatus for rows in kept_grounds(drawn[1]).values() for each in rows}
    assert (
        found
        == as_drawn_for(drawn[1], "partido")
        == {
            "regla CF001 LGPP 63.1.a": "confirmado",
            "regla CF001 RF 46.1": "por confirmar",
            "criterio sin_xml 2023-09-01": "por confirmar",
            "cifra uma 2024-02-01": "por confirmar",
            "dia_uma comision 2017-12-20": "por confirmar",
            "sancion partido multa 2023-06-23": "confirmado",
        }
    )


def test_what_was_read_of_parties_and_candidates_is_not_read_of_an_aspirant(drawn: Drawn) -> None:
    found = as_drawn_for(drawn[1], "independiente")
    assert found["regla CF001 LGPP 63.1.a"] == "confirmado", (
        "«los partidos políticos, las coaliciones y los candidatos»"
    )
    assert found["sancion independiente multa 2023-06-23"] == "confirmado"
    found = as_drawn_for(drawn[1], "aspirante", "apoyo_ciudadano")
    assert "regla CF001 LGPP 63.1.a" not in found, "no lo nombra; le queda la base que habla de todos"
    assert found["regla CF001 RF 46.1"] == "por confirmar"


@pytest.mark.parametrize(
    ("tipo", "ambito", "place", "read", "waiting"),
    [
        ("partido", "federal", 0, {"LGIPE 243.1", "LGIPE 443.1.f"}, set()),
        ("partido", "federal", 1, {"LGIPE 243.1", "LGIPE 443.1.f", "CPEUM 41.VI.a", "nulidad 2014-02-11"}, set()),
        ("independiente", "federal", 0, {"LGIPE 394.1.c", "LGIPE 446.1.h"}, set()),
        ("partido", "local", 0, set(), LIMITS),
        ("partido", "local", 1, {"CPEUM 41.VI.a", "nulidad 2014-02-11"}, LIMITS),
    ],
)
def test_an_overrun_rests_on_what_forbids_it_and_only_one_of_five_per_cent_on_the_nullity(
    overruns: Drawn, tipo: str, ambito: str, place: int, read: set[str], waiting: set[str]
) -> None:
    found = as_drawn_for(overruns[1], tipo, ambito=ambito, place=place)
    of_rule = {clave.removeprefix("regla TO001 "): said for clave, said in found.items() if "TO001" in clave}
    assert of_rule == dict.fromkeys(read, "confirmado") | dict.fromkeys(waiting, "por confirmar")


def test_the_excess_of_a_precampaign_rests_on_what_speaks_of_the_precandidate(overruns: Drawn) -> None:
    assert as_drawn_for(overruns[1], "partido", "precampana") == {
        "regla TO001 LGIPE 229.4": "confirmado",
        "regla TO001 LGIPE 445.1.e": "confirmado",
        "sancion precandidatura vista 2023-06-23": "confirmado",
        "vista rebase_tope precampana LGIPE 229.4 2023-06-23": "confirmado",
    }


@pytest.mark.parametrize(("ambito", "read"), [("federal", "confirmado"), ("local", "por confirmar")])
def test_as_much_as_the_excess_of_a_campaign_was_read_of_federal_ones_alone(
    overruns: Drawn, ambito: str, read: str
) -> None:
    assert as_drawn_for(overruns[1], "partido", ambito=ambito)["criterio rebase_tope 2023-06-23"] == read


def test_what_rests_on_unread_law_is_drawn_with_that_marked(drawn: Drawn) -> None:
    text = read_file(drawn[1].proyecto.texto_sha256).decode()
    assert "Fundamento por confirmar. RF 46.1; RF 46.1; " not in text
    assert "Fundamento por confirmar. RF 46.1; LDVUMA 5; TEPJF, jurisprudencia 10/2018." in text
    assert "no puede someterse a votación" in text


def test_it_is_not_put_to_the_vote_and_the_refusal_names_the_articles_and_where_to_confirm(drawn: Drawn) -> None:
    world, resolucion = drawn
    with at(SESSION), pytest.raises(Refused) as refused:
        resolving.put_to_vote(resolucion, world.sofia)
    (problem,) = refused.value.problems
    assert problem.codigo == "BASE_SIN_CONFIRMAR"
    assert (
        "4 bases de ley por confirmar para este caso: RF 46.1; LDVUMA 5; TEPJF, jurisprudencia 10/2018."
        in problem.mensaje
    )
    assert "«Leyes y bases»" in problem.cura
    assert not ResolucionSometida.objects.exists()


def test_nor_does_the_database_let_it(drawn: Drawn) -> None:
    world, resolucion = drawn
    with pytest.raises(Error, match=r"bases de ley por confirmar: LDVUMA 5; RF 46\.1; TEPJF"), transaction.atomic():
        ResolucionSometida.objects.create(resolucion=resolucion, sometida_el=clock.now(), sometida_por=world.sofia)
    with pytest.raises(Error, match="por confirmar"), transaction.atomic():
        Voto.objects.create(
            resolucion=resolucion, consejero=world.consejo[0], sentido="a_favor", emitido_el=clock.now()
        )
    with pytest.raises(Error, match="por confirmar"), transaction.atomic():
        ResolucionVotada.objects.create(
            resolucion=resolucion,
            estado="aprobada",
            documento=resolucion.proyecto,
            votada_el=clock.now(),
            contada_por=world.sofia,
        )


def test_confirmed_by_two_people_it_is_voted_and_its_document_says_who_and_on_what(drawn: Drawn) -> None:
    world, resolucion = drawn
    with at(SESSION):
        grounded(resolucion, world.gloria, world.sofia)
        assert check_grounds(resolucion) == []
        resolving.put_to_vote(resolucion, world.sofia)
        for person in world.consejo:
            resolving.vote(resolucion, person, "a_favor")
        voted = resolving.close_vote(resolucion, world.sofia)
    text = read_file(voted.documento.texto_sha256).decode()
    assert "Fundamento por confirmar" not in text
    assert "Bases confirmadas aquí. RF 46.1; LDVUMA 5; TEPJF, jurisprudencia 10/2018; véase «Bases" in text
    assert "Lo propuso Gloria Neri y lo confirmó Sofía Lara el 22 de julio de 2024" in text
    assert "sin texto cargado de esa ley: DOF del 12 de mayo de 2018" in text


def test_an_act_that_confirms_the_bases_of_several_conclusions_is_told_once(of_2024: World) -> None:
    of_2024.observacion([of_2024.hallazgo("46,400.00", "CF001")])
    of_2024.observacion([of_2024.hallazgo("21,713.90", "RE001")], criterio="registro_extemporaneo")
    resolucion = draft_of_2024(of_2024)
    with at(SESSION):
        submitted(resolucion, of_2024.gloria, of_2024.sofia)
        for person in of_2024.consejo:
            resolving.vote(resolucion, person, "a_favor")
        voted = resolving.close_vote(resolucion, of_2024.sofia)
    text = read_file(voted.documento.texto_sha256).decode()
    assert text.count("Bases confirmadas aquí. ") == 2
    assert text.count("sin texto cargado de esa ley: DOF") == text.count("TEPJF, jurisprudencia 10/2018 |") == 1


def test_what_was_confirmed_for_a_party_is_not_confirmed_for_another_case(drawn: Drawn) -> None:
    world, resolucion = drawn
    other = [replace(each, etapa="precampana") for each in to_propose(resolucion, "DOF")]
    with at(SESSION):
        propose(other, world.gloria)
        confirm(list(waiting()), world.sofia)
        with pytest.raises(Refused, match="4 bases"):
            resolving.put_to_vote(resolucion, world.sofia)
        with pytest.raises(Error, match="por confirmar"), transaction.atomic():
            ResolucionSometida.objects.create(resolucion=resolucion, sometida_el=clock.now(), sometida_por=world.sofia)


def test_without_effect_in_the_middle_nobody_votes_nor_counts(drawn: Drawn) -> None:
    world, resolucion = drawn
    with at(SESSION):
        grounded(resolucion, world.gloria, world.sofia)
        resolving.put_to_vote(resolucion, world.sofia)
        resolving.vote(resolucion, world.consejo[0], "a_favor")
        undo(BaseResuelta.objects.filter(propuesta__articulo="RF 46.1")[0], "El texto dice otra cosa.", world.gloria)
        for act in (
            lambda: resolving.vote(resolucion, world.consejo[1], "a_favor"),
            lambda: resolving.close_vote(resolucion, world.sofia),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert [each.codigo for each in refused.value.problems] == ["BASE_SIN_CONFIRMAR"]
        with pytest.raises(Error, match=r"por confirmar: RF 46\.1"), transaction.atomic():
            Voto.objects.create(
                resolucion=resolucion, consejero=world.consejo[1], sentido="a_favor", emitido_el=clock.now()
            )


def test_a_resolucion_whose_sanctions_say_no_bases_is_not_drawn(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "grounds_of", lambda row: [])
    with scope.everything():
        world = campaign_of_2024()
        world.observacion([world.hallazgo("46,400.00", "CF001")])
        with pytest.raises(Error, match="no dice en qué bases"), transaction.atomic():
            draft_of_2024(world)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_nothing_is_added_to_the_bases_of_a_sanction_afterwards(drawn: Drawn) -> None:
    _world, resolucion = drawn
    kept = BaseDeSancion.objects.filter(sancion__resolucion=resolucion).first()
    assert kept is not None
    with pytest.raises(Error), transaction.atomic():
        BaseDeSancion.objects.filter(pk=kept.pk).update(estatus="confirmado")
