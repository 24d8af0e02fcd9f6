"""Books on screen and as files: every export is opened and set beside the screen, to the cent."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from lxml import html
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from election import Election, make_election
from kept import keeps
from sif.jobs import bounds
from sif.jobs.models import Trabajo
from sif.registry import clock
from sif.registry.models import Persona
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario
from sif.statements import tasks
from sif.statements.asked import Asked
from sif.statements.catalog import REPORTS
from sif.statements.files.heading import heading
from sif.statements.files.sheet import TooLongForPaper, paper
from sif.statements.files.workbook import write_workbook
from sif.statements.report import Report
from sif.values import Money
from small_world import MOMENT
from web.libros_books import fill


def _filled() -> Election:
    with everything(), clock.at(MOMENT):
        election = make_election()
        fill(election)
        return election


@pytest.fixture
@keeps(_filled)
def full(world_of: Any) -> Iterator[Election]:
    """Books with something for every report, at noon of 15 April 2024."""
    with everything(), clock.at(MOMENT):
        yield world_of(_filled)


@pytest.fixture
def client(full: Election) -> Client:
    """The party's head of finance, signed in."""
    return signed_in(full.world.clerk)


def signed_in(user: Any) -> Client:
    found = Client(headers={"accept-language": "es-MX"})
    found.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


def address(clave: str, query: str = "etapa=todas") -> str:
    return f"{reverse('party:libro', args=[clave])}?{query}"


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def on_screen(client: Client, clave: str) -> tuple[list[str], dict[str, Decimal]]:
    """The rows of every page of a book as text, and its totals by head."""
    rows: list[str] = []
    totals: dict[str, Decimal] = {}
    page = address(clave)
    while page:
        tree = html.fromstring(client.get(page).content)
        rows += [" ".join(row.text_content().split()) for row in tree.xpath("//table/tbody/tr")]
        totals = {
            str(cell.get("data-label")): amount(cell.text_content())
            for cell in tree.xpath("//table/tfoot//td[@data-label]")
            if cell.text_content().strip()
        }
        following = tree.xpath("//a[@rel='next']/@href")
        page = f"{reverse('party:libro', args=[clave])}{following[0]}" if following else ""
    return rows, totals


def amount(text: str) -> Decimal:
    return Money.parse(re.sub(r"[^0-9.,−-]", "", text)).pesos


@pytest.mark.parametrize("clave", REPORTS)
def test_every_file_of_every_book_says_what_the_screen_does(client: Client, clave: str) -> None:
    report = REPORTS[clave]
    rows, totals = on_screen(client, clave)
    assert rows, "el libro no tiene renglones que comparar"
    titles = {column.clave: column.titulo for column in report.columnas if column.suma}
    assert totals.keys() == set(titles.values())
    for kind, separator in (("csv", ","), ("csv_punto_y_coma", ";")):
        written = read_csv(client, clave, kind, separator)
        assert len(written) == len(rows)
        for key, title in titles.items():
            assert sum(Decimal(row[key] or 0) for row in written) == totals[title]
    workbook = body(client.get(address(clave, "etapa=todas&formato=xlsx")))
    reconcile_workbook(workbook, report, len(rows), totals)
    reconcile_paper(body(client.get(address(clave, "etapa=todas&formato=pdf"))), report, len(rows), totals)


def long_books(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every book is long."""
    for kind in bounds.MOST_ROWS:
        monkeypatch.setitem(bounds.MOST_ROWS, kind, 0)


@pytest.mark.parametrize("kind", ["csv", "csv_punto_y_coma", "xlsx", "pdf"])
def test_a_long_book_is_written_by_a_job_and_says_the_same(
    client: Client, full: Election, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, kind: str
) -> None:
    settings.DATOS = tmp_path
    page = address("mayor", f"etapa=todas&formato={kind}&desde=2024-04-01")
    direct = body(client.get(page))
    long_books(monkeypatch)
    told = client.get(page).text
    assert "su archivo se hace aparte" in told and 'method="post"' in told
    asked = client.post(page)
    done = client.get(asked["Location"]).text
    assert "su archivo está listo" in done and "Se guarda hasta el" in done
    number = asked["Location"].split("/")[2]
    answer = client.get(f"/trabajos/{number}/archivo/")
    assert answer["Content-Disposition"].startswith('attachment; filename="mayor-')
    written = body(answer)
    if kind.startswith("csv"):
        assert written == direct
    elif kind == "xlsx":
        assert grid(written) == grid(direct)
    else:
        assert len(pypdfium2.PdfDocument(written)) == len(pypdfium2.PdfDocument(direct))


def grid(data: bytes) -> list[list[Any]]:
    """The cells of a workbook but those of its heading, which says when it was made."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[6:]


def test_the_file_of_a_long_book_is_of_who_asked_while_the_books_are(
    client: Client, full: Election, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.DATOS = tmp_path
    long_books(monkeypatch)
    asked = client.post(address("mayor", "etapa=todas&formato=csv"))["Location"]
    file = f"{asked.split('?')[0]}archivo/"
    assert Client().get(file)["Location"].startswith("/cuenta/login/")
    with everything():
        stranger = create_usuario("carla.libros", "Carla Ríos", None)
        appoint(stranger, "administrador", desde=date(2024, 1, 1))
    assert signed_in(stranger).get(file).status_code == 404  # an operator sees the job, not its file
    assert client.post(file).status_code == 405
    with monkeypatch.context() as lost:
        lost.setattr(tasks, "contabilidades_of", lambda _by: [])
        assert client.get(file).status_code == 403
        refused = client.post(address("mayor", "etapa=todas&formato=csv&periodo="), follow=True).text
        assert "ya no consulta alguna de las contabilidades" in refused
    with everything():
        made = Trabajo.objects.get(pk=file.split("/")[2]).resultado["archivo"]["sha256"]
    (tmp_path / "trabajos" / made).unlink()
    assert "Pídalo otra vez" in client.get(file, follow=True).text


def read_csv(client: Client, clave: str, kind: str, separator: str) -> list[dict[str, str]]:
    text = body(client.get(address(clave, f"etapa=todas&formato={kind}"))).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=separator))


def reconcile_workbook(data: bytes, report: Report, count: int, totals: dict[str, Decimal]) -> None:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet["A1"].value == report.titulo
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert not any(
        str(cell.value).startswith("=") and cell.data_type == "f" for row in sheet.iter_rows() for cell in row
    )
    top = next(place for place, row in enumerate(values) if row[0] == report.columnas[0].titulo)
    data_rows = values[top + 1 :][:count]
    again = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert len(again) == top + 1 + count + (1 if totals else 0)
    for place, column in enumerate(report.columnas):
        if not column.suma:
            continue
        cells = [row[place] for row in data_rows if row[place] is not None]
        assert all(isinstance(cell, int | float) for cell in cells)
        found = sum(Decimal(str(cell)).quantize(Decimal("0.01")) for cell in cells)
        assert found == totals[column.titulo]
        assert Decimal(str(again[-1][place])).quantize(Decimal("0.01")) == totals[column.titulo]


def reconcile_paper(data: bytes, report: Report, count: int, totals: dict[str, Decimal]) -> None:
    document = pypdfium2.PdfDocument(data)
    pages = [page.get_textpage().get_text_range() for page in document]
    text = "\n".join(pages)
    for number, page in enumerate(pages, 1):
        assert report.titulo in page
        assert f"página {number} de {len(pages)}" in page
        assert "Sujeto obligado: Partido Ámbar" in page
        assert "Impreso el 15/04/2024, 12:00" in page
    assert f"{count} renglones" in text
    for value in totals.values():
        assert str(Money.of(value)) in text


def test_a_figure_opens_down_to_its_poliza(client: Client, full: Election) -> None:
    tree = html.fromstring(client.get(address("balanza", f"contabilidad={full.pool.pk}")).content)
    row = next(row for row in tree.xpath("//table/tbody/tr") if "1-1-02-00-0000" in row.text_content())
    ledger = row.xpath(".//a/@href")[1]
    assert row.xpath(".//a")[1].text_content() == "98,765.43"
    tree = html.fromstring(client.get(ledger).content)
    sums = [cell.text_content() for cell in tree.xpath("//tfoot//td") if cell.text_content().strip()]
    assert [amount(text) for text in sums] == [Decimal("98765.43"), Decimal("1250.75")]
    balances = [row.xpath("td")[4].text_content().strip() for row in tree.xpath("//table/tbody/tr")]
    assert balances[-1] == "97,514.68"
    poliza = tree.xpath("//tbody//a/@href")[0]
    assert client.get(poliza).status_code == 200
    assert "98,765.43" in client.get(poliza).content.decode()


def test_every_link_of_every_book_opens(client: Client) -> None:
    tried = set()
    for clave in REPORTS:
        tree = html.fromstring(client.get(address(clave)).content)
        for url in dict.fromkeys(tree.xpath("//table//a/@href")):
            kind = re.sub(r"\d+", "N", url)
            if kind not in tried:
                tried.add(kind)
                assert client.get(url).status_code == 200, url
    assert len(tried) > 20


def test_a_line_of_a_statement_opens_rows_that_add_up_to_it(client: Client) -> None:
    tree = html.fromstring(client.get(address("flujo")).content)
    for row in tree.xpath("//table/tbody/tr"):
        link = row.xpath(".//a")
        if not link or "/diario/" not in link[0].get("href"):
            continue
        opened = html.fromstring(client.get(link[0].get("href")).content)
        sums = [amount(cell.text_content()) for cell in opened.xpath("//tfoot//td") if cell.text_content().strip()]
        debit, credit = sums or (Decimal(0), Decimal(0))
        assert amount(link[0].text_content()) == credit - debit


def test_the_filter_is_kept_and_what_is_not_understood_is_said(client: Client, full: Election) -> None:
    answer = client.get(
        address("diario", f"contabilidad={full.pool.pk}&desde=2024-04-14&cuenta=1-1-02")
    ).content.decode()
    assert 'value="14/04/2024"' in answer and 'value="1-1-02"' in answer
    assert "desde el 2024-04-14" in answer and answer.count("1-1-02-00-0000") >= 1
    for query, words in (
        ("desde=2024-02-31", "No es un día del calendario"),
        ("cuenta=XX", "no es una cuenta"),
        ("desde=2024-04-10&hasta=2024-04-01", "anterior al primero"),
        ("tipo=raro", "«raro» no es una de las opciones"),
        ("auxiliar=4", "de qué catálogo"),
    ):
        answer = client.get(address("diario", query)).content.decode()
        assert words in answer and "<tbody" not in answer


def test_the_auxiliary_of_another_shows_no_name_in_a_book(client: Client, full: Election) -> None:
    with everything():
        found = Persona.objects.create(nombre="Rita Rival")
    for number in (found.pk, 10**8):
        page = client.get(
            address("auxiliares", f"etapa=todas&auxiliar_tipo=persona&auxiliar={number}")
        ).content.decode()
        assert "Rita Rival" not in page and "no está en sus catálogos" in page


def test_a_stranger_sees_nothing(full: Election) -> None:
    numbers = (full.pool.pk, full.world.foreign.pk)
    stranger = signed_in(full.world.stranger)
    for clave in REPORTS:
        assert stranger.get(address(clave, f"contabilidad={numbers[0]}")).status_code == 403
        assert stranger.get(address(clave, f"contabilidad={numbers[1]},{numbers[0]}")).status_code == 403
        assert "98,765.43" not in stranger.get(address(clave)).content.decode()
    assert stranger.get(f"{reverse('party:libros_sat')}?contabilidad={numbers[0]}&mes=2024-04").status_code == 403
    assert signed_in(full.world.auditor).get(reverse("party:libros")).status_code == 403
    assert Client().get(reverse("party:libros")).status_code == 302
    assert stranger.get(reverse("party:libro", args=["nada"])).status_code == 404


def test_a_streamed_file_is_read_in_its_own_scope(client: Client, full: Election) -> None:
    """The request has closed its scope when the file is read; another's books never enter it."""
    text = body(client.get(address("diario", "etapa=todas&formato=csv"))).decode()
    assert str(full.pool.pk) in text and f";{full.world.foreign.pk};" not in text
    assert "'=2+2 Volantes" in text


def test_a_sheet_that_ends_goes_on_in_the_next(full: Election) -> None:
    asked = Asked((full.pool.pk,))
    with everything():
        rows = REPORTS["diario"].filas(asked)
        head = heading(REPORTS["diario"], asked, [full.pool], full.pool.habilitada_el)
        stream = io.BytesIO()
        sheets = write_workbook(stream, REPORTS["diario"], rows, head, sheet_rows=14)
        book = load_workbook(stream)
        assert len(book.worksheets) == sheets > 1
        assert all(sheet.max_row <= 14 for sheet in book.worksheets)
        assert "continúa en la hoja siguiente" in str([cell.value for cell in book.worksheets[0]["A"]])
        column = next(p for p, c in enumerate(REPORTS["diario"].columnas) if c.clave == "cargo")
        values = [
            row[column].value
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            if isinstance(row[column].value, int | float)
        ]
    total = rows.totals()["cargo"]
    assert isinstance(total, Money)
    assert sum(Decimal(str(value)).quantize(Decimal("0.01")) for value in values) == 2 * total.pesos


def test_a_book_too_long_for_paper_says_so(client: Client, full: Election, monkeypatch: pytest.MonkeyPatch) -> None:
    from sif.statements.files import sheet

    monkeypatch.setattr(sheet, "PAPER_ROWS", 3)
    asked = Asked((full.pool.pk,))
    with everything(), pytest.raises(TooLongForPaper, match="admite 3 renglones"):
        report = REPORTS["diario"]
        paper(report, report.filas(asked), heading(report, asked, [full.pool], full.pool.habilitada_el))
    answer = client.get(address("diario", "etapa=todas&formato=pdf"))
    assert "Acote los días" in answer.content.decode()


def test_sat_files_come_from_the_page(client: Client, full: Election) -> None:
    page = reverse("party:libros_sat")
    assert client.get(page).status_code == 200
    answer = client.get(f"{page}?contabilidad={full.pool.pk}&mes=2024-04&archivo=balanza")
    assert answer["Content-Disposition"] == 'attachment; filename="PAM140101AB1202404BN.zip"'
    assert body(answer).startswith(b"PK")
    refused = client.get(f"{page}?contabilidad={full.pool.pk}&mes=2024-04&archivo=polizas&orden=12").content.decode()
    assert "no es un número de orden" in refused
