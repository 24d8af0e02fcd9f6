"""A person without a file is given a template, and an example that loads as it is, of candidacies and of caps."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from registry.test_cap_formulas import book
from sif.jobs.sheets import write_csv
from sif.registry.candidaturas import read_candidaturas
from sif.registry.loading import preview
from sif.registry.models import Ambito, Candidatura, Etapa, Nombramiento
from sif.registry.sample_files import candidacy_example
from sif.registry.scope import everything
from sif.registry.services import appoint, create_etapa, create_proceso, create_usuario
from sif.registry.sujetos import NewSujeto, register_subject
from sif.registry.topes import read_topes
from sif.web.admin.uploads import SAMPLES
from web.admin_scene import Enter, _folder, address, people, stage_of

__all__ = ["_folder", "people"]
FORMS = ("xlsx", "csv")


def sample(client: Client, page: str, etapa: Etapa, what: str) -> Any:
    return client.get(address(page), {"etapa": etapa.pk, "archivo": what})


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def upload(client: Client, page: str, etapa: Etapa, name: str, data: bytes) -> Any:
    return client.post(address(page), {"etapa": etapa.pk, "archivo": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("form", FORMS)
def test_the_examples_load_as_they_are(people: Any, enter: Enter, form: str) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    ana.post(address("sujeto_nuevo"), {"tipo": "partido_local", "siglas": "PLA", "nombre": "Ámbar de Durango"})
    assert "Ejemplo XLSX" in ana.get(address("candidaturas_cargar")).text
    data = content(sample(ana, "candidaturas_plantilla", etapa, f"ejemplo-{form}"))
    url = upload(ana, "candidaturas_cargar", etapa, f"ejemplo.{form}", data)["Location"]
    seen = ana.get(url).context["visto"]
    assert (seen.total, seen.nuevas, seen.problemas, seen.ajenas, seen.sin_acuerdo) == (3, 3, (), (), 0)
    [party] = seen.nombres
    done = ana.post(url, {"sujeto_0": party.sujeto.pk}, follow=True).text
    assert "Entraron 3 candidaturas" in done
    with everything():
        assert {each.cargo.clave for each in Candidatura.objects.all()} == {
            *("DIPUTACION-LOCAL-MR", "PRESIDENCIA-MUNICIPAL")  # this process elects no governor
        }
        assert candidacy_example(etapa).renglones == (), "none of it would enter again"
    caps = content(sample(ana, "topes_plantilla", etapa, f"ejemplo-{form}"))
    url = upload(ana, "topes", etapa, f"topes.{form}", caps)["Location"]
    seen = ana.get(url).context
    assert (seen["alcanza"], seen["del_archivo"]) == (2, [])
    blank = content(sample(ana, "topes_plantilla", etapa, f"plantilla-{form}"))
    with everything():
        assert [each.donde for each in read_topes(blank, etapa).problemas] == [f"fila {n}, tope" for n in (2, 3)]


def test_a_template_has_the_columns_that_are_read_and_nothing_else(people: Any, enter: Enter) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    made = load_workbook(io.BytesIO(content(sample(ana, "candidaturas_plantilla", etapa, "plantilla-xlsx"))))
    [heads] = made.worksheets[0].iter_rows(values_only=True)
    helped = ana.get(address("candidaturas_cargar")).context["ayudas"]
    assert tuple(helped) == heads and "PARTIDO" in heads
    text = content(sample(ana, "candidaturas_plantilla", etapa, "plantilla-csv")).decode("utf-8-sig")
    assert text == ",".join(heads) + "\r\n"


@pytest.mark.parametrize(
    ("ambito", "entidad", "tipo", "parties", "rows"),
    [
        (Ambito.FEDERAL, "", Etapa.Tipo.CAMPANA, 2, 4),
        (Ambito.FEDERAL, "", Etapa.Tipo.PRECAMPANA, 1, 4),
        (Ambito.LOCAL, "DIF", Etapa.Tipo.CAMPANA, 0, 4),
        (Ambito.LOCAL, "OAX", Etapa.Tipo.APOYO_CIUDADANO, 1, 4),
    ],
)
def test_the_example_of_each_kind_of_stage_enters_whole(
    people: Any, ambito: str, entidad: str, tipo: str, parties: int, rows: int
) -> None:
    with everything():
        for name in ("Uno", "Dos")[:parties]:
            register_subject(NewSujeto("partido", f"P{name}", f"Partido {name}"), people[0])
        proceso = create_proceso(clave="P", nombre="P", ambito=ambito, entidad=entidad, anio=2022)
        etapa = create_etapa(proceso, tipo, date(2022, 4, 3), date(2022, 6, 1))
        made = candidacy_example(etapa)
        stream = io.BytesIO()
        write_csv(stream, made.columnas, made.renglones)
        seen = preview(stream.getvalue(), etapa)
    assert (seen.nuevas, seen.problemas, seen.ajenas) == (rows, (), ())
    named = 0 if tipo == Etapa.Tipo.APOYO_CIUDADANO else parties
    assert all(name.sujeto for name in seen.nombres) and len(seen.nombres) == named


@pytest.mark.django_db
def test_a_formula_is_told_at_its_cell_and_a_day_is_read() -> None:
    heads = ("PARTIDO", "CARGO", "ENTIDAD", "NOMBRE", "FECHA_APROBACION", "TOPE")
    row = ("PA", "GUBERNATURA", "OAXACA", "ANA LUNA", date(2022, 4, 3), 1234.5)
    [good] = read_candidaturas(book(heads, row), "mx").filas
    assert (good.aprobada_el, good.tope and good.tope.centavos) == (date(2022, 4, 3), 1_234_50)
    bad = book(heads, row, (*row[:5], "=F2*2"), (*row[:4], "#REF!", None))
    read = read_candidaturas(bad, "mx")
    assert not read.filas
    assert [(each.donde, each.mensaje) for each in read.problemas] == [
        ("celda F3", "Tiene una fórmula."),
        ("celda E4", "Tiene un error (#REF!)."),
    ]
    [told] = read_candidaturas(b"PK\x03\x04 nothing of a book", "mx").problemas
    assert told.codigo == "truncado"


def test_nobody_else_is_given_one_and_what_there_is_not_is_not_found(people: Any, enter: Enter) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    eva = create_usuario("eva", "Eva", None)
    appoint(eva, Nombramiento.Rol.REVISOR)
    for page in ("candidaturas_plantilla", "topes_plantilla"):
        assert sample(enter(eva), page, etapa, "ejemplo-csv").status_code == 403
        assert "/cuenta/login/" in sample(Client(), page, etapa, "ejemplo-csv")["Location"]
        assert ana.post(address(page)).status_code == 405
        for asked in ({}, {"etapa": "²", "archivo": "ejemplo-csv"}, {"etapa": etapa.pk, "archivo": "ejemplo-pdf"}):
            assert ana.get(address(page), asked).status_code == 404
        assert ana.get(address(page), {"etapa": etapa.pk + 1, "archivo": next(iter(SAMPLES))}).status_code == 404
