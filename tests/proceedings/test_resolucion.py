"""The resolución: sanctions to the centavo with their arithmetic, one vote each, and nothing moves after."""

import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import Error, connection, transaction

from golden.reading import docx_text
from proceedings.world import (
    World,
    again_in_2024,
    at,
    build_world,
    campaign_of_2024,
    closed_of_2024,
    codes,
    draft_of_2024,
    make_coalition,
    submitted,
)
from sif.books.services import read_file
from sif.law.sanctions import Reduccion
from sif.notices.cedula import cedula_sheet
from sif.notices.models import Notificacion
from sif.notices.sheet import plain_text
from sif.proceedings import resolving, sanctioning, selectors, services
from sif.proceedings.bundle import notified_in, notified_stages
from sif.proceedings.cedulas import issued
from sif.proceedings.models import BaseDeSancion, Resolucion, ResolucionVotada, Sancion, Voto
from sif.proceedings.proposing import propose_oficio
from sif.proceedings.resolucion_sheet import Drawn, _imposed, _letter, resolucion_data
from sif.proceedings.sanctioning import Reckoning, reckon
from sif.proceedings.wording import old_uma
from sif.registry import clock, scope
from sif.registry import services as registry
from sif.registry.models import FinNombramiento, Nombramiento
from sif.values import Money, Refused


def test_real_sanctions_of_2024_are_reproduced_to_the_centavo(of_2024: World) -> None:
    of_2024.observacion([of_2024.hallazgo("466,832.53", "EG001")], criterio="egreso_no_reportado")
    of_2024.observacion([of_2024.hallazgo("10,998,406.91", "EG002")], criterio="egreso_no_reportado")
    of_2024.observacion([of_2024.hallazgo("6,257,109.61")], criterio="sin_xml")
    of_2024.observacion([of_2024.hallazgo("0.00", "AG001") for _ in range(71)], criterio="evento_no_registrado")
    rows = selectors.sanciones_of(draft_of_2024(of_2024))
    assert [(row.conclusion.clave, row.forma, row.umas, row.monto) for row in rows] == [
        ("6_C1_FD", "multa", 4299, 466_742_43),
        ("6_C2_FD", "reduccion", 101302, 10_998_406_91),
        ("6_C3_FD", "multa", 1440, 156_340_80),
        ("6_C4_FD", "reduccion", 14200, 1_541_694_00),
    ]
    assert rows[0].trabajo[0] == "466,832.53 × 100 % = 466,832.53"
    assert (rows[3].unidades, rows[3].umas_por_unidad, rows[3].uma) == (71, 200, 108_57)


def test_formal_faults_accumulate_ten_uma_each(of_2024: World) -> None:
    for _ in range(44):
        of_2024.observacion([of_2024.hallazgo("10.00")], criterio="falta_formal")
    rows = selectors.sanciones_of(draft_of_2024(of_2024))
    assert sum(row.monto for row in rows) == 47_770_80  # 44 × 10 × 108.57
    assert {row.monto for row in rows} == {1_085_70}
    assert rows[0].trabajo[1] == "44 × 10 UMA = 440 UMA"


def test_a_formal_fault_is_one_however_many_facts_it_gathers(of_2024: World) -> None:
    of_2024.observacion([of_2024.hallazgo("10.00") for _ in range(3)], criterio="falta_formal")
    of_2024.observacion([of_2024.hallazgo("0.00", "AG001") for _ in range(2)], criterio="evento_no_registrado")
    alone, events = selectors.sanciones_of(draft_of_2024(of_2024))
    assert (alone.unidades, alone.umas_por_unidad, alone.umas, alone.monto) == (1, 10, 10, 1_085_70)
    assert (events.unidades, events.umas) == (2, 400)


def test_what_no_criterion_sanctions_is_told_and_makes_no_fault(of_2024: World) -> None:
    """A day off, or a price unlike others, is asked about: unattended it was ten UMA of a fault that no law names."""
    of_2024.observacion([of_2024.hallazgo("10,000.00", "RE005")], criterio="")
    of_2024.observacion([of_2024.hallazgo("10,000.00")], criterio="sin_xml")
    resolucion = draft_of_2024(of_2024)
    (row,) = selectors.sanciones_of(resolucion)
    assert (row.conclusion.clave, row.monto_involucrado) == ("6_C2_FD", 10_000_00)
    said = docx_text(read_file(resolucion.proyecto.docx_sha256))
    assert "Sin sanción. 1 conclusión sin atender informa de hechos que ningún criterio sanciona (6_C1_FD)" in said
    judged = docx_text(read_file(resolucion.dictamen.documento.docx_sha256))
    assert judged.count("Ningún criterio la sanciona: se informa.") == 1


def test_formal_faults_together_are_measured_by_the_limit_of_their_subject(db: None) -> None:
    """21 faults of 10 UMA against observers are 210 UMA: the largest fine is 200, and each keeps its part of it."""
    with scope.everything():
        world = campaign_of_2024("observadores")
        for _ in range(21):
            world.observacion([world.hallazgo("10.00")], criterio="falta_formal")
        world.observacion([world.hallazgo("0.00", "AG001")], criterio="evento_no_registrado")
        *formal, event = selectors.sanciones_of(draft_of_2024(world))
    assert {(row.forma, row.unidades, row.umas, row.maximo) for row in formal} == {("multa", 1, 9, 21_714_00)}
    assert sum(row.monto for row in formal) == 21_714_00
    assert max(row.monto for row in formal) - min(row.monto for row in formal) <= 1
    assert sum(row.sobrante or 0 for row in formal) == 1_085_70
    assert formal[0].trabajo[1] == "21 × 10 UMA = 210 UMA"
    assert event.trabajo[0] == "1 × 200 UMA = 200 UMA"


def test_an_independent_is_fined_up_to_its_maximum_and_nothing_is_reduced(db: None) -> None:
    """2,000,000 unreported: 542,850.00, and not 2,000,000 of ministraciones that nobody gives it."""
    with scope.everything():
        world = campaign_of_2024("independiente")
        world.observacion([world.hallazgo("2,000,000.00", "EG001")], criterio="egreso_no_reportado")
        resolucion = draft_of_2024(world)
        (row,) = selectors.sanciones_of(resolucion)
        text = docx_text(read_file(resolucion.proyecto.docx_sha256))
    assert (row.persona, row.forma, row.umas, row.monto) == ("independiente", "multa", 5_000, 542_850_00)
    assert (row.articulo, row.maximo, row.sobrante) == ("LGIPE 456.1.d.II", 542_850_00, 1_457_150_00)
    assert "1,457,150.00 no puede sancionarse" in text
    assert "LGIPE 191.1.g; LGIPE 427.1.a]" in text
    assert "[LGIPE 446.1; LGIPE 456.1; LGIPE 458.5]" in text
    assert "que suman $542,850.00, se pagarán en la Dirección Ejecutiva de Administración" in text
    assert "ministraciones" not in text.replace("No hay ministraciones que reducirle", "")


def test_under_one_uma_the_outcome_is_a_reprimand(of_2024: World) -> None:
    of_2024.observacion([of_2024.hallazgo("2,171.39", "RE001")], criterio="registro_extemporaneo")  # 5 %: 108.57 less
    resolucion = draft_of_2024(of_2024)
    (row,) = selectors.sanciones_of(resolucion)
    assert (row.forma, row.monto, row.umas, row.articulo) == ("amonestacion", 0, 0, "LGIPE 456.1.a.I")
    text = docx_text(read_file(resolucion.proyecto.docx_sha256))
    assert "a) | 6_C1_FD | IV | amonestación pública | " in text
    assert "| $2,171.39 | 5 % | Amonestación pública" in text
    assert "Las multas, que suman" not in text
    assert "multa de $0" not in text


def test_a_fine_of_a_year_whose_uma_is_not_known_says_which_one_it_multiplies(of_2024: World) -> None:
    days = date(2024, 5, 20), date(2027, 1, 31), date(2027, 2, 1)
    assert [bool(old_uma(day)) for day in days] == [False, False, True]
    of_2024.observacion([of_2024.hallazgo("46,400.00", "CF001", dia=date(2027, 5, 20))])
    resolucion = draft_of_2024(of_2024)
    told = "es la que rige desde el 1 de febrero de 2026; la siguiente no consta en el sistema"
    assert f"del 20 de mayo de 2027, que {told}." in docx_text(read_file(resolucion.proyecto.docx_sha256))
    bases = BaseDeSancion.objects.filter(sancion__resolucion=resolucion, clave__startswith="cifra uma")
    assert [row.dice.endswith(told) for row in bases] == [True]


def test_the_excess_is_paid_to_the_centavo(of_2024: World) -> None:
    of_2024.observacion([of_2024.hallazgo("50,000.01", "TO001")], criterio="rebase_tope")
    resolucion = draft_of_2024(of_2024)
    (row,) = selectors.sanciones_of(resolucion)
    assert (row.forma, row.monto, row.maximo) == ("un_tanto_igual", 50_000_01, 50_000_01)
    text = docx_text(read_file(resolucion.proyecto.docx_sha256))
    assert "Las multas, que suman $50,000.01, se restarán de las ministraciones de gasto ordinario de" in text
    assert "a) | 6_C1_FD | IV | multa de un tanto igual al exceso de $50,000.01 | $50,000.01" in text


@pytest.mark.parametrize("beside", [False, True])
def test_the_excess_of_a_precampaign_names_who_committed_it_and_imposes_nothing(of_2024: World, beside: bool) -> None:
    of_2024.observacion([of_2024.hallazgo("50,000.01", "TO001", book=1)], criterio="rebase_tope")
    if beside:
        of_2024.observacion([of_2024.hallazgo("6,257,109.61")], criterio="sin_xml")
    dictamen = closed_of_2024(of_2024)
    dictamen.etapa.tipo = "precampana"
    rows = selectors.conclusiones_of(dictamen)
    for row in rows:
        row.dictamen = dictamen
    found = reckon(dictamen, rows, date(2024, 7, 22), ["INE/CG1/2020"])
    drawn = Drawn(dictamen, "R-1", date(2024, 7, 22), clock.now(), found, [], {})
    text = json.dumps(resolucion_data(drawn), ensure_ascii=False)
    name = of_2024.contabilidades[1].candidatura.persona.nombre
    assert f"al partido no se le sanciona. La infracción es de {name}. Se analiza por separado" in text
    assert "multa de hasta 5,000 UMA (LGIPE 456.1.c.II). Esta resolución no la impone." in text
    assert '"Vista a quien decide"' in text and "pérdida de la candidatura obtenida (LGIPE 229.4)" in text
    assert ("No ha lugar a imponer sanción" in text) is not beside
    assert ("se imponen a" in text) is beside
    assert drawn.multas == (156_340_80 if beside else 0)


def test_the_candidates_answer_for_a_report_apart(of_2024: World) -> None:
    of_2024.observacion([of_2024.hallazgo("50,000.00", "IN001", book=1)], criterio="informe_omitido")
    of_2024.observacion([of_2024.hallazgo("466,832.53", "EG001")], criterio="egreso_no_reportado")
    text = docx_text(read_file(draft_of_2024(of_2024).proyecto.docx_sha256))
    assert text.count("Responsabilidad solidaria. ") == 1
    assert "Teodoro Vela Peña responde también del informe y su infracción se analiza por separado" in text
    assert "hasta 5,000 UMA (LGIPE 456.1.c.II). Esta resolución no la impone. [LGPP 79.1.b.II]" in text


def _sanctioned_before(world: World) -> str:
    world.observacion([world.hallazgo("100,000.00", "TO001")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    world.resolucion()
    return world.voted(5, 0).numero


def test_recidivism_doubles_the_excess_when_the_earlier_resolucion_is_firm(world: World) -> None:
    before = _sanctioned_before(world)
    later = again_in_2024(world)
    later.observacion([later.hallazgo("50,000.00", "TO001")], criterio="rebase_tope")
    resolucion = draft_of_2024(later, [before])
    (row,) = selectors.sanciones_of(resolucion)
    assert (row.monto, row.anteriores) == (100_000_00, [before])
    assert f"en resolución firme ({before}); es reincidente" in docx_text(read_file(resolucion.proyecto.docx_sha256))


def test_what_a_precandidate_exceeded_makes_no_party_relapse(db: None) -> None:
    with scope.everything():
        world = build_world(clase="precampana", plazos=[3, 10, 5, 15, 7, 10])
        before = _sanctioned_before(world)
        later = again_in_2024(world)
        assert [row.forma for row in Sancion.objects.all()] == ["vista"]
        assert selectors.relapses(world.partido, "rebase_tope", later.etapa, clock.now()) == {"PAZ": []}
        later.observacion([later.hallazgo("50,000.00", "TO001")], criterio="rebase_tope")
        (row,) = selectors.sanciones_of(draft_of_2024(later, [before]))
        assert (row.monto, row.anteriores) == (50_000_00, [])


def test_an_earlier_resolucion_that_nobody_says_is_firm_is_told_and_doubles_nothing(world: World) -> None:
    before = _sanctioned_before(world)
    later = again_in_2024(world)
    later.observacion([later.hallazgo("50,000.00", "TO001")], criterio="rebase_tope")
    resolucion = draft_of_2024(later)
    (row,) = selectors.sanciones_of(resolucion)
    assert (row.monto, row.anteriores) == (50_000_00, [])
    text = docx_text(read_file(resolucion.proyecto.docx_sha256))
    assert f"se sancionó antes a PAZ en {before}. No consta" in text


def test_what_a_coalition_was_sanctioned_for_counts_for_its_members(world: World) -> None:
    day = world.etapa.termina_el
    registry.register_member(world.partido, world.otro, 10_000, day)
    before = _sanctioned_before(world)
    later = again_in_2024(world)
    known = selectors.relapses(world.otro, "rebase_tope", later.etapa, clock.now())
    assert known == {"PRB": [before]}
    assert selectors.relapses(world.otro, "sin_xml", later.etapa, clock.now()) == {"PRB": []}
    # The coalition itself answers by its members, each for what it did.
    assert selectors.relapses(world.partido, "rebase_tope", later.etapa, clock.now()) == {"PRB": [before]}


def test_what_one_party_of_a_coalition_exceeded_is_paid_by_it_alone(of_2024: World) -> None:
    """A limit of parties is broken by whoever exceeds it, whatever share the agreement gives each."""
    second = registry.register_sujeto("partido", "8", "VRD", "Partido Verde del Valle")
    registry.register_member(of_2024.partido, of_2024.otro, 6_000, of_2024.etapa.termina_el)
    registry.register_member(of_2024.partido, second, 4_000, of_2024.etapa.termina_el)
    over = of_2024.hallazgo("56,668.00", "AP004", resultado="excede", partido_id=of_2024.otro.pk)
    of_2024.observacion([over], criterio="limite_individual")
    resolucion = draft_of_2024(of_2024)
    (row,) = selectors.sanciones_of(resolucion)
    assert [(part.sujeto, part.participacion_pb) for part in row.partes.all()] == [(of_2024.otro, 10_000)]
    text = docx_text(read_file(resolucion.proyecto.docx_sha256))
    assert "La paga sólo el partido que rebasó su propio límite" in text


@pytest.mark.parametrize(
    "changed",
    [
        {"monto": 0},
        {"forma": "amonestacion"},
        {"persona": None},
        {"articulo": None},
        {"maximo": 1},
        {"persona": "independiente", "forma": "reduccion"},
        {"forma": "azotes"},
    ],
)
def test_the_database_refuses_a_sanction_that_the_law_does_not_admit(of_2024: World, changed: dict[str, Any]) -> None:
    of_2024.observacion([of_2024.hallazgo("5,000.00", "EG001")], criterio="egreso_no_reportado")
    with at("2024-06-14 12:00"):
        propose_oficio(of_2024.etapa, of_2024.partido, of_2024.dario)
        services.issue_oficio(of_2024.etapa, of_2024.partido, of_2024.elena)
    with at("2024-07-01 12:00"):
        dictamen = services.open_dictamen(of_2024.etapa, of_2024.partido, of_2024.elena)
        (conclusion,) = selectors.conclusiones_of(dictamen)
        services.close_conclusion(of_2024.judge(conclusion), of_2024.elena)
        services.close_dictamen(dictamen, of_2024.bruno)
        (row,) = sanctioning.reckon(dictamen, selectors.conclusiones_of(dictamen), date(2024, 7, 22))
        wrong = {**row.row_fields(), **changed}
        real = Reckoning.row_fields
        with pytest.MonkeyPatch.context() as patch, pytest.raises(Error, match="sancion_"), transaction.atomic():
            patch.setattr(Reckoning, "row_fields", lambda _self: wrong)
            resolving.draft_resolucion(dictamen, date(2024, 7, 22), of_2024.gloria)
        assert Reckoning.row_fields is real
        assert resolving.draft_resolucion(dictamen, date(2024, 7, 22), of_2024.gloria).sanciones.count() == 1


def test_the_vote_says_what_the_project_said(of_2024: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The document of the vote is drawn from what was written, whatever the criteria say by then."""
    of_2024.observacion([of_2024.hallazgo("466,832.53", "EG001")], criterio="egreso_no_reportado")
    draft_of_2024(of_2024)
    monkeypatch.setattr(sanctioning, "sanction_by_criterion", lambda *_asked: 1 / 0)
    with at("2024-07-22 12:00"):
        resolucion = submitted(Resolucion.objects.get(), of_2024.gloria, of_2024.sofia)
        for person in of_2024.consejo:
            resolving.vote(resolucion, person, "a_favor")
        closed = resolving.close_vote(resolucion, of_2024.sofia)
    said, voted = (docx_text(read_file(each.docx_sha256)) for each in (closed.proyecto, closed.documento))
    assert "multa de $466,742.43" in voted
    words = ("Unidad de medida", "Sanción", "Cálculo", "Se impone")  # what it rests on is told as it stands each day
    steps = [line for line in said.splitlines() if line.startswith(words)]
    assert len(steps) == 7
    assert steps == [line for line in voted.splitlines() if line.startswith(words)]


def test_only_what_was_left_unattended_is_sanctioned(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    world.dictamen("atendida")
    resolucion = world.resolucion()
    assert selectors.sanciones_of(resolucion) == []
    text = docx_text(read_file(resolucion.proyecto.docx_sha256))
    assert "señala las aclaraciones que presentó" in text
    assert "Las multas, que suman" not in text


def test_where_nothing_was_notified_it_does_not_tell_of_a_notice(world: World) -> None:
    world.dictamen()
    text = docx_text(read_file(world.resolucion().proyecto.docx_sha256))
    assert "II. Procedimiento. Concluida la revisión, no se advirtieron errores ni omisiones que notificar" in text
    assert "se le notificaron" not in text


def test_a_coalition_splits_its_sanction_by_shares(of_2024: World) -> None:
    make_coalition(of_2024.partido, {"AAA": 5318, "BBB": 4682})
    of_2024.observacion([of_2024.hallazgo("1,366,582.00", "EG001")], criterio="egreso_no_reportado")
    resolucion = draft_of_2024(of_2024)
    row = selectors.sanciones_of(resolucion)[0]
    text = docx_text(read_file(resolucion.proyecto.docx_sha256))
    assert "que es lo que se le impone: AAA $726,748.00; BBB $639,833.00. Suman $1,366,581.00." in text
    assert "Las multas, que suman" not in text  # a reduction is no fine
    assert [(part.sujeto.siglas, part.monto) for part in row.partes.order_by("sujeto__siglas")] == [
        ("AAA", 726_748_00),
        ("BBB", 639_833_00),
    ]
    assert row.monto == 1_366_582_00
    with at("2024-07-22 12:00"):
        submitted(resolucion, of_2024.gloria, of_2024.sofia)
        for person in of_2024.consejo:
            resolving.vote(resolucion, person, "a_favor")
        resolving.close_vote(resolucion, of_2024.sofia)
    notes = Notificacion.objects.filter(acto=resolucion.numero).select_related("sujeto").order_by("pk")
    assert [note.sujeto.siglas for note in notes] == [of_2024.partido.siglas, "AAA", "BBB"]
    assert len({(note.documento_sha256, note.vence_el) for note in notes}) == 1
    member = notes[1].sujeto
    with scope._within(scope.scope_of([], [member.pk])):
        assert list(notified_in(resolucion.dictamen.etapa, member)) == [notes[1]]
        assert [stage for _who, stage in notified_stages([member.pk])] == [resolucion.dictamen.etapa]


def test_each_councillor_votes_once_from_the_day_of_the_session(world: World) -> None:
    world.observacion([world.hallazgo("100.00", "TP001")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    resolucion = world.resolucion()
    felix = world.consejo[0]
    with at("2018-08-06 12:00"), pytest.raises(Refused) as refused:
        resolving.vote(resolucion, felix, "a_favor")
    assert codes(refused) == ["ACTO_FUERA_DE_LUGAR"]
    with at("2018-08-05 12:00"):
        with pytest.raises(Refused) as refused:
            resolving.put_to_vote(resolucion, felix)
        assert codes(refused) == ["SIN_ATRIBUCION"]
        submitted(resolucion, world.gloria, world.sofia)
        with pytest.raises(Refused) as refused:
            resolving.close_vote(resolucion, felix)
        assert codes(refused) == ["SIN_ATRIBUCION"]
        with pytest.raises(Refused) as refused:
            resolving.vote(resolucion, felix, "a_favor")
        assert codes(refused) == ["VOTO_ANTES_DE_SESION"]
    with at("2018-08-06 12:00"):
        resolving.vote(resolucion, felix, "en_contra", "La prueba basta.")
        with pytest.raises(Refused) as refused:
            resolving.vote(resolucion, felix, "a_favor")
        assert codes(refused) == ["VOTO_REPETIDO"]
        with pytest.raises(Refused) as refused:
            resolving.vote(resolucion, world.elena, "a_favor")
        assert codes(refused) == ["SIN_ATRIBUCION"]
        with pytest.raises(Refused) as refused:
            resolving.vote(resolucion, world.consejo[1], "abstención")
        assert codes(refused) == ["VOTO_SENTIDO"]
    assert Voto.objects.count() == 1


@pytest.mark.parametrize("who", ["elena", "alicia", "ended"])
def test_nor_does_the_database_take_the_vote_of_who_is_no_councillor_that_day(world: World, who: str) -> None:
    world.observacion([world.hallazgo("100.00", "TP001")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    resolucion = world.resolucion()
    person = world.consejo[0] if who == "ended" else getattr(world, who)
    with at("2018-08-06 12:00"):
        submitted(resolucion, world.gloria, world.sofia)
    if who == "ended":
        with at("2018-08-06 11:00"), scope.registering():
            FinNombramiento.objects.create(
                nombramiento=Nombramiento.objects.get(usuario=person),
                termina_el=clock.now(),
                motivo="Renunció.",
                hecho_el=clock.now(),
                hecho_por=world.sofia,
            )
    with at("2018-08-06 12:00"), pytest.raises(Error, match="no tiene ese día la función"), transaction.atomic():
        Voto.objects.create(resolucion=resolucion, consejero=person, sentido="a_favor", emitido_el=clock.now())


def test_nor_a_vote_of_before_it_was_put_to_the_vote(world: World) -> None:
    world.observacion([world.hallazgo("100.00", "TP001")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    resolucion = world.resolucion()
    with at("2018-08-06 12:00"):
        submitted(resolucion, world.gloria, world.sofia)
    said = {"resolucion": resolucion, "consejero": world.consejo[0], "sentido": "a_favor"}
    with at("2018-08-06 11:59"), pytest.raises(Error, match="no es de antes"), transaction.atomic():
        Voto.objects.create(**said, emitido_el=clock.now())
    with at("2018-08-06 12:00"):
        Voto.objects.create(**said, emitido_el=clock.now())


@pytest.mark.parametrize(
    ("in_favour", "against", "state"),
    [(3, 0, "aprobada"), (3, 2, "aprobada"), (2, 3, "rechazada"), (2, 2, "rechazada"), (2, 1, "aprobada")],
)
def test_more_than_half_of_those_present_approve(world: World, in_favour: int, against: int, state: str) -> None:
    world.dictamen()
    world.resolucion()
    resolucion = world.voted(in_favour, against)
    assert resolucion.estado == state
    text = docx_text(read_file(resolucion.documento.docx_sha256))
    signed = "Presidencia del Consejo General" in text and "Secretaría del Consejo General [LGIPE 46.1.j]" in text
    assert signed == (state == "aprobada")


def test_without_quorum_there_is_no_decision(world: World) -> None:
    world.dictamen()
    resolucion = world.resolucion()
    with pytest.raises(Refused) as refused:
        world.voted(2, 0)
    assert codes(refused) == ["SIN_QUORUM"]
    resolucion.refresh_from_db()
    assert resolucion.estado == "en_discusion"


def test_nothing_moves_after_the_vote_and_the_subject_is_told(world: World) -> None:
    world.observacion([world.hallazgo("100,000.00", "TP001")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    draft = world.resolucion()
    assert "PROYECTO" in docx_text(read_file(draft.documento.docx_sha256))
    resolucion = world.voted(4, 1)
    text = docx_text(read_file(resolucion.documento.docx_sha256))
    assert "PROYECTO" not in text
    assert "4 a favor y 1 en contra" in text
    note = Notificacion.objects.get(acto=resolucion.numero, sujeto=world.partido)
    cedula = plain_text(cedula_sheet(note, issued(note)))
    assert f"Órgano que emitió el acto. Consejo General\nNotificó. {world.sofia.nombre}\n" in cedula
    assert "estuvo presente en la sesión quedó notificado en ella. [LGSMIME 30.1]" in cedula
    assert Resolucion.objects.get(pk=resolucion.pk).proyecto == draft.documento  # the project stays beside it
    with pytest.raises(Error), transaction.atomic():
        ResolucionVotada.objects.update(estado="rechazada")
    with pytest.raises(Error), transaction.atomic():
        ResolucionVotada.objects.all().delete()
    with pytest.raises(Error), transaction.atomic():
        Sancion.objects.update(monto=0)
    with pytest.raises(Error), transaction.atomic():
        Voto.objects.update(sentido="en_contra")
    with pytest.raises(Error, match=r"en discusión|ya se contó"), transaction.atomic():
        Voto.objects.create(
            resolucion=resolucion, consejero=world.elena, sentido="a_favor", emitido_el=resolucion.votada_el
        )


def test_a_dictamen_still_open_has_no_resolucion(world: World) -> None:
    with at("2018-07-20 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        with pytest.raises(Refused) as refused:
            resolving.draft_resolucion(dictamen, date(2018, 8, 6), world.gloria)
    assert codes(refused) == ["ACTO_FUERA_DE_LUGAR"]


def test_a_session_that_has_passed_is_refused_so_that_nobody_chooses_who_makes_the_quorum(world: World) -> None:
    """In a day of few councillors, or of none, one vote would be all of them."""
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    dictamen = world.dictamen("atendida")
    with at("2018-07-25 12:00"):
        for day in (date(2018, 7, 24), date(1900, 1, 1)):
            with pytest.raises(Refused) as refused:
                resolving.draft_resolucion(dictamen, day, world.gloria)
            assert codes(refused) == ["SESION_PASADA"]
        with pytest.raises(Error, match="ya había pasado"), transaction.atomic():
            Resolucion.objects.create(
                dictamen=dictamen,
                numero="R-99",
                sesion_el=date(2018, 7, 23),
                elaborada_el=clock.now(),
                elaborada_por=world.gloria,
                proyecto_id=1,
            )
        assert resolving.draft_resolucion(dictamen, date(2018, 7, 25), world.gloria).sesion_el == date(2018, 7, 25)


def test_without_a_criterion_for_the_day_no_sanction_is_invented(world: World) -> None:
    world.observacion([world.hallazgo("100.00")], criterio="sin_xml")
    world.oficio()
    world.dictamen()
    with pytest.raises(Refused) as refused:
        world.resolucion()
    assert codes(refused) == ["SANCION_SIN_CRITERIO"]
    assert "rige desde 2023-09-01" in str(refused.value)


def test_sanctions_of_before_stay_as_they_were(db: None) -> None:
    """What they lack is null, which no leaf writes, and the database asks it only of what enters from now on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE NOT convalidated AND conname ~ '^(parte_)?sancion_' ORDER BY 1"
        )
        assert [name for (name,) in cursor.fetchall()] == [
            "parte_sancion_de_algo",
            "sancion_con_su_base",
            "sancion_ninguna_multa_de_cero",
        ]
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'proceedings_sancion' "
            "AND (is_nullable = 'YES') AND column_default IS NULL"
        )
        nullable = {name for (name,) in cursor.fetchall()}
    kept = "persona articulo maximo sobrante uma_del anteriores vistas"
    assert set(kept.split()) <= nullable


@pytest.mark.parametrize(
    ("forma", "centavos", "said"),
    [
        ("multa", 10_857, "multa de $108.57"),
        ("amonestacion", 0, "amonestación pública"),
    ],
)
def test_what_is_imposed_is_told_in_words(forma: str, centavos: int, said: str) -> None:
    row: Any = SimpleNamespace(calculada=SimpleNamespace(forma=forma, sancion=Money(centavos)))
    assert _imposed(row) == said


@pytest.mark.parametrize("forma", ["multa", "un_tanto_igual", "reduccion"])
def test_no_sanction_of_nothing_is_imposed(forma: str) -> None:
    row: Any = SimpleNamespace(calculada=SimpleNamespace(forma=forma, sancion=Money(0)), reduccion=None)
    with pytest.raises(ValueError, match="no se impone"):
        _imposed(row)


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (
            Reduccion(2_500, Money(100_00), 4, Money(50_00)),
            "reducción del 25 % de cada ministración mensual, durante 4 meses, hasta $350.00",
        ),
        (None, "reducción de ministraciones de $350.00; el periodo se fija al conocerse la ministración"),
    ],
)
def test_a_reduction_tells_its_months_where_they_are_known(months: Reduccion | None, said: str) -> None:
    row: Any = SimpleNamespace(calculada=SimpleNamespace(forma="reduccion", sancion=Money(350_00)), reduccion=months)
    assert _imposed(row) == said


def test_the_points_of_a_long_resolucion_have_letters() -> None:
    assert [_letter(place) for place in (1, 26, 27, 53)] == ["a", "z", "aa", "ba"]
