"""The portal says why a candidacy left and how its reports stand, in words that are true at any moment."""

import csv
import io
import re
from datetime import UTC, date, datetime

from django.test import Client

from flat import flat
from sif.disclosure.models import ContabilidadPublicada, ProcesoPublicado
from sif.registry.scope import everything, registering
from web.public_scene import datos, visitor, world

__all__ = ["datos", "visitor", "world"]


def test_a_candidacy_that_left_says_why_since_when_and_who_took_its_place(
    visitor: Client, world: ProcesoPublicado
) -> None:
    with everything(), registering():
        ContabilidadPublicada.objects.filter(id_contabilidad=41207).update(
            estatus="baja",
            baja="renuncia",
            baja_desde=date(2026, 5, 12),
            cancelada_el=datetime(2026, 5, 12, 6, tzinfo=UTC),
            sustituta="Delia Vega",
            sustituta_contabilidad=41211,
        )
    page = visitor.get("/candidaturas/41207/")
    assert "Renuncia: no contiende desde el 12 de mayo de 2026" in flat(page.text) and "ancelada" not in page.text
    assert '<a\n            href="/candidaturas/41211/">Delia Vega</a>' in page.text
    left = [step for step in page.context["steps"] if step.dia == date(2026, 5, 12)]
    assert [(step.titulo, step.detalle) for step in left] == [("Renuncia", "La sustituye Delia Vega.")]
    (row,) = csv.DictReader(io.StringIO(visitor.get("/candidaturas/lista.csv", {"q": "Mariela"}).text))
    assert (row["estatus"], row["baja"], row["baja_desde"]) == ("baja", "renuncia", "2026-05-12")
    assert (row["sustituta"], row["sustituta_contabilidad"]) == ("Delia Vega", "41211")


def test_the_reports_of_a_stage_are_told_in_words_that_agree_with_any_number(
    visitor: Client, world: ProcesoPublicado
) -> None:
    """«De 6 informes se presentaron 1. 1 llegó» agreed with neither."""
    page = flat(visitor.get("/").text)
    assert re.search(r"Se debían? \d+ informes?; presentados: \d+\.", page) and "debidos se presentaron" not in page


def test_reports_are_told_by_kind_with_those_whose_term_runs(visitor: Client, world: ProcesoPublicado) -> None:
    counted = {
        "informes_debidos": 3,
        "informes_presentados": 2,
        "informes_tarde": 1,
        "informes_en_plazo": 11,
        "informes_hasta": "2026-07-31",
    }
    with everything(), registering():
        ProcesoPublicado.objects.filter(pk=world.pk).update(informes={"IC": counted})
        ContabilidadPublicada.objects.filter(id_contabilidad=41211).update(
            informes_debidos=0, informes_presentados=0, informes_en_plazo=2, informes_hasta=date(2026, 7, 31)
        )
    page = flat(visitor.get("/").text)
    told = "2 presentados, 1 de ellos con retraso, 1 vencido sin presentar, 11 en plazo, el último hasta el 31 de julio"
    assert f"{told} de 2026 (14 en total)." in page and "informes debidos" not in page
    page = flat(visitor.get("/candidaturas/41211/").text)
    assert '2 informes sin presentar siguen en plazo; el último vence el <time datetime="2026-07-31">' in page
    assert "Todavía no debe ninguno" not in page and "Presentó todos" not in page


def test_a_place_links_to_its_candidacies_and_no_others(visitor: Client, world: ProcesoPublicado) -> None:
    there = "/candidaturas/?proceso=ANAHUAC-2026-campana&amp;territorio=Valle%20Hondo"
    assert f'href="{there}">Valle Hondo</a>' in visitor.get("/candidaturas/41207/").text
    chart = visitor.get("/").context["by_place"]
    (link,) = (point.url for point in chart.puntos if point.nombre == "San Jacinto")
    listed = visitor.get(link).text
    assert "Iker Saldívar Mora" in listed and "Mariela Ochoa Rentería" not in listed
    with everything(), registering():
        ContabilidadPublicada.objects.filter(territorio="San Jacinto").update(territorio="Distrito 1")
        ContabilidadPublicada.objects.filter(territorio="Valle Hondo").update(territorio="Distrito 11")
    (link,) = (point.url for point in visitor.get("/").context["by_place"].puntos if point.nombre == "Distrito 1")
    listed = visitor.get(link).text
    assert "Iker Saldívar Mora" in listed and "Mariela Ochoa Rentería" not in listed
