"""The public desk: what each page says, without login, without any table but the published ones."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flat import flat
from published_world import CAP, MOMENT, publish_books, publish_files
from rfcs import new_rfc
from sif.books.services import store_file
from sif.books.services.file_store import almacen
from sif.disclosure.models import (
    ContabilidadPublicada,
    ProcesoPublicado,
    Publicacion,
    PublicacionPropuesta,
    PublicacionRetirada,
    RetiroPropuesto,
    RetiroPublicado,
)
from sif.law.parameters import uma_on, uma_stands_since
from sif.registry import clock
from sif.registry.scope import everything, registering
from sif.registry.services import appoint, create_usuario
from sif.web.formats import long_day
from small_world import make_world
from web.public_scene import body, datos, open_world, visitor, world

__all__ = ["datos", "open_world", "visitor", "world"]
pytestmark = pytest.mark.django_db


PNG = b"\x89PNG\r\n\x1a\n"
ALWAYS = (
    "/", "/candidaturas/", "/sanciones/", "/reglas/", "/reglas/RE001/", "/documentos/", "/datos-abiertos/",
    "/verificar/", "/accesibilidad/", "/estado/", "/ley/LGPP-56.2.d/", "/ley/RF-38.1/", "/demostracion/",
    "/registro/", "/registro/cortes.json", "/retiros/", "/retiros/lista.csv", "/retiros/lista.xlsx",
    "/candidaturas/lista.csv", "/candidaturas/lista.xlsx", "/sanciones/lista.csv", "/sanciones/lista.xlsx",
)  # fmt: skip


PUBLISHED = (
    "/candidaturas/41207/",
    "/candidaturas/41201/",
    "/candidaturas/41211/",
    "/candidaturas/?q=valle&siglas=PJ&orden=-reportado&pagina=2&clase=todas",
    "/datos-abiertos/ANAHUAC-2026-campana/gasto-por-rubro.csv",
    "/datos-abiertos/ANAHUAC-2026-campana/estados-de-cuenta.csv",
    "/datos-abiertos/ANAHUAC-2026-campana/estados-de-cuenta.xlsx",
    "/datos-abiertos/ANAHUAC-2026-campana/publicacion.json",
    "/datos-abiertos/ANAHUAC-2026-campana/sanciones.csv",
    "/datos-abiertos/ANAHUAC-2026-campana/reglas.csv",
    "/datos-abiertos/ANAHUAC-2026-campana/documentos.csv",
)


_TABLE = re.compile(r'(?:FROM|JOIN|INTO|UPDATE)\s+"(\w+)"', re.I)


@pytest.mark.parametrize("address", ALWAYS)
def test_every_page_stands_when_nothing_is_published(visitor: Client, address: str) -> None:
    assert visitor.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/", "/candidaturas/", "/sanciones/", "/documentos/", "/datos-abiertos/"])
def test_what_is_not_published_is_told(visitor: Client, address: str) -> None:
    assert "Todavía no se publica ningún proceso" in visitor.get(address).text


@pytest.mark.parametrize("address", [*ALWAYS, *PUBLISHED])
def test_a_visitor_reads_only_what_is_published(visitor: Client, open_world: ProcesoPublicado, address: str) -> None:
    with CaptureQueriesContext(connection) as seen:
        response = visitor.get(address)
    assert response.status_code == 200
    tables = {name for query in seen.captured_queries for name in _TABLE.findall(query["sql"])}
    assert tables
    roots = {"registry_corte", "registry_cabeza", "registry_sellocorte"}  # published by being cut
    assert all(name.startswith("disclosure_") for name in tables - roots), tables
    assert not tables & roots or address.startswith("/registro/")


@pytest.mark.parametrize("address", [*ALWAYS, *PUBLISHED])
def test_it_only_reads(visitor: Client, open_world: ProcesoPublicado, address: str) -> None:
    assert visitor.post(address).status_code == 405


def test_home_adds_what_candidacies_spent(visitor: Client, world: ProcesoPublicado) -> None:
    page = flat(visitor.get("/").text)
    assert "$13.4 millones" in page  # 13,389,955.43 of six candidacies; the party's own books are not among them
    assert "$13,389,955.43 en 6 candidaturas" in page
    assert "1 candidatura</dd>" in page  # only one is over its cap, by what was not reported
    assert "Presidencia municipal, Valle Hondo" in page
    assert "100.03" in page
    assert "Datos publicados al" in page
    assert page.index("6_C38_FD") < page.index("7_C2_FD")


def test_home_shows_the_election_asked_for(visitor: Client, world: ProcesoPublicado) -> None:
    page = visitor.get("/", {"eleccion": "Presidencia municipal|San Jacinto"}).text
    assert "Noemí Pech Canul" in page
    assert "Rubén Castañón Lira" not in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "renteria"}, {"Mariela Ochoa Rentería"}),
        ({"q": "valle pj"}, {"Mariela Ochoa Rentería"}),
        ({"q": "41209"}, {"Adela Frutos Medina"}),
        ({"siglas": "PA"}, {"Octavio Rangel Soto", "Noemí Pech Canul"}),
        ({"territorio": "San Jacinto"}, {"Iker Saldívar Mora", "Noemí Pech Canul"}),
        ({"q": "jacaranda", "clase": "todas"}, {"Mariela Ochoa Rentería", "Partido Jacaranda"}),
        ({"q": "nadie"}, set()),
    ],
)
def test_candidacies_are_found(
    visitor: Client, world: ProcesoPublicado, query: dict[str, str], names: set[str]
) -> None:
    rows = list(csv.DictReader(io.StringIO(visitor.get("/candidaturas/lista.csv", query).text)))
    assert {row["nombre"] for row in rows} == names
    page = visitor.get("/candidaturas/", query).text
    assert all(name in page for name in names)
    if not names:
        assert "Ninguna candidatura coincide" in page


def test_the_first_is_who_spent_most_of_what_the_law_allows(visitor: Client, world: ProcesoPublicado) -> None:
    publish_books(world, 41300, "Poco Tope", "PF", "Partido Faro", "El Rosal", 90_00, 0)
    with registering():
        world.contabilidades.filter(id_contabilidad=41300).update(tope=91_00)
    page = visitor.get("/candidaturas/").text
    assert page.index("Mariela Ochoa") < page.index("Poco Tope") < page.index("Rubén Castañón")
    by_name = visitor.get("/candidaturas/", {"orden": "nombre"}).text
    assert by_name.index("Adela Frutos") < by_name.index("Iker Saldívar") < by_name.index("Rubén Castañón")


def test_long_lists_are_cut_by_fifty(visitor: Client, world: ProcesoPublicado) -> None:
    for number in range(60):
        publish_books(world, 50000 + number, f"Persona {number:02d}", "PF", "Partido Faro", "El Rosal", 100 + number, 0)
    page = visitor.get("/candidaturas/").text
    assert "1 a 50 de 66" in page
    assert "Persona 00" not in page
    assert "Persona 00" in visitor.get("/candidaturas/?pagina=2").text
    assert "Suma de 66 cuentas" in page


def test_a_page_reads_the_rows_that_it_shows(visitor: Client, world: ProcesoPublicado) -> None:
    for number in range(60):
        publish_books(world, 50000 + number, f"Persona {number:02d}", "PF", "Partido Faro", "El Rosal", 100 + number, 0)
    for address, cut in (
        ("/candidaturas/", "LIMIT 50"),
        ("/candidaturas/?pagina=2", "LIMIT 16 OFFSET 50"),
        ("/", "Valle Hondo"),
    ):
        with CaptureQueriesContext(connection) as seen:
            visitor.get(address)
        read = [each["sql"] for each in seen if '"rubros"' in each["sql"]]
        assert len(read) == 1 and cut in read[0], address


def test_what_has_no_cap_goes_last_and_reversed_first(visitor: Client, world: ProcesoPublicado) -> None:
    for order, place in (("-tope", -1), ("tope", 0)):
        query = {"orden": order, "clase": "todas"}
        rows = list(csv.DictReader(io.StringIO(visitor.get("/candidaturas/lista.csv", query).text)))
        assert rows[place]["tope"] == "" and rows[place]["nombre"] == "Partido Jacaranda"
        shares = [Decimal(row["gasto_total"]) / Decimal(row["tope"]) for row in rows if row["tope"]]
        assert shares == sorted(shares, reverse=order == "-tope") and len(set(shares)) > 3


def test_the_candidacy_is_told_in_centavos_of_each_peso(visitor: Client, world: ProcesoPublicado) -> None:
    page = visitor.get("/candidaturas/41207/").text
    assert "Ha gastado 95 centavos de cada peso que la ley le permite." in page
    assert "supera su tope por 0.03" in page
    assert "$4,616,718.76" in page
    assert "Propaganda en internet" in page
    assert "Propaganda en salas de cine" in page  # the ninth head, without spending
    assert "Aportaciones de simpatizantes" in page
    assert "6_C38_FD" in page
    assert "7_C2_FD" not in page
    assert "No ha reportado gasto." in visitor.get("/candidaturas/41211/").text
    assert "Falta 1 informe vencido" in visitor.get("/candidaturas/41211/").text
    assert "Esta cuenta no tiene tope propio" in visitor.get("/candidaturas/41201/").text
    assert visitor.get("/candidaturas/99999/").status_code == 404


def test_a_candidacy_shows_the_day_of_its_approval_apart_from_that_of_its_books(
    visitor: Client, world: ProcesoPublicado
) -> None:
    def steps(number: int) -> list[tuple[str, date, str]]:
        return [
            (step.titulo, step.dia, step.detalle) for step in visitor.get(f"/candidaturas/{number}/").context["steps"]
        ]

    assert steps(41207)[:2] == [
        ("Candidatura aprobada", date(2026, 3, 30), "IEPC/CG12/2026"),
        ("Cuenta abierta", date(2026, 4, 4), "Se abre su contabilidad, la 41207."),
    ]
    unknown = "Se abre su contabilidad, la 41211. No consta el día en que se aprobó la candidatura."
    assert steps(41211)[0] == ("Cuenta abierta", date(2026, 4, 4), unknown)
    assert steps(41201)[0] == ("Cuenta abierta", date(2026, 4, 4), "Se abre su contabilidad, la 41201.")


def test_a_candidacy_shows_the_emblem_that_was_published_and_no_other(visitor: Client, world: ProcesoPublicado) -> None:
    assert 'alt="Emblema' not in visitor.get("/candidaturas/41207/").text
    shown, kept = (store_file(PNG + letter).sha256 for letter in (b"a", b"b"))
    with everything(), registering():
        ContabilidadPublicada.objects.filter(id_contabilidad=41207).update(emblema=shown)
    page = visitor.get("/candidaturas/41207/").text
    assert f'src="/emblemas/{shown}.png"' in page and 'alt="Emblema del Partido Jacaranda"' in page
    sent = visitor.get(f"/emblemas/{shown}.png")
    assert (sent["Content-Type"], sent.content) == ("image/png", PNG + b"a")
    assert visitor.post(f"/emblemas/{shown}.png").status_code == 405
    for address in (f"/emblemas/{kept}.png", f"/emblemas/{'ab' * 32}.png", "/emblemas/otro.png"):
        assert visitor.get(address).status_code == 404
    almacen().path_of(shown).write_bytes(b"otros")  # type: ignore[attr-defined]
    assert visitor.get(f"/emblemas/{shown}.png").status_code == 503


def test_the_books_of_a_coalition_show_who_makes_it_up_with_what_share(
    visitor: Client, world: ProcesoPublicado
) -> None:
    def shown(members: list[dict[str, object]] | None) -> str:
        with everything(), registering():
            ContabilidadPublicada.objects.filter(id_contabilidad=41207).update(integrantes=members)
        return visitor.get("/candidaturas/41207/").text

    title = "Quiénes forman la coalición"
    assert title not in shown([]) and title not in shown(None)  # of no coalition; published before it was kept
    said: dict[str, object] = {"participacion_pb": 6_250, "desde": "2026-03-15", "acuerdo": "IEPC/CG9/2026"}
    page = shown(
        [
            {**said, "siglas": "PJ", "nombre": "Partido Jacaranda"},
            {**said, "siglas": "PA", "nombre": "Partido Ámbar", "participacion_pb": 3_750},
        ]
    )
    assert title in page and "Desde el 15 de marzo de 2026, por el acuerdo IEPC/CG9/2026." in page
    assert [each for each in re.findall(r"([0-9.]+)\s?%", page) if each in ("62.5", "37.5")] == ["62.5", "37.5"]
    bare = shown([{**said, "acuerdo": "", "siglas": "PJ", "nombre": "Partido Jacaranda"}])
    assert "Desde el 15 de marzo de 2026." in bare and "por el acuerdo" not in bare


def test_sanctions_show_totals_vote_and_each_part(visitor: Client, world: ProcesoPublicado) -> None:
    page = visitor.get("/sanciones/").text
    assert "$569,341.08" in page
    assert "9 a favor, 2 en contra" in page
    assert "UB $99,992.96; PA $0.01" in page
    assert 'href="/ley/RF-38.1/"' in page
    only = visitor.get("/sanciones/", {"siglas": "CVS"}).text
    assert "6_C38_FD" not in only
    assert "$99,992.97" in only


def test_what_the_law_admits_says_what_a_uma_is_worth_and_which_day_gives_it(
    visitor: Client, world: ProcesoPublicado
) -> None:
    with clock.at(MOMENT):
        page = flat(visitor.get("/sanciones/").text)
    assert f"hoy vale ${uma_on(MOMENT.date(), 'mx')} al día" in page
    assert "La multa se fija con la UMA vigente el día en que se cometió la infracción (TEPJF, jurisprudencia" in page
    visitor.get("/idioma/en/")
    assert "The fine is set with the UMA in force on the day" in visitor.get("/sanciones/").text


def test_a_uma_that_is_over_a_year_old_is_not_said_to_be_that_of_today(visitor: Client) -> None:
    later = datetime(2099, 3, 1, 18, tzinfo=UTC)
    since = uma_stands_since(later.date(), settings.JURISDICTION) or later.date()
    with clock.at(later):
        page = flat(visitor.get("/sanciones/").text)
    assert f"la última que consta, que rige desde el {long_day(since)}, vale $" in page and "hoy vale" not in page


def test_documents_say_whose_they_are_by_name_and_siglas(visitor: Client, world: ProcesoPublicado) -> None:
    page = re.sub(r"<[^>]*>", "|", visitor.get("/documentos/").text)
    assert re.search(r"Partido Jacaranda[|\s]+PJ[|\s]", page)


def test_every_page_of_sanctions_says_what_all_of_them_add_up_to(visitor: Client, world: ProcesoPublicado) -> None:
    with registering():
        row = world.sanciones.get(conclusion="6_C38_FD")
        for number in range(60):
            row.pk, row.conclusion, row.monto, row.siglas = None, f"9_C{number}_PZ", 100 + number, "PZ"
            row.save(force_insert=True)
    with CaptureQueriesContext(connection) as asked:
        page = visitor.get("/sanciones/", {"siglas": "PZ", "pagina": "2"}).text
    assert page.count("9_C") >= 10
    assert "9_C9_PZ" in page
    assert "9_C10_PZ" not in page
    assert "Suma de 60 sanciones" in page
    assert "$77.70" in page
    read = [query["sql"] for query in asked if '"disclosure_sancionpublicada"."conclusion"' in query["sql"]]
    assert all("LIMIT" in sql for sql in read)


def test_a_rule_is_told_with_its_law_figures_and_sanctions(visitor: Client, world: ProcesoPublicado) -> None:
    page = visitor.get("/reglas/RE001/").text
    assert "«hasta tres días después.»" in page
    assert "El Consejo sancionó 3 conclusiones por esta regla." in page
    assert "3 días" in page
    assert "Por confirmar" in page
    assert visitor.get("/reglas/ZZ999/").status_code == 404


def test_an_article_shows_its_words_and_what_hangs_on_it(visitor: Client) -> None:
    page = visitor.get("/ley/LGPP-63.1.c/").text
    assert "Ley General de Partidos Políticos" in page
    assert "«Estar debidamente registrados en la contabilidad»" in page
    assert 'href="/reglas/RE001/"' in page
    assert "Leído en el texto de la ley" in page
    assert "Por confirmar: no se tuvo a la vista su texto" in visitor.get("/ley/RF-38.1/").text
    assert visitor.get("/ley/RF-143-Bis.1/").status_code == 200
    assert visitor.get("/ley/LGPP-79.1.b)/").status_code == 200
    assert visitor.get("/ley/XYZ-1/").status_code == 404
    assert visitor.get("/ley/nada/").status_code == 404


def test_a_name_never_becomes_a_formula(visitor: Client, world: ProcesoPublicado) -> None:
    with registering():
        world.contabilidades.filter(id_contabilidad=41207).update(nombre="=1+1")
    assert "'=1+1" in visitor.get("/candidaturas/lista.csv").text
    assert visitor.get("/candidaturas/lista.pdf").status_code == 404


def test_an_older_stage_stays_readable(visitor: Client, world: ProcesoPublicado) -> None:
    with registering():
        ProcesoPublicado.objects.create(
            clave="VIEJO",
            nombre="Proceso anterior",
            ambito="local",
            inicia_el=world.inicia_el.replace(year=2023),
            termina_el=world.termina_el.replace(year=2023),
            datos_al=world.datos_al,
        )
    assert "13.4 millones" in visitor.get("/").text
    assert "13.4 millones" not in visitor.get("/?proceso=VIEJO").text
    assert "Proceso anterior" in visitor.get("/").text
    assert visitor.get("/?proceso=NINGUNO").status_code == 404


def test_a_later_but_smaller_election_does_not_hide_that_of_its_year(visitor: Client, world: ProcesoPublicado) -> None:
    with registering():
        small = ProcesoPublicado.objects.create(
            clave="EXTRA",
            nombre="Elección extraordinaria",
            ambito="local",
            inicia_el=date(2026, 10, 1),
            termina_el=date(2026, 11, 1),
            datos_al=world.datos_al,
        )
    publish_books(small, 60001, "Sola Candidata", "PF", "Partido Faro", "El Rosal", 100, 0)
    assert "Mariela Ochoa" in visitor.get("/candidaturas/").text
    page = visitor.get("/?proceso=EXTRA").text
    assert "Sola Candidata" in page
    assert "Son de Anáhuac, elección local 2025-2026, campaña; de este proceso todavía no resuelve." in page
    with registering():
        ProcesoPublicado.objects.filter(pk=small.pk).update(
            termina_el=date(2027, 8, 1), datos_al=datetime(2027, 7, 20, tzinfo=UTC)
        )
    assert "Sola Candidata" in visitor.get("/candidaturas/").text


def test_people_of_the_demonstration_come_from_its_file_alone(visitor: Client, datos) -> None:
    appoint(create_usuario("hugo.salas", "Hugo Salas Prieto", None), "administrador")
    assert "/demostracion/" in visitor.get("/").text
    page = visitor.get("/demostracion/").text
    assert 'name="login" value="alicia"' in page
    assert "Alicia Robles" in page
    (datos / "demo" / "personas.json").write_text("{", encoding="utf-8")
    page = visitor.get("/demostracion/").text
    assert "Todavía no hay personas" in page
    assert "hugo.salas" not in page
    assert "/demostracion/" not in visitor.get("/").text


def test_people_are_absent_in_production(visitor: Client, monkeypatch) -> None:
    monkeypatch.setattr(settings, "PRODUCTION", True)
    assert visitor.get("/demostracion/").status_code == 404
    assert "/demostracion/" not in visitor.get("/").text


def withdrawn() -> PublicacionRetirada:
    """Withdraw a publication as two people do: its notice enters in the transaction of that act."""
    etapa = make_world().etapa
    ana, luis = (create_usuario(name, name, None, rfc=new_rfc()) for name in ("propone", "confirma"))
    proposed = PublicacionPropuesta.objects.create(
        etapa=etapa, huella="ab12" * 16, propuesta_el=MOMENT, propuesta_por=ana
    )
    published = Publicacion.objects.create(propuesta=proposed, publicada_el=MOMENT, publicada_por=luis)
    asked = RetiroPropuesto.objects.create(
        publicacion=published, motivo="Cifras", fundamento="LGPP 82", propuesto_el=MOMENT, propuesto_por=ana
    )
    return PublicacionRetirada.objects.create(
        publicacion=published, propuesta=asked, motivo="Cifras", hecho_el=MOMENT, hecho_por=luis
    )


def test_where_something_was_withdrawn_stands_its_notice(visitor: Client, world: ProcesoPublicado) -> None:
    assert "Ninguna publicación se ha retirado." in visitor.get("/retiros/").text
    with everything():
        RetiroPublicado.objects.create(
            publicacion=withdrawn().publicacion_id,
            proceso=world.clave,
            nombre=world.nombre,
            huella="ab12" * 16,
            datos_al=MOMENT,
            publicada_el=MOMENT,
            retirada_el=MOMENT,
            motivo="Cifras de otra etapa.",
            fundamento="LGPP 82.1.c",
            autoridad="Secretaría Ejecutiva",
            lugares={"contabilidades": [41207], "documentos": ["RES/2026/PJ"]},
        )
        assert "se retiró el" not in visitor.get("/").text  # another stands in its place
        with registering():
            for part in (world.contabilidades, world.sanciones, world.documentos, world.reglas):
                part.all().delete()
            world.delete()
    for address in (
        "/?proceso=ANAHUAC-2026-campana",
        "/candidaturas/41207/",
        "/documentos/RES/2026/PJ.pdf",
        "/datos-abiertos/ANAHUAC-2026-campana/sanciones.csv",
        "/candidaturas/lista.csv?proceso=ANAHUAC-2026-campana",
        "/reglas/RE001/?proceso=ANAHUAC-2026-campana",
    ):
        answer = visitor.get(address)
        assert answer.status_code == 410, address
        assert all(
            words in answer.text for words in ("Cifras de otra etapa.", "LGPP 82.1.c", "Secretaría", "ab12 ab12")
        )
    assert visitor.get("/candidaturas/41208/").status_code == 404
    assert "se retiró el" in visitor.get("/").text
    (row,) = csv.DictReader(io.StringIO(visitor.get("/retiros/lista.csv").text))
    assert (row["huella_sha256"], row["motivo"], row["vigente"]) == ("ab12" * 16, "Cifras de otra etapa.", "si")
    assert "Cifras de otra etapa." in visitor.get("/retiros/").text


def _figures_of(page: str, question: str) -> list[str]:
    """The cells of the table beside the picture of a question, without its foot."""
    part = page.split(f"<h2>{question}</h2>")[1].split("</figure>")[0].split("<tbody")[1].split("</tbody>")[0]
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[dh] .*?</t[dh]>", part)]


def test_the_pictures_of_sanctions_say_whom_and_for_what(visitor: Client, world: ProcesoPublicado) -> None:
    page = visitor.get("/sanciones/").text
    whom = _figures_of(page, "¿A quién sancionó el Consejo, y por cuánto?")
    assert whom == ["Partido Jacaranda", "469,348.11", "Coalición Valle y Sierra", "99,992.97"]
    why = _figures_of(page, "¿Por qué conducta impuso más?")
    assert why == ["Registro extemporáneo de operaciones", "569,341.08"]
    assert 'href="?siglas=PJ"' in page
    file = visitor.get("/sanciones/lista.csv?suma=sujeto").content.decode("utf-8-sig").splitlines()
    assert file == [
        "clave,nombre,sanciones,monto",
        "PJ,Partido Jacaranda,2,469348.11",
        "CVS,Coalición Valle y Sierra,1,99992.97",
    ]
    assert "suma=regla" in page
    assert visitor.get("/sanciones/lista.csv?suma=nada").content == visitor.get("/sanciones/lista.csv").content
    one = visitor.get("/sanciones/?siglas=CVS").text
    assert "lista.csv?siglas=CVS&amp;suma=regla" in one
    assert "¿A quién sancionó el Consejo" not in one
    assert _figures_of(one, "¿Por qué conducta impuso más?")[1] == "99,992.97"


def test_home_says_in_which_places_campaigns_spent(visitor: Client, world: ProcesoPublicado) -> None:
    page = visitor.get("/").text
    question = "¿En qué lugares han gastado más las campañas?"
    assert _figures_of(page, question) == ["Valle Hondo", "12,815,952.15", "San Jacinto", "574,003.28"]
    assert "en cada proceso publicado" not in page
    assert 'class="tile-map"' not in page


def test_home_draws_the_states_where_there_are_several_and_the_stages(visitor: Client, world: ProcesoPublicado) -> None:
    with registering():
        ContabilidadPublicada.objects.filter(territorio="San Jacinto").update(entidad="JAL")
        before = ProcesoPublicado.objects.create(
            clave="ANAHUAC-2023",
            nombre="Anáhuac 2023",
            ambito="local",
            entidad="MEX",
            inicia_el=date(2023, 4, 5),
            termina_el=date(2023, 6, 3),
            datos_al=MOMENT,
        )
    publish_books(before, 30001, "Alma Ruiz", "PJ", "Partido Jacaranda", "Valle Hondo", 1_000_00, 0)
    with CaptureQueriesContext(connection) as few:
        page = visitor.get("/").text
    question = "¿En qué entidades han gastado más las campañas?"
    assert _figures_of(page, question) == ["México MEX", "4", "12,815,952.15", "Jalisco JAL", "2", "574,003.28"]
    assert 'aria-label="Jalisco: $574,003.28 en 2 candidaturas"' in page
    stages = _figures_of(page, "¿Cuánto recibieron y gastaron las campañas en cada proceso publicado?")
    assert stages[:3] == ["Anáhuac 2023", "1,000.00", "1,000.00"]
    assert stages[3:] == [world.nombre, "13,468,336.67", "13,389,955.43"]
    for number in range(60):
        publish_books(world, 50_000 + number, f"Persona {number}", "PA", "Partido Alameda", f"Sitio {number}", 100, 0)
    with CaptureQueriesContext(connection) as many:
        visitor.get("/")
    assert len(many) == len(few)


def test_a_search_that_finds_nothing_speaks_of_no_first_one(visitor: Client, open_world: ProcesoPublicado) -> None:
    assert "La primera es la que más ha gastado" in visitor.get("/candidaturas/").text
    assert "La primera es la que más ha gastado" not in visitor.get("/candidaturas/?q=nadie+se+llama+as%C3%AD").text


def test_before_the_council_resolves_what_was_not_reported_is_not_said_to_be_none(
    visitor: Client, world: ProcesoPublicado
) -> None:
    publish_books(world, 41220, "Aún Sin Voto", "PX", "Partido X", "El Rosal", CAP + CAP // 100, None)
    waiting = "aún no resuelto por el Consejo"
    page = visitor.get("/candidaturas/41220/").text
    none = re.compile(r'<dd class="num">\s*ninguno')
    assert page.count(waiting) == 2 and not none.search(page)  # B, and C with it
    resolved = visitor.get("/candidaturas/41212/").text
    assert waiting not in resolved and none.search(resolved)
    assert waiting in visitor.get("/candidaturas/", {"q": "sin voto"}).text
    (row,) = csv.DictReader(io.StringIO(visitor.get("/candidaturas/lista.csv", {"q": "sin voto"}).text))
    assert (row["gasto_no_reportado"], row["gasto_total"]) == ("", "")
    publish_files(world)
    whole = body(visitor.get("/datos-abiertos/ANAHUAC-2026-campana/estados-de-cuenta.csv")).decode()
    kept = {row["contabilidad"]: row for row in csv.DictReader(io.StringIO(whole))}
    assert (kept["41220"]["gasto_no_reportado"], kept["41212"]["gasto_no_reportado"]) == ("", "0.00")
    words = visitor.get("/datos-abiertos/").text
    assert words.count("vacío mientras el Consejo no lo resuelve") == 2
    for order in ("-tope", "tope", "-no_reportado"):
        assert "Aún Sin Voto" in visitor.get("/candidaturas/", {"orden": order}).text


def test_spending_above_the_cap_is_told_as_reported(visitor: Client, world: ProcesoPublicado) -> None:
    publish_books(world, 41221, "Reportó De Más", "PX", "Partido X", "El Rosal", CAP + CAP // 100, 0)
    page = visitor.get("/candidaturas/41221/").text
    assert "Reportó un gasto mayor que su tope: 101" in page and "más de lo que la ley" not in page


def test_a_stage_published_before_the_vote_says_so(visitor: Client, world: ProcesoPublicado) -> None:
    told = "Se publicó antes de que el Consejo resolviera"
    page = flat(visitor.get("/").text)
    assert told not in page  # published before it was kept
    assert "como la autoridad las revisó" in page
    with registering():
        ProcesoPublicado.objects.filter(pk=world.pk).update(sin_voto=True)
    page = flat(visitor.get("/").text)
    assert "tal como se registraron." in page and "las revisó" not in page
    for address in ("/", "/candidaturas/", "/candidaturas/41207/", "/sanciones/"):
        assert told in visitor.get(address).text, address
