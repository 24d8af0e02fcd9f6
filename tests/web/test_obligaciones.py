"""What a party owes on its page, and how the authority counts it: each once, with files, and no stranger sees it."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proceedings.world import at
from sif.duties import generating
from sif.duties.selectors import obligations_of
from sif.registry import clock
from sif.registry.scope import everything
from sif.registry.services import open_contabilidad, register_sujeto
from sif.web import duty_lists
from sif.web.icalendar import CalendarEvent, icalendar_response
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]


@pytest.fixture
def alicia(scene: Any, enter: Enter) -> Client:
    return enter(scene.alicia)


@pytest.mark.parametrize("name", ["obligaciones", "obligaciones_ics"])
def test_only_who_acts_for_a_subject_sees_what_it_owes(scene: Any, enter: Enter, name: str) -> None:
    address = reverse(f"party:{name}")
    mine, theirs = (enter(person).get(address).content.decode() for person in (scene.alicia, scene.carla))
    assert f"({scene.libros.pk})" in mine and f"({scene.ajenos.pk})" not in mine
    assert f"({scene.ajenos.pk})" in theirs and f"({scene.libros.pk})" not in theirs
    assert "/cuenta/login/" in Client().get(address)["Location"]
    assert enter(scene.dario).get(address).status_code == 403


def test_who_captures_in_some_books_sees_theirs_alone(scene: Any, enter: Enter) -> None:
    page = enter(scene.bruno).get(reverse("party:obligaciones")).text
    assert f"({scene.libros.pk})" in page and f"({scene.otros.pk})" not in page
    assert "Porcentajes de prorrateo" not in page  # of the subject as a whole


def test_the_page_says_what_is_due_what_fixes_it_and_how_it_stands(scene: Any, alicia: Client) -> None:
    page = alicia.get(reverse("party:obligaciones")).text
    assert "Informe de campaña, periodo 1" in page
    assert "/ley/LGPP-79.1.b.III/" in page
    assert 'class="terms-line"' in page
    only = alicia.get(reverse("party:obligaciones"), {"tipo": "IC", "q": "TOMAS"}).text
    assert scene.otros.candidatura.persona.nombre in only and scene.libros.candidatura.persona.nombre not in only
    assert "Nada que entregar" in alicia.get(reverse("party:obligaciones"), {"q": "nada así"}).text


@pytest.mark.parametrize("page", ["party:obligaciones", "party:buzon", "auditor:cumplimiento_sujeto"])
def test_a_page_writes_the_words_of_its_rows_alone(
    scene: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """Of the books, which a subject has by thousands; what is of the subject as a whole is little."""
    written, write = list[str](), generating.written

    def counted(duty: Any, whose: Any, *rest: Any) -> Any:
        written.append(whose.clave) if whose.contabilidad else None
        return write(duty, whose, *rest)

    with everything():
        rows = [row for row in obligations_of([scene.partido.pk], clock.today()) if row.contabilidad]
    kinds = {(row.tipo, row.vence_el) for row in rows}
    assert len(rows) > 1 + len(kinds)
    monkeypatch.setattr(generating, "written", counted)
    monkeypatch.setattr(duty_lists, "SIZE", 1)
    own = page == "auditor:cumplimiento_sujeto"
    address = reverse(page, args=[scene.partido.siglas] if own else [])
    answer = enter(scene.dario if own else scene.alicia).get(address)
    assert answer.status_code == 200 and "Informe de campaña" in answer.text
    assert len(written) <= 1 + len(kinds)  # a row, and the first of each kind and day in the line of dates


def test_a_state_narrows_and_its_tab_counts(scene: Any, alicia: Client) -> None:
    with everything():
        rows = obligations_of([scene.partido.pk], clock.today())
    late = sum(row.estado == "vencida" for row in rows)
    assert late
    asked = alicia.get(reverse("party:obligaciones"), {"estado": "vencida", "formato": "csv"})
    lines = list(csv.DictReader(io.StringIO(asked.content.decode("utf-8-sig"))))
    assert {line["estado"] for line in lines} == {"vencida"} and len(lines) == late
    every = alicia.get(reverse("party:obligaciones"), {"formato": "csv"}).content.decode("utf-8-sig")
    assert [line["clave"] for line in csv.DictReader(io.StringIO(every))] == [row.clave for row in rows]


def test_the_calendar_for_other_people_has_what_is_to_come(scene: Any, alicia: Client) -> None:
    with everything():
        rows = obligations_of([scene.partido.pk], clock.today())
    coming = [row for row in rows if row.vence_el and row.vence_el >= clock.today() and row.cumplida_el is None]
    text = alicia.get(reverse("party:obligaciones_ics")).content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.count("BEGIN:VEVENT") == len(coming) > 0
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("UID:") == len({line for line in text.split("\r\n") if line.startswith("UID:")})


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\x0b", "\x85", "\u2028"])
def test_a_text_typed_with_ends_of_line_writes_no_line_of_a_calendar(end: str) -> None:
    forged = end.join(("Mitin", "END:VEVENT", "BEGIN:VEVENT", "SUMMARY:Otro"))
    event = CalendarEvent("x", clock.today(), forged, forged)
    text = icalendar_response([event], forged, "x.ics").content.decode()
    assert [line for line in text.splitlines() if line.endswith("VEVENT")] == ["BEGIN:VEVENT", "END:VEVENT"]
    assert "SUMMARY:Mitin\\nEND:VEVENT\\nBEGIN:VEVENT\\nSUMMARY:Otro\r\n" in text


def test_the_mailbox_reminds_of_what_falls_due_soon_and_of_that_alone(scene: Any, alicia: Client) -> None:
    page = alicia.get(reverse("party:buzon")).text
    soon = page.split("Vence pronto", 1)[1].split("</section>")[0]
    assert "Informe de campaña" in soon and f"{reverse('party:obligaciones')}?tipo=IC" in soon
    assert "2 días o menos" in soon and "Porcentajes de prorrateo" not in soon  # overdue: it is in Obligaciones
    last = scene.periodos[0].hasta + timedelta(days=3)
    with clock.at(datetime.combine(last, time(23, 0), clock.legal_zone())):
        assert "24 horas o menos" in alicia.get(reverse("party:buzon")).text
    with clock.at(datetime.combine(last + timedelta(days=1), time(1, 0), clock.legal_zone())):
        assert "?tipo=IC" not in alicia.get(reverse("party:buzon")).text


AUTHORITY = ("cumplimiento", "calendario", "escalamiento")


@pytest.mark.parametrize("name", AUTHORITY)
def test_each_page_of_the_authority_works_and_refuses_a_stranger(review: Scene, enter: Enter, name: str) -> None:
    address = reverse(f"auditor:{name}")
    assert enter(review.world.dario).get(address).status_code == 200
    assert "/cuenta/login/" in Client().get(address)["Location"]
    assert enter(review.world.alicia).get(address).status_code == 403
    one = reverse("auditor:cumplimiento_sujeto", args=[review.world.partido.siglas])
    assert enter(review.world.alicia).get(one).status_code == 403


def test_the_panel_counts_by_subject_kind_and_state(review: Scene, enter: Enter) -> None:
    dario, world = enter(review.world.dario), review.world
    with at("2024-06-10 12:00"):
        page = dario.get(reverse("auditor:cumplimiento")).text
        asked = dario.get(reverse("auditor:cumplimiento"), {"formato": "csv"}).content.decode("utf-8-sig")
        with everything():
            owed = [row for row in obligations_of([world.partido.pk], clock.today()) if row.etapa == world.etapa.pk]
        reports = dario.get(reverse("auditor:cumplimiento"), {"obligacion": "IC", "formato": "csv"})
        none = dario.get(reverse("auditor:cumplimiento"), {"obligacion": "IC", "estado": "suspendida"}).text
    assert world.partido.nombre in page and "Informe de campaña" in page
    assert "Avance de las revisiones a los consejeros" in page and "/ley/LGPP-84.2/" in page
    row = next(line for line in csv.DictReader(io.StringIO(asked)) if line["siglas"] == world.partido.siglas)
    counts = [
        int(row[key])
        for key in ("cumplidas", "tarde", "abiertas", "por_venir", "vencidas", "por_confirmar", "sin_efecto")
    ]
    assert sum(counts) == len(owed)
    assert int(row["vencidas"]) == sum(each.estado in ("vencida", "omitida") for each in owed)
    only = next(
        line
        for line in csv.DictReader(io.StringIO(reports.content.decode("utf-8-sig")))
        if line["siglas"] == world.partido.siglas
    )
    assert sum(int(only[key]) for key in ("cumplidas", "tarde", "vencidas")) == sum(each.tipo == "IC" for each in owed)
    assert world.partido.nombre not in none


def test_the_page_of_one_subject_lists_everything_it_owes(review: Scene, enter: Enter) -> None:
    dario = enter(review.world.dario)
    address = reverse("auditor:cumplimiento_sujeto", args=[review.world.partido.siglas])
    assert "Informe de campaña" in dario.get(address).text
    assert dario.get(address, {"formato": "csv"}).status_code == 200
    assert dario.get(reverse("auditor:cumplimiento_sujeto", args=["NADIE"])).status_code == 404


def test_the_panel_asks_as_much_for_fifty_subjects_as_for_one(review: Scene, enter: Enter) -> None:
    dario, address = enter(review.world.dario), reverse("auditor:cumplimiento")

    def count() -> int:
        dario.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert dario.get(address).status_code == 200
        return len(asked)

    before = count()
    with everything():
        for n in range(50):
            subject = register_sujeto("partido_local", f"9{n:02d}", f"L{n}", f"Partido local {n}")
            open_contabilidad(review.world.etapa, subject, "concentradora")
    assert count() == before


def test_a_subject_whose_siglas_have_a_slash_is_counted_and_has_its_page(review: Scene, enter: Enter) -> None:
    with everything():
        subject = register_sujeto("coalicion", "95", "PU/PD", "Coalición de dos")
        open_contabilidad(review.world.etapa, subject, "concentradora")
    dario = enter(review.world.dario)
    address = reverse("auditor:cumplimiento_sujeto", args=["PU/PD"])
    assert address in dario.get(reverse("auditor:cumplimiento")).text
    assert "Coalición de dos" in dario.get(address).text


def test_the_calendar_of_the_authority_has_the_review_of_each_report(review: Scene, enter: Enter) -> None:
    page = enter(review.world.dario).get(reverse("auditor:calendario")).text
    assert "Oficio de errores y omisiones" in page and "/ley/LGPP-80.1.d.II/" in page
    rows = enter(review.world.consejo[0]).get(reverse("council:calendario"), {"formato": "csv"})
    assert rows.content.decode("utf-8-sig").startswith("acto,fecha_limite")


def test_what_is_urgent_is_listed_by_how_long_it_has_waited(review: Scene, enter: Enter) -> None:
    dario, address = enter(review.world.dario), reverse("auditor:escalamiento")
    with at("2024-03-29 12:00"):  # the first report is due on 2 April: four days are left
        rows = _csv(dario.get(address, {"formato": "csv"}))
        reports = [row for row in rows if row["tipo"] == "IC"]
        page = dario.get(address, {"tipo": "IC", "plazo": "5"}).text
        near = dario.get(address, {"tipo": "IC", "plazo": "2"}).text
    assert {row["vence_el"] for row in reports} == {"2024-04-02"} and {row["siglas"] for row in reports} == {"PAZ"}
    assert all(row["cumplida_el"] == "" for row in rows)
    assert [row["vence_el"] for row in rows] == sorted(row["vence_el"] for row in rows)
    assert "4 días" in page and reverse("auditor:cumplimiento_sujeto", args=["PAZ"]) in page
    assert "Nada que entregar" in near
    with at("2024-04-05 12:00"):
        late = dario.get(address, {"tipo": "IC", "plazo": "-1"}).text
    assert "hace 3 días" in late


def _csv(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
