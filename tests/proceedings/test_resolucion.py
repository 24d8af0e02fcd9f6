"""The resolución: sanctions to the centavo with their arithmetic, one vote each, and nothing moves after."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import Error, transaction

from golden.reading import docx_text
from proceedings.world import World, at, campaign_of_2024, draft_of_2024, make_coalition, submitted
from sif.books.services import read_file
from sif.notices.models import Notificacion
from sif.proceedings import sanctioning, selectors, services
from sif.proceedings.machine import ActRefused
from sif.proceedings.models import Resolucion, ResolucionVotada, Sancion, Voto
from sif.registry import scope


def _codes(refused: Any) -> list[str]:
    return [problem.codigo for problem in refused.value.problems]


@pytest.fixture
def of_2024(db: None) -> Iterator[World]:
    """The federal campaign of the real cases, with every book in sight."""
    with scope.everything():
        yield campaign_of_2024()


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


def test_formal_faults_together_are_measured_by_the_limit_of_their_subject(
    of_2024: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        of_2024.observacion([of_2024.hallazgo("10.00") for _ in range(2)], criterio="falta_formal")
    of_2024.observacion([of_2024.hallazgo("0.00", "AG001")], criterio="evento_no_registrado")
    monkeypatch.setattr(sanctioning, "value_on", lambda *_asked: 19)
    *formal, event = selectors.sanciones_of(draft_of_2024(of_2024))
    assert [(row.forma, row.unidades, row.umas, row.monto) for row in formal] == [("reduccion", 1, 10, 1_085_70)] * 2
    assert formal[0].trabajo[1] == "2 × 10 UMA = 20 UMA"
    assert event.trabajo[0] == "1 × 200 UMA = 200 UMA"


def test_only_what_was_left_unattended_is_sanctioned(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    world.dictamen("atendida")
    assert selectors.sanciones_of(world.resolucion()) == []


def test_a_coalition_splits_its_sanction_by_shares(of_2024: World) -> None:
    make_coalition(of_2024.partido, {"AAA": 5318, "BBB": 4682})
    of_2024.observacion([of_2024.hallazgo("1,366,582.00", "EG001")], criterio="egreso_no_reportado")
    row = selectors.sanciones_of(draft_of_2024(of_2024))[0]
    assert [(part.sujeto.siglas, part.monto) for part in row.partes.order_by("sujeto__siglas")] == [
        ("AAA", 726_748_00),
        ("BBB", 639_833_00),
    ]
    assert row.monto == 1_366_582_00


def test_each_councillor_votes_once_from_the_day_of_the_session(world: World) -> None:
    world.observacion([world.hallazgo("100.00", "TP001")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    resolucion = world.resolucion()
    felix = world.consejo[0]
    with at("2018-08-06 12:00"), pytest.raises(ActRefused) as refused:
        services.vote(resolucion, felix, "a_favor")
    assert _codes(refused) == ["ACTO_FUERA_DE_LUGAR"]
    with at("2018-08-05 12:00"):
        with pytest.raises(ActRefused) as refused:
            services.put_to_vote(resolucion, felix)
        assert _codes(refused) == ["SIN_ATRIBUCION"]
        submitted(resolucion, world.gloria, world.sofia)
        with pytest.raises(ActRefused) as refused:
            services.close_vote(resolucion, felix)
        assert _codes(refused) == ["SIN_ATRIBUCION"]
        with pytest.raises(ActRefused) as refused:
            services.vote(resolucion, felix, "a_favor")
        assert _codes(refused) == ["VOTO_ANTES_DE_SESION"]
    with at("2018-08-06 12:00"):
        services.vote(resolucion, felix, "en_contra", "La prueba basta.")
        with pytest.raises(ActRefused) as refused:
            services.vote(resolucion, felix, "a_favor")
        assert _codes(refused) == ["VOTO_REPETIDO"]
        with pytest.raises(ActRefused) as refused:
            services.vote(resolucion, world.elena, "a_favor")
        assert _codes(refused) == ["SIN_ATRIBUCION"]
        with pytest.raises(ActRefused) as refused:
            services.vote(resolucion, world.consejo[1], "abstención")
        assert _codes(refused) == ["VOTO_SENTIDO"]
    assert Voto.objects.count() == 1


@pytest.mark.parametrize(
    ("in_favour", "against", "state"),
    [(3, 0, "aprobada"), (3, 2, "aprobada"), (2, 3, "rechazada"), (2, 2, "rechazada"), (2, 1, "aprobada")],
)
def test_more_than_half_of_those_present_approve(world: World, in_favour: int, against: int, state: str) -> None:
    world.dictamen()
    world.resolucion()
    assert world.voted(in_favour, against).estado == state


def test_without_quorum_there_is_no_decision(world: World) -> None:
    world.dictamen()
    resolucion = world.resolucion()
    with pytest.raises(ActRefused) as refused:
        world.voted(2, 0)
    assert _codes(refused) == ["SIN_QUORUM"]
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
    assert Notificacion.objects.filter(acto=resolucion.numero, sujeto=world.partido).exists()
    assert Resolucion.objects.get(pk=resolucion.pk).proyecto == draft.documento  # the project stays beside it
    with pytest.raises(Error), transaction.atomic():
        ResolucionVotada.objects.update(estado="rechazada")
    with pytest.raises(Error), transaction.atomic():
        ResolucionVotada.objects.all().delete()
    with pytest.raises(Error), transaction.atomic():
        Sancion.objects.update(monto=0)
    with pytest.raises(Error), transaction.atomic():
        Voto.objects.update(sentido="en_contra")
    with pytest.raises(Error, match="en discusión"), transaction.atomic():
        Voto.objects.create(
            resolucion=resolucion, consejero=world.elena, sentido="a_favor", emitido_el=resolucion.votada_el
        )


def test_a_dictamen_still_open_has_no_resolucion(world: World) -> None:
    with at("2018-07-20 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        with pytest.raises(ActRefused) as refused:
            services.draft_resolucion(dictamen, date(2018, 8, 6), world.gloria)
    assert _codes(refused) == ["ACTO_FUERA_DE_LUGAR"]


def test_without_a_criterion_for_the_day_no_sanction_is_invented(world: World) -> None:
    world.observacion([world.hallazgo("100.00")], criterio="sin_xml")
    world.oficio()
    world.dictamen()
    with pytest.raises(ActRefused) as refused:
        world.resolucion()
    assert _codes(refused) == ["SANCION_SIN_CRITERIO"]
    assert "rige desde 2023-09-01" in str(refused.value)
