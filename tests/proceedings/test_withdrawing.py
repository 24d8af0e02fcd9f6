"""An observación that an oficio notified is left without effect by an act, told to its subject and in its dictamen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import Error, transaction

from acts import committed, open_points
from kept import keeps
from proceedings.test_second_oficio import first_of, said, second_after, year_of_2025
from proceedings.world import World, at, build_world, codes
from sif.audit.models import Observacion, ObservacionSinEfecto
from sif.audit.services import adopt
from sif.books.services import read_file
from sif.duties.evidence import Reach, oficios
from sif.mail.addresses import keep_address
from sif.mail.models import Mensaje
from sif.notices.models import Notificacion
from sif.proceedings import selectors, services
from sif.proceedings.bundle import notified_in
from sif.proceedings.cedulas import issued
from sif.proceedings.models import Conclusion, Documento, Oficio, Respuesta
from sif.proceedings.opening import opening_problems
from sif.proceedings.progress import review_steps
from sif.proceedings.proposing import propose_oficio, waiting_proposal
from sif.proceedings.second import issue_second, propose_second
from sif.proceedings.terms import unappraised
from sif.proceedings.withdrawing import withdraw_observacion
from sif.registry import clock, scope
from sif.registry.models import Suceso
from sif.registry.scope import everything, scope_of, set_scope
from sif.values import Refused

DAY = "2018-07-11 12:00"
WHY = "El XML obraba en la póliza desde el principio."


@pytest.fixture
def told(world: World) -> tuple[Oficio, list[Observacion]]:
    """An oficio of two observaciones."""
    rows = [world.observacion([world.hallazgo(monto)]) for monto in ("1,000.00", "250.50")]
    return world.oficio(), rows


def test_its_subject_is_told_and_nothing_more_is_asked_of_it(
    world: World, told: tuple[Oficio, list[Observacion]]
) -> None:
    oficio, (first, second) = told
    with at(DAY):
        services.answer(oficio, first, "El XML está en la póliza.", [], world.alicia)
        left = withdraw_observacion(first, f"  {WHY} ", world.elena)
    notice = left.notificacion
    assert notice is not None and (left.motivo, left.hecho_por) == (WHY, world.elena)
    assert (notice.sujeto, notice.acto, notice.vence_el) == (world.partido, f"{oficio.numero}/SE1", None)
    assert notice.asunto == f"Queda sin efecto la observación 1 del oficio {oficio.numero}"
    kept = Documento.objects.get(pdf_sha256=notice.documento_sha256)
    text = read_file(kept.texto_sha256).decode()
    assert WHY in text and "Observación que queda sin efecto" in text and oficio.numero in text
    assert Suceso.objects.filter(verbo="dejar_observacion_sin_efecto", persona=world.elena, objeto=left.pk).count() == 1
    assert set(notified_in(world.etapa, world.partido)) == {oficio.notificacion, notice}
    told_by = issued(notice)
    assert told_by is not None and told_by.notifico == "Elena Márquez"
    assert list(selectors.standing_of(oficio)) == [second]
    row = selectors.with_answers(Oficio.objects.all()).get()
    assert (row.observadas, row.contestadas) == (1, 0)  # type: ignore[attr-defined]
    assert review_steps(world.etapa)["respuesta"] == (0, 1)
    with at(DAY), pytest.raises(Refused) as refused:
        services.answer(oficio, first, "Otra cosa.", [], world.alicia)
    assert codes(refused) == ["OBSERVACION_SIN_EFECTO"]
    assert Respuesta.objects.get().texto == "El XML está en la póliza."


def test_its_people_are_alerted_by_mail(world: World, told: tuple[Oficio, list[Observacion]], settings: Any) -> None:
    settings.SMTP_SERVIDOR, settings.SMTP_REMITENTE = "correo.instituto.mx", "SIF <sif@instituto.mx>"
    keep_address(world.alicia, "alicia@ejemplo.mx", "es-mx")
    with at(DAY):
        left = withdraw_observacion(told[1][0], WHY, world.elena)
        assert Mensaje.objects.filter(persona=world.alicia, objeto=left.notificacion_id).count() == 1


def test_its_dictamen_says_it_and_does_not_conclude_it(world: World, told: tuple[Oficio, list[Observacion]]) -> None:
    first, second = told[1]
    with at(DAY):
        left = withdraw_observacion(first, WHY, world.elena)
    dictamen = world.dictamen()
    assert [row.observacion for row in selectors.conclusiones_of(dictamen)] == [second]
    assert dictamen.documento is not None and left.notificacion is not None
    text = read_file(dictamen.documento.texto_sha256).decode()
    assert "Observaciones que quedaron sin efecto" in text and WHY in text and left.notificacion.folio in text


def test_where_nothing_stands_the_dictamen_has_no_conclusion(
    world: World, told: tuple[Oficio, list[Observacion]]
) -> None:
    with at(DAY):
        for row in told[1]:
            withdraw_observacion(row, WHY, world.elena)
        reach = Reach(clock.today(), frozenset([world.partido.pk]))
        assert not list(oficios(reach))
    dictamen = world.dictamen()
    assert not dictamen.conclusiones.exists() and dictamen.documento is not None
    assert "Observaciones que quedaron sin efecto" in read_file(dictamen.documento.texto_sha256).decode()


def test_who_may_not_nor_twice_nor_without_a_reason(world: World, told: tuple[Oficio, list[Observacion]]) -> None:
    first = told[1][0]
    with at(DAY):
        for person, reason, code in (
            (world.alicia, WHY, "SIN_ATRIBUCION"),
            (world.carla, WHY, "SIN_ATRIBUCION"),
            (world.dario, WHY, "SIN_ATRIBUCION"),
            (world.elena, " \n", "SIN_EFECTO_MOTIVO"),
            (world.elena, "x" * 501, "SIN_EFECTO_MOTIVO"),
        ):
            with pytest.raises(Refused) as refused:
                withdraw_observacion(first, reason, person)
            assert codes(refused) == [code]
        assert not ObservacionSinEfecto.objects.exists() and Notificacion.objects.count() == 1
        withdraw_observacion(first, WHY, world.elena)
        with pytest.raises(Refused) as refused:
            withdraw_observacion(first, WHY, world.bruno)
        assert codes(refused) == ["SIN_EFECTO_YA"]
        late = world.observacion([world.hallazgo("5.00")])
        with pytest.raises(Refused) as refused:
            withdraw_observacion(late, WHY, world.elena)
        assert codes(refused) == ["SIN_EFECTO_SIN_NOTIFICAR"]
    assert list(ObservacionSinEfecto.objects.all()) == [first.sin_efecto]


def test_who_adopted_it_does_not_withdraw_it(world: World) -> None:
    with at("2018-07-05 12:00"):
        (mine,) = adopt([world.hallazgo("7.00")], world.elena)
    world.oficio()
    with at(DAY):
        with pytest.raises(Refused) as refused:
            withdraw_observacion(mine, WHY, world.elena)
        assert codes(refused) == ["SIN_EFECTO_DE_DOS_PERSONAS"]
        withdraw_observacion(mine, WHY, world.bruno)


def test_once_its_dictamen_opened_it_is_concluded_there(world: World, told: tuple[Oficio, list[Observacion]]) -> None:
    first, _second = told[1]
    with at("2018-07-20 12:00"):
        services.open_dictamen(world.etapa, world.partido, world.elena)
        with pytest.raises(Refused, match="se abrió") as refused:
            withdraw_observacion(first, WHY, world.elena)
        assert codes(refused) == ["SIN_EFECTO_TRAS_DICTAMEN"]
        for row in Conclusion.objects.all():
            services.close_conclusion(world.judge(row), world.elena)
        services.close_dictamen(first.conclusion.dictamen, world.bruno)
        with pytest.raises(Refused, match="no cambia"):
            withdraw_observacion(first, WHY, world.elena)


def test_the_database_holds_it(world: World, told: tuple[Oficio, list[Observacion]]) -> None:
    oficio, (first, second) = told
    moment, fields = clock.now(), {"motivo": "x", "hecho_el": clock.now(), "hecho_por": world.elena}
    with pytest.raises(Error, match="ya se notificó"), transaction.atomic():
        ObservacionSinEfecto.objects.create(observacion=first, **fields)
    late = world.observacion([world.hallazgo("5.00")])
    with pytest.raises(Error, match="no hay qué avisar"), transaction.atomic():
        ObservacionSinEfecto.objects.create(observacion=late, notificacion=oficio.notificacion, **fields)
    with at(DAY):
        withdraw_observacion(first, WHY, world.elena)
    with pytest.raises(Error, match="quedó sin efecto"), transaction.atomic():
        Respuesta.objects.create(
            oficio=oficio, observacion=first, version=1, texto="x", presentada_el=moment, presentada_por=world.alicia
        )
    with at("2018-07-20 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
    with pytest.raises(Error, match="quedó sin efecto"), transaction.atomic():
        Conclusion.objects.create(dictamen=dictamen, clave="6_C1_FD", observacion=first, conducta="x", articulo="x")
    with pytest.raises(Error, match="conclusión"), transaction.atomic():
        ObservacionSinEfecto.objects.create(observacion=second, notificacion=oficio.notificacion, **fields)


def test_its_subject_reads_it_and_another_does_not(world: World, told: tuple[Oficio, list[Observacion]]) -> None:
    with at(DAY):
        left = withdraw_observacion(told[1][0], WHY, world.elena)
    assert left.notificacion is not None
    digest = left.notificacion.documento_sha256
    for sujeto, seen in ((world.partido, [left.pk]), (world.otro, [])):
        with everything():
            set_scope(scope_of([], [sujeto.pk]))
            assert list(ObservacionSinEfecto.objects.values_list("pk", flat=True)) == seen
            assert Documento.objects.filter(pdf_sha256=digest).count() == len(seen)


# The second oficio of an annual review --------------------------------------------------------------------------------


@pytest.fixture
@keeps(year_of_2025)
def year(world_of: Callable[..., Any]) -> Iterator[World]:
    """The review of an ordinary year."""
    with scope.everything():
        yield world_of(year_of_2025)


def two_of(world: World) -> list[Observacion]:
    return [world.observacion([world.hallazgo(monto, dia=date(2025, 5, 12))]) for monto in ("1,000.00", "250.50")]


def test_the_second_oficio_neither_appraises_nor_notifies_it(year: World) -> None:
    observed = two_of(year)
    oficio = first_of(year, observed)
    with at("2026-08-01 10:00"):
        propose_second(oficio, said(observed, True, False), year.dario)
        withdraw_observacion(observed[1], WHY, year.elena)
        assert waiting_proposal(year.etapa, year.partido) is None
    with at("2026-08-03 09:00"):
        with pytest.raises(Refused) as refused:
            propose_second(oficio, said(observed, True, False), year.dario)
        assert codes(refused) == ["VALORACION_AJENA"]
        propose_second(oficio, said(observed[:1], True), year.dario)
        second = issue_second(oficio, year.elena)
    assert not second.da_plazo and not second.observaciones.exists()
    assert "subsanaron 1 de 1 observación" in read_file(second.documento.texto_sha256).decode()


def test_nobody_is_told_twice_of_what_no_longer_stands(year: World) -> None:
    observed = two_of(year)
    oficio = first_of(year, observed)
    with at("2026-08-03 09:00"):
        assert unappraised(year.etapa).exists()
        for row in observed:
            withdraw_observacion(row, WHY, year.elena)
        assert not unappraised(year.etapa).exists()
        with pytest.raises(Refused) as refused:
            propose_second(oficio, [], year.dario)
        assert codes(refused) == ["SEGUNDO_OFICIO_SIN_OBSERVACIONES"]
        assert opening_problems(year.etapa, year.partido) == []


def test_what_the_second_notified_is_withdrawn_and_its_result_is_not_owed(year: World) -> None:
    observed = two_of(year)
    second = second_after(year, first_of(year, observed), observed)
    with at("2026-08-11 09:00"):
        assert selectors.untold_results(year.etapa).get() == second
        left = withdraw_observacion(observed[1], WHY, year.elena)
        assert not selectors.untold_results(year.etapa).exists()
        assert opening_problems(year.etapa, year.partido) == []
    assert left.notificacion is not None
    kept = Documento.objects.get(pdf_sha256=left.notificacion.documento_sha256)
    assert second.numero in read_file(kept.texto_sha256).decode()


# Two at once ----------------------------------------------------------------------------------------------------------


@dataclass
class Notified:
    """A campaign with an oficio, and the acts that meet on its observación."""

    world: World
    oficio: Oficio
    row: Observacion

    def withdraw(self) -> Any:
        return withdraw_observacion(self.row, WHY, self.world.elena)

    def again(self) -> Any:
        return withdraw_observacion(self.row, WHY, self.world.bruno)

    def answer(self) -> Any:
        return services.answer(self.oficio, self.row, "Aclaro.", [], self.world.alicia)

    def open(self) -> Any:
        return services.open_dictamen(self.world.etapa, self.world.partido, self.world.elena)


def notified() -> Notified:
    """Make it."""
    with at("2018-07-05 12:00"):
        world = build_world()
        row = world.observacion([world.hallazgo("100.00")])
    with at("2018-07-10 12:00"):
        propose_oficio(world.etapa, world.partido, world.dario)
        return Notified(world, services.issue_oficio(world.etapa, world.partido, world.elena), row)


@pytest.fixture(scope="module")
def meeting(django_db_setup: None, django_db_blocker: Any) -> Iterator[Notified]:
    with committed(django_db_blocker, notified) as made:
        yield made


PAIRS = [
    ("withdraw", "again", "2018-07-11 12:00"),
    ("withdraw", "answer", "2018-07-11 12:00"),
    ("answer", "withdraw", "2018-07-11 12:00"),
    ("withdraw", "open", "2018-07-20 12:00"),
    ("open", "withdraw", "2018-07-20 12:00"),
]


@pytest.mark.parametrize(("act", "rival", "day"), PAIRS, ids=[f"{act} against {rival}" for act, rival, _day in PAIRS])
def test_two_at_once_wait_for_each_other(meeting: Notified, act: str, rival: str, day: str) -> None:
    with at(day):
        assert open_points(getattr(meeting, act), getattr(meeting, rival), "audit_observacionsinefecto") == []
