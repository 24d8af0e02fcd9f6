"""A basis is confirmed by two people, on words that the loaded law says, for the cases that they say."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from kept import keeps
from proceedings.world import World, campaign_of_2018
from sif.law.articles import Supuesto
from sif.registry import clock, scope
from sif.registry.models import FinNombramiento, Nombramiento
from sif.registry.selectors import ACTS
from sif.registry.services import appoint, create_usuario
from sif.rulebook.citations import every_citation
from sif.statutes.confirming import NewBase, confirm, propose, refuse, undo, waiting, withdraw
from sif.statutes.loading import load_text
from sif.statutes.models import ArticuloDeLey, BasePropuesta, BaseResuelta, BaseSinEfecto
from sif.statutes.selectors import agreed, bases, confirming, in_force, versions
from sif.values import Conflict, Refused
from statutes.texts import as_text

CITED = next(each for each in every_citation("mx") if each.clave == "regla RE001 RF 38.1")
FREE = NewBase(CITED.clave, CITED.huella, motivo="DOF del 22 de agosto de 2023, segunda sección.")
PARTY = Supuesto("partido", "campana", "federal")


@pytest.fixture
@keeps(campaign_of_2018)
def world(world_of: Any) -> Any:
    with scope.everything():
        yield world_of(campaign_of_2018)


def codes(refused: Any) -> list[str]:
    return [problem.codigo for problem in refused.value.problems]


def read(world: World, palabras: str = CITED.cita) -> NewBase:
    """The same basis on the words of a loaded article."""
    texto = load_text("RF", as_text().encode(), date(2023, 8, 22), world.gloria)
    return replace(FREE, leido=ArticuloDeLey.objects.get(texto=texto, numero="38"), palabras=palabras, motivo="")


def state() -> str:
    return next(each.estado for each in bases() if each.cita == CITED)


def test_one_proposes_and_another_confirms(world: World) -> None:
    assert state() == "por_confirmar"
    (made,) = propose([read(world)], world.gloria)
    assert (made.articulo, made.dice) == ("RF 38.1", CITED.cita)
    assert state() == "propuesta"
    assert confirming(CITED.clave, CITED.huella, PARTY, in_force()) is None
    (done,) = confirm([made], world.sofia)
    assert state() == "confirmada"
    assert confirming(CITED.clave, CITED.huella, PARTY, in_force()) == done
    assert confirming(CITED.clave, "0" * 64, PARTY, in_force()) is None, "el programa dice ya otra cosa"


def test_who_proposes_does_not_confirm_nor_refuse_and_only_they_withdraw(world: World) -> None:
    (made,) = propose([FREE], world.gloria)
    for act, code in (
        (lambda: confirm([made], world.gloria), "BASE_DE_DOS_PERSONAS"),
        (lambda: refuse(made, world.gloria), "BASE_PROPIA"),
        (lambda: withdraw(made, world.sofia), "BASE_AJENA"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == [code]
    withdraw(made, world.gloria)
    with pytest.raises(Conflict) as late:
        confirm([made], world.sofia)
    assert codes(late) == ["BASE_YA_RESUELTA"]
    assert state() == "por_confirmar"


@pytest.mark.parametrize(("sentido", "who"), [("confirmada", "gloria"), ("rechazada", "gloria"), ("retirada", "sofia")])
def test_the_database_holds_it_too(world: World, sentido: str, who: str) -> None:
    (made,) = propose([FREE], world.gloria)
    with pytest.raises(Error, match="la retira quien la propuso"), transaction.atomic():
        BaseResuelta.objects.create(
            propuesta=made, sentido=sentido, hecho_el=clock.now(), hecho_por=getattr(world, who)
        )


@pytest.mark.parametrize("who", ["elena", "dario", "alicia", "councillor"])
def test_nor_does_the_database_let_who_has_not_the_function(world: World, who: str) -> None:
    (made,), person = propose([FREE], world.gloria), world.consejo[0] if who == "councillor" else getattr(world, who)
    said = {"clave": made.clave, "huella": made.huella, "articulo": made.articulo, "motivo": "x"}
    done = confirm(propose([replace(FREE, etapa="campana")], world.gloria), world.sofia)
    for write in (
        lambda: BasePropuesta.objects.create(**said, propuesta_el=clock.now(), propuesta_por=person),
        lambda: BaseResuelta.objects.create(
            propuesta=made, sentido="confirmada", hecho_el=clock.now(), hecho_por=person
        ),
        lambda: BaseSinEfecto.objects.create(resuelta=done[0], motivo="x", hecho_el=clock.now(), hecho_por=person),
    ):
        with pytest.raises(Error, match="no tiene ese día la función"), transaction.atomic():
            write()


def test_nor_does_it_let_an_act_be_of_before_what_it_answers(world: World) -> None:
    (made,), earlier = propose([FREE], world.gloria), clock.now() - timedelta(days=1)
    with pytest.raises(Error, match="no es de antes"), transaction.atomic():
        BaseResuelta.objects.create(propuesta=made, sentido="confirmada", hecho_el=earlier, hecho_por=world.sofia)
    (done,) = confirm([made], world.sofia)
    with pytest.raises(Error, match="no es de antes"), transaction.atomic():
        BaseSinEfecto.objects.create(resuelta=done, motivo="x", hecho_el=earlier, hecho_por=world.sofia)


def test_who_lost_the_function_takes_back_what_they_proposed_and_no_more(world: World) -> None:
    made = propose([FREE, replace(FREE, etapa="campana")], world.gloria)
    with scope.registering():
        FinNombramiento.objects.create(
            nombramiento=Nombramiento.objects.get(usuario=world.gloria),
            termina_el=clock.now() - timedelta(hours=1),  # before this transaction began
            motivo="Renunció.",
            hecho_el=clock.now(),
            hecho_por=world.sofia,
        )
    said = {"clave": CITED.clave, "huella": CITED.huella, "articulo": "x", "motivo": "x"}
    earlier = clock.now() - timedelta(days=9)
    with pytest.raises(Error, match="no tiene ese día la función"), transaction.atomic():
        BasePropuesta.objects.create(**said, propuesta_el=earlier, propuesta_por=world.gloria)
    assert withdraw(made[0], world.gloria).sentido == "retirada"


def test_the_database_asks_for_the_functions_that_the_program_asks_for(db: Any) -> None:
    wanted = (
        {"proceedings_voto": "votar"}
        | dict.fromkeys(("proceedings_resolucionsometida", "proceedings_resolucionvotada"), "someter")
        | dict.fromkeys(("statutes_basepropuesta", "statutes_baseresuelta", "statutes_basesinefecto"), "fundamentar")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgfoid = 'sif_guard_funcion'::regproc"
        )
        asked = {
            table: set(re.findall(r"'(\w+)'", made.split("sif_guard_funcion")[1])[2:])
            for table, made in cursor.fetchall()
        }
    assert asked == {table: {str(rol) for rol, acts in ACTS.items() if act in acts} for table, act in wanted.items()}


def test_two_people_are_known_to_be_two(world: World) -> None:
    made, bare = propose([FREE], world.gloria), create_usuario("bruna", "Bruna Lee", "", password_hash="!")
    appoint(bare, "secretaria")
    for act in (lambda: confirm(made, bare), lambda: propose([replace(FREE, etapa="campana")], bare)):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == ["SIN_RFC"]
    with pytest.raises(Error, match="sin RFC"), transaction.atomic():
        BaseResuelta.objects.create(propuesta=made[0], sentido="confirmada", hecho_el=clock.now(), hecho_por=bare)


def test_who_may_not(world: World) -> None:
    made = propose([FREE], world.gloria)
    for person in (world.alicia, world.dario, world.elena, world.consejo[0]):
        for act in (lambda who=person: propose([FREE], who), lambda who=person: confirm(made, who)):
            with pytest.raises(Refused) as refused:
                act()
            assert codes(refused) == ["SIN_ATRIBUCION"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"huella": "0" * 64}, "BASE_DESCONOCIDA"),
        ({"clave": "regla RE999 RF 38.1"}, "BASE_DESCONOCIDA"),
        ({"motivo": " "}, "BASE_SIN_MOTIVO"),
    ],
)
def test_what_is_not_so_is_refused(world: World, change: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        propose([replace(FREE, **change)], world.gloria)
    assert codes(refused) == [code]


def test_where_the_law_is_loaded_its_words_are_needed_and_are_its_own(world: World) -> None:
    words = read(world)
    cases = [
        (FREE, "BASE_SIN_PALABRAS"),
        (replace(words, palabras=""), "BASE_SIN_PALABRAS"),
        (replace(words, palabras=words.palabras.replace("tres", "cinco")), "BASE_OTRAS_PALABRAS"),
    ]
    for base, code in cases:
        with pytest.raises(Refused) as refused:
            propose([base], world.gloria)
        assert codes(refused) == [code]
    assert not BasePropuesta.objects.exists()
    assert propose([words], world.gloria)


def test_the_words_that_agree_are_offered(world: World) -> None:
    words = read(world)
    assert agreed(CITED, versions()) == (words.leido, CITED.cita)
    differs = next(each for each in every_citation("mx") if each.clave == "regla EV001 RF 127.1")
    absent = next(each for each in every_citation("mx") if each.clave == "regla BA001 RF 54.1")
    assert agreed(differs, versions()) is agreed(absent, versions()) is None
    seen = {each.cita.clave: each.texto for each in bases()}
    assert (seen[CITED.clave], seen[differs.clave], seen[absent.clave]) == ("coincide", "difiere", "no_hallada")
    assert seen["regla CF003 CFF 29"] == ""


def test_it_is_confirmed_for_the_cases_that_the_act_says(world: World) -> None:
    confirm(propose([replace(FREE, sujeto="partido", etapa="campana")], world.gloria), world.sofia)
    answers = {
        case: confirming(CITED.clave, CITED.huella, case, in_force()) is not None
        for case in (
            PARTY,
            replace(PARTY, ambito="local"),
            replace(PARTY, etapa="ordinario"),
            replace(PARTY, sujeto="independiente"),
        )
    }
    assert list(answers.values()) == [True, True, False, False]


def test_twice_is_once(world: World) -> None:
    made = propose([FREE], world.gloria)
    assert propose([FREE], world.sofia) == []
    confirm(made, world.sofia)
    assert propose([FREE], world.gloria) == []
    assert list(waiting()) == []
    assert len(propose([replace(FREE, ambito="local")], world.gloria)) == 1


def test_without_effect_it_is_to_be_confirmed_again(world: World) -> None:
    (done,) = confirm(propose([FREE], world.gloria), world.sofia)
    with pytest.raises(Refused) as refused:
        undo(done, " ", world.gloria)
    assert codes(refused) == ["BASE_SIN_MOTIVO"]
    undo(done, "Se reformó el 1 de septiembre.", world.gloria)
    assert state() == "por_confirmar"
    with pytest.raises(Conflict):
        undo(done, "Otra vez.", world.sofia)
    assert propose([FREE], world.gloria)


def test_what_was_not_confirmed_does_not_lose_its_effect(world: World) -> None:
    refused = refuse(propose([FREE], world.gloria)[0], world.sofia)
    with pytest.raises(Conflict):
        undo(refused, "Otra cosa.", world.sofia)
    with pytest.raises(Error, match="no estaba confirmada"), transaction.atomic():
        BaseSinEfecto.objects.create(resuelta=refused, motivo="Otra cosa.", hecho_el=clock.now(), hecho_por=world.sofia)
