"""A stage is closed by two people once nothing of it is open, takes nothing more, and is reopened by an accord."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from proceedings.world import World, at, campaign_of_2018
from rfcs import new_rfc
from runs import new_run
from sif.audit.models import Propuesta
from sif.audit.review import confirm, leave_without_effect, propose, reword
from sif.audit.services import DecisionRefused, adopt, dismiss, rules_of
from sif.filing.lacking import reports_of_stage as asked
from sif.proceedings import closing, resolving, selectors
from sif.proceedings.closing import (
    OpenThing,
    carry_out,
    propose_closing,
    propose_reopening,
    refuse_closing,
    waiting_closing,
    what_is_open,
    withdraw_closing,
)
from sif.proceedings.models import Dictamen, Resolucion
from sif.proceedings.proposing import propose_oficio
from sif.proceedings.services import close_conclusion, close_dictamen, issue_oficio, open_dictamen
from sif.registry import clock
from sif.registry.closed import closing_act
from sif.registry.invitations import invite
from sif.registry.invited import InvitationRefused, Invited
from sif.registry.loading import load_rows
from sif.registry.models import CierrePropuesto, CierreResuelto, Contabilidad, Nombramiento, Usuario, Ventana
from sif.registry.moving import MovingAccord, check_days, days_of
from sif.registry.nominating import NewCandidacy, open_books, register_candidacy
from sif.registry.scope import everything, registering
from sif.registry.services import appoint, create_usuario
from sif.registry.topes import fix_topes
from sif.values import Conflict, Refused

pytestmark = pytest.mark.django_db
AFTER = "2018-09-03 10:00"


@pytest.fixture
def world() -> Iterator[World]:
    """A campaign with every book in sight."""
    made = campaign_of_2018()
    with everything():
        yield made


@pytest.fixture
def two(world: World) -> tuple[Usuario, Usuario]:
    """Two people who administer."""
    return administrators()


def administrators() -> tuple[Usuario, Usuario]:
    found = []
    for name in ("olga", "raul"):
        person = create_usuario(name, name.title(), None, rfc=new_rfc())
        appoint(person, Nombramiento.Rol.ADMINISTRADOR, desde=date(2018, 1, 1))
        found.append(person)
    return found[0], found[1]


OMITTED = "informe_omitido"


def omissions(world: World, *books: int) -> None:
    """Observe every report that some books of the party did not present."""
    found = [
        world.hallazgo("0.00", "IN001", book, resultado="omitido", periodo_id=period.pk)
        for book in books
        for period in world.etapa.periodos.order_by("numero")
    ]
    world.observacion(found, criterio=OMITTED, titulo="Informe omitido")


def ruled(world: World) -> None:
    """Close the dictamen: what was omitted without effects, which no criterion of 2018 sanctions, and the rest not."""
    with at("2018-07-20 12:00"):
        dictamen = open_dictamen(world.etapa, world.partido, world.elena)
        for row in selectors.conclusiones_of(dictamen):
            world.judge(row, "sin_efectos" if row.criterio == OMITTED else "no_atendida")
            close_conclusion(row, world.elena)
        close_dictamen(dictamen, world.bruno)


def reviewed(world: World, in_favour: int = 4, *books: int) -> None:
    """Carry an observation to its vote, with the reports that books did not present: all of them unless told."""
    world.observacion([world.hallazgo("50,000.00", "TP001")], criterio="rebase_tope")
    omissions(world, *(books or (0, 1)))
    world.oficio()
    ruled(world)
    world.resolucion()
    world.voted(in_favour, 5 - in_favour)


@pytest.fixture
def presented(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every report presented in time."""
    monkeypatch.setattr(
        closing, "reports_of_stage", lambda etapa: [replace(each, faltan=each.faltan.none()) for each in asked(etapa)]
    )


def kinds(world: World) -> list[str]:
    return list(dict.fromkeys(each.clase for each in what_is_open(world.etapa)[0]))


def test_each_thing_open_is_named_until_the_review_ends(world: World) -> None:
    with at("2018-05-02 10:00"):
        assert kinds(world) == ["etapa", "ventana", "informe", "sin_revisar"]
    with at("2018-07-05 10:00"):
        [*reports] = what_is_open(world.etapa)[0]
        assert {each.clase for each in reports} == {"informe", "sin_revisar"}
        assert "Marisol Arce Núñez (8802)" in reports[0].nombre and reports[0].sujeto == world.partido
        world.observacion([world.hallazgo("50,000.00", "TP001")], criterio="rebase_tope")
        assert kinds(world) == ["informe", "sin_revisar", "observacion"]
        propose_oficio(world.etapa, world.partido, world.dario)
        assert kinds(world) == ["informe", "sin_revisar", "observacion", "oficio_propuesto"]
    with at("2018-07-10 12:00"):
        oficio = issue_oficio(world.etapa, world.partido, world.elena)
    with at("2018-07-11 10:00"):
        assert kinds(world) == ["ventana", "informe", "oficio"]  # the answer runs, and its window of correction
    with at("2018-07-19 10:00"):
        assert kinds(world) == ["informe", "sin_dictamen"]
        assert what_is_open(world.etapa)[0][-1].pk == oficio.pk
    with at("2018-07-20 09:00"):
        open_dictamen(world.etapa, world.partido, world.elena)
        assert kinds(world)[-1] == "dictamen"


def test_reports_are_counted_and_only_the_first_are_read(world: World) -> None:
    with at("2018-07-05 10:00"):
        whole, counted = what_is_open(world.etapa)
        assert counted == Counter(each.clase for each in whole) and counted["informe"] > 2
        few, told = what_is_open(world.etapa, most=2)
        reports = [each for each in whole if each.clase == "informe"]
        assert told == counted and [each for each in few if each.clase == "informe"] == reports[:2]


def test_an_omission_is_owed_until_its_resolucion_is_approved(world: World) -> None:
    world.observacion([world.hallazgo("50,000.00", "TP001")], criterio="rebase_tope")
    omissions(world, 0, 1)
    world.oficio()
    ruled(world)
    with at("2018-07-21 10:00"):
        assert kinds(world) == ["informe", "sin_resolucion"]
    world.resolucion()
    with at("2018-07-26 10:00"):
        assert kinds(world) == ["informe", "resolucion"]
    world.voted(4, 1)
    with at(AFTER):
        assert what_is_open(world.etapa)[0] == []


def test_who_presented_all_is_reviewed_before_the_stage_closes(
    world: World, two: tuple[Usuario, Usuario], presented: None
) -> None:
    with at(AFTER):
        [thing] = what_is_open(world.etapa)[0]
        assert (thing.clase, thing.sujeto) == ("sin_revisar", world.partido)
        with pytest.raises(Refused, match="1 sujeto sin dictamen: PAZ"):
            propose_closing(world.etapa, "", "", two[0])
        open_dictamen(world.etapa, world.partido, world.elena)  # nobody closed the stage before they could


def test_a_dictamen_without_conclusions_goes_to_the_council_too(
    world: World, two: tuple[Usuario, Usuario], presented: None
) -> None:
    ruled(world)
    with at("2018-07-21 10:00"):
        assert kinds(world) == ["sin_resolucion"]
    world.resolucion()
    with at("2018-08-06 12:00"):
        made = Resolucion.objects.get()
        resolving.put_to_vote(made, world.sofia)
        for person in world.consejo:
            resolving.vote(made, person, "a_favor")
        resolving.close_vote(made, world.sofia)
    with at(AFTER):
        assert what_is_open(world.etapa)[0] == [] and not Dictamen.objects.get().conclusiones.exists()


def test_a_rejected_resolucion_decides_nothing(world: World) -> None:
    reviewed(world, 1)
    with at(AFTER):
        assert kinds(world) == ["informe", "rechazada"]


def test_a_resolucion_judges_only_the_omissions_that_it_names(world: World) -> None:
    reviewed(world, 4, 0)
    with at(AFTER):
        assert kinds(world) == ["informe"]
        assert {each.pk for each in what_is_open(world.etapa)[0]} == {world.contabilidades[1].pk}


def let_go(world: World, how: str, resultado: str = "omitido") -> None:
    """Review everything but the reports that the second books did not present, which go no further."""
    with at("2018-07-05 12:00"):
        for period in world.etapa.periodos.order_by("numero"):
            found = world.hallazgo("0.00", "IN001", 1, resultado=resultado, periodo_id=period.pk)
            if how == "desechado":
                dismiss(found, "Se canceló su registro antes del periodo.", world.dario)
            else:
                leave_without_effect(world.observacion([found], criterio=OMITTED), "No procede.", world.elena)
    reviewed(world, 4, 0)


@pytest.mark.parametrize("how", ["desechado", "sin_efecto"])
def test_an_omission_that_was_let_go_is_owed_no_more(world: World, how: str) -> None:
    let_go(world, how)
    with at(AFTER):
        assert what_is_open(world.etapa)[0] == []


def test_what_is_let_go_of_a_late_report_is_no_omission(world: World) -> None:
    let_go(world, "desechado", "extemporaneo")
    with at(AFTER):
        assert kinds(world) == ["informe"]


def test_the_days_to_appeal_keep_the_stage_open(world: World) -> None:
    reviewed(world)
    with at("2018-08-10 23:00"):
        [thing] = what_is_open(world.etapa)[0]
        assert thing.clase == "impugnacion" and thing.vence_el is not None
        last = thing.vence_el
    with clock.at(last):
        assert kinds(world) == ["impugnacion"]
    with at(AFTER):
        assert last < clock.now() and what_is_open(world.etapa)[0] == []


def test_hallazgos_that_nobody_decided_are_one_thing_with_their_number(world: World) -> None:
    reviewed(world)
    for _each in range(3):
        world.hallazgo("100.00")
    with at(AFTER):
        [thing] = what_is_open(world.etapa)[0]
        assert (thing.clase, thing.nombre) == ("hallazgos", "3 hallazgos de la última corrida")


def test_a_later_run_of_some_rules_hides_nothing_of_the_one_before(world: World) -> None:
    reviewed(world)
    world.hallazgo("100.00")  # of CF001
    some = [rule for rule in rules_of(world.etapa) if rule.id != "CF001"]
    with at(AFTER):
        later = replace(world, corrida=new_run(world.etapa, "2" * 64, rules=some[:2]))
        again = later.hallazgo("7.00", some[0].id)
        told = [(each.nombre, each.pk) for each in what_is_open(world.etapa)[0]]
        day = world.corrida.instantanea.corte_el
        assert told == [
            ("1 hallazgo de la última corrida", later.corrida.pk),
            (
                f"1 hallazgo de la corrida al {day:%d/%m/%Y}, de reglas que la última no preguntó: pídala de todas",
                world.corrida.pk,
            ),
        ]
        dismiss(again, "No procede.", world.dario)
        new_run(world.etapa, "3" * 64, rules=rules_of(world.etapa))  # which finds nothing
        assert what_is_open(world.etapa)[0] == []


def test_of_an_observacion_worded_again_only_the_version_in_force_is_notified(world: World) -> None:
    with at("2018-07-05 12:00"):
        found = world.hallazgo("50.00")
        adopt([found], world.dario)
        proposal = reword(found, "Otras palabras.", world.dario)
        assert isinstance(proposal, Propuesta)
        confirm([proposal], world.elena)
    world.oficio()
    with at("2018-07-11 12:00"):
        assert not [each for each in what_is_open(world.etapa)[0] if each.clase == "observacion"]


def test_what_a_room_above_finds_open_keeps_the_stage_open(world: World, two: tuple[Usuario, Usuario]) -> None:
    reviewed(world)
    seen = OpenThing("sin_publicar", "SIF/CG001/2018", world.partido, 1)
    with at(AFTER):
        with pytest.raises(Refused, match="1 resolución aprobada sin publicar: SIF/CG001/2018"):
            propose_closing(world.etapa, "", "", two[0], lambda _etapa: [seen])
        waits = propose_closing(world.etapa, "", "", two[0])
        with pytest.raises(Refused, match="sin publicar"):
            carry_out(waits, two[1], lambda _etapa: [seen])
        assert what_is_open(world.etapa, lambda _etapa: [seen])[0] == [seen]


def test_a_stage_with_things_open_is_not_closed(world: World, two: tuple[Usuario, Usuario]) -> None:
    with at("2018-07-21 10:00"), pytest.raises(Refused) as refused:
        propose_closing(world.etapa, "", "", two[0])
    problem, other = refused.value.problems
    assert problem.codigo == "informe" and "informes debidos" in problem.mensaje and other.codigo == "sin_revisar"
    assert " y " in problem.mensaje and "más." in problem.mensaje
    assert not CierrePropuesto.objects.exists()


def test_one_proposes_and_another_closes(world: World, two: tuple[Usuario, Usuario]) -> None:
    ana, luis = two
    reviewed(world)
    with at(AFTER):
        proposed = propose_closing(world.etapa, "INE/CG1/2018", "", ana)
        assert closing_act(world.etapa) is None and waiting_closing(world.etapa) == proposed
        with pytest.raises(Refused, match="Ya espera otra propuesta"):
            propose_closing(world.etapa, "", "", luis)
        with pytest.raises(PermissionError):
            carry_out(proposed, ana)
        with pytest.raises(PermissionError):
            carry_out(proposed, world.sofia)
        act = carry_out(proposed, luis)
        assert closing_act(world.etapa) == act and act.hecho_por == luis
        with pytest.raises(Conflict):
            carry_out(proposed, luis)
        with pytest.raises(Refused, match="se cerró"):
            propose_closing(world.etapa, "", "", ana)


def test_what_was_opened_meanwhile_keeps_it_open(
    world: World, two: tuple[Usuario, Usuario], monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed(world)
    with at(AFTER):
        proposed = propose_closing(world.etapa, "", "", two[0])
        world.observacion([world.hallazgo("1,000.00")])
        with pytest.raises(Refused, match="1 observación sin notificar"):
            carry_out(proposed, two[1])
        assert closing_act(world.etapa) is None


def test_a_proposal_is_refused_by_another_and_withdrawn_by_its_author(
    world: World, two: tuple[Usuario, Usuario]
) -> None:
    ana, luis = two
    reviewed(world)
    with at(AFTER):
        first = propose_closing(world.etapa, "", "", ana)
        with pytest.raises(PermissionError, match="retírelo"):
            refuse_closing(first, "Falta publicar.", ana)
        with pytest.raises(Refused, match="motivo"):
            refuse_closing(first, " ", luis)
        assert refuse_closing(first, "Falta publicar.", luis).motivo == "Falta publicar."
        second = propose_closing(world.etapa, "", "", ana)
        with pytest.raises(PermissionError, match="otra persona"):
            withdraw_closing(second, luis)
        withdraw_closing(second, ana)
        assert waiting_closing(world.etapa) is None and closing_act(world.etapa) is None


def closed(world: World, two: tuple[Usuario, Usuario]) -> CierreResuelto:
    reviewed(world)
    with at(AFTER):
        return carry_out(propose_closing(world.etapa, "", "", two[0]), two[1])


def test_a_closed_stage_takes_nothing_more(world: World, two: tuple[Usuario, Usuario]) -> None:
    closed(world, two)
    ana, etapa = two[0], world.etapa
    new = NewCandidacy(world.otro, "Ana Luna", "DIPUTACION FEDERAL MR", "MEX", "12")
    accord = MovingAccord("A/1", date(2018, 4, 20), "Amplía los días.")
    acts: dict[str, Any] = {
        "candidacy": lambda: register_candidacy(etapa, new, ana),
        "books": lambda: open_books(etapa, world.otro, Contabilidad.Clase.CONCENTRADORA, ana),
        "caps": lambda: fix_topes(b"CARGO,TOPE\nDIPUTACION FEDERAL MR,900\n", etapa, "A/1", ana),
        "days": lambda: check_days(etapa, days_of(etapa), accord, ana),
    }
    for name, act in acts.items():
        with at(AFTER), pytest.raises(Refused) as refused:
            act()
        assert "etapa_cerrada" in {each.codigo for each in refused.value.problems}, name
    for act in (
        lambda: propose_oficio(etapa, world.otro, world.dario),
        lambda: open_dictamen(etapa, world.otro, world.elena),
    ):
        with at(AFTER), pytest.raises(Refused, match="se cerró"):
            act()
    with at(AFTER):
        report = load_rows(b"PARTIDO,CARGO,ENTIDAD,NOMBRE\nCANDIDATURA INDEPENDIENTE,X,Y,ANA\n", etapa, "", ana)
    assert (report.buenas, [each.codigo for each in report.problemas]) == (0, ["etapa_cerrada"])
    invited = Invited("capturista", "Eva Ríos", "eva.rios", "", world.partido, world.contabilidades)
    with at(AFTER), pytest.raises(InvitationRefused, match="etapa que se cerró"):
        invite(invited, ana)


def test_who_only_reads_is_invited_to_the_books_of_a_closed_stage(world: World, two: tuple[Usuario, Usuario]) -> None:
    closed(world, two)
    for rol in ("consulta", "candidatura"):
        invited = Invited(rol, "Eva Ríos", f"eva.{rol}", "", world.partido, world.contabilidades)
        with at(AFTER):
            assert invite(invited, two[0])
    with at(AFTER), pytest.raises(InvitationRefused, match="etapa que se cerró"):
        invite(replace(invited, rol="administrador_so", username="eva.otra"), two[0])


def test_nothing_is_adopted_in_a_closed_stage(world: World, two: tuple[Usuario, Usuario]) -> None:
    with at("2018-04-02 10:00"):  # books that owe no report, of who has no dictamen
        world.contabilidades.append(open_books(world.etapa, world.otro, Contabilidad.Clase.CONCENTRADORA, two[0]))
    closed(world, two)
    found = world.hallazgo("100.00", book=2)
    with at(AFTER):
        with pytest.raises(DecisionRefused, match="se cerró"):
            adopt([found], world.dario)
        with pytest.raises(DecisionRefused, match="se cerró"):
            propose([found], Propuesta.Decision.ADOPTAR, "", world.dario)
        propose([found], Propuesta.Decision.DESECHAR, "La etapa se cerró.", world.dario)


def test_the_database_refuses_one_person_and_what_enters_a_closed_stage(
    world: World, two: tuple[Usuario, Usuario]
) -> None:
    reviewed(world)
    with at(AFTER):
        proposed = propose_closing(world.etapa, "", "", two[0])
        said = {"propuesta": proposed, "sentido": "hecho", "hecho_el": clock.now()}
        with pytest.raises(DatabaseError, match="otra persona"), transaction.atomic(), registering(two[0].pk):
            CierreResuelto.objects.create(**said, hecho_por=two[0])
        with pytest.raises(DatabaseError, match="quien administra"), transaction.atomic(), registering(world.elena.pk):
            CierreResuelto.objects.create(**said, hecho_por=world.elena)
        carry_out(proposed, two[1])
        period = world.etapa.periodos.first()
        for make in (
            lambda: Contabilidad.objects.create(
                pk=990_001, etapa=world.etapa, sujeto=world.otro, clase="concentradora", habilitada_el=clock.now()
            ),
            lambda: Ventana.objects.create(
                periodo=period, tipo="correccion", sujeto=world.otro, abre_el=clock.now(), cierra_el=clock.now()
            ),
        ):
            with pytest.raises(DatabaseError, match="está cerrada"), transaction.atomic(), registering():
                make()


def test_an_accord_of_two_people_opens_it_again(world: World, two: tuple[Usuario, Usuario]) -> None:
    ana, luis = two
    with at(AFTER), pytest.raises(Refused, match="no está cerrada"):
        propose_reopening(world.etapa, "SUP-RAP-1/2018", "Lo ordena la sentencia.", ana)
    closed(world, two)
    with at(AFTER):
        for accord, why, place in (
            ("", "Lo ordena.", "acuerdo"),
            ("A/1", "", "motivo"),
            ("x" * 61, "Ordena.", "acuerdo"),
        ):
            with pytest.raises(Refused) as refused:
                propose_reopening(world.etapa, accord, why, ana)
            assert refused.value.problems[0].donde == place
        carry_out(propose_reopening(world.etapa, "SUP-RAP-1/2018", "Lo ordena la sentencia.", luis), ana)
        assert closing_act(world.etapa) is None
        open_books(world.etapa, world.otro, Contabilidad.Clase.CONCENTRADORA, ana)
        carry_out(propose_closing(world.etapa, "", "", ana), luis)  # and it is closed once more
        assert closing_act(world.etapa) is not None
