"""Bancos: who may enter, what a file becomes, what is accepted, what stays in sight, and the month on paper."""

import signal
import socket
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scene import Scene
from sif.banks import selectors
from sif.banks.models import ConciliacionMensual, Enlace, EstadoDeCuenta, ExplicacionPendiente
from sif.banks.selectors import open_lines, open_movements
from sif.banks.services import load_statement
from sif.banks.statement import Statement, StatementLine
from sif.banks.tasks import ask_to_load
from sif.banks.write import write_csv, write_mt940, write_ofx
from sif.books.models import Borrador
from sif.registry import opening
from sif.registry.scope import everything
from sif.sandbox.client import Client
from sif.sandbox.opening import Limits
from sif.values import Money
from sif.web.party.bancos import account_page, bank_list

pytestmark = pytest.mark.django_db


def statement(scene: Scene, *rows: tuple[str, str]) -> Statement:
    """A statement of the month in which the first period ended, all its lines on that day."""
    day = scene.periodos[0].hasta
    lines = tuple(StatementLine(day, Money.parse(m), "", words, f"K{n}") for n, (m, words) in enumerate(rows))
    total = Money(sum(each.monto.centavos for each in lines))
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Statement("", scene.banco.clabe, first, last, Money(0), total, lines)


@pytest.fixture
def bank(scene: Scene) -> Scene:
    """A donation in the books and in the bank, and a fee that only the bank knows."""
    scene.post(scene.gift("5,000.00"))
    with everything():
        data = write_ofx(statement(scene, ("5000.00", "SPEI DONANTE UNO"), ("-58.00", "COMISION CHEQUERA")))
        load_statement(scene.banco, ("mayo.ofx", data), scene.alicia)
    return scene


def upload(client: Any, scene: Scene, name: str, data: bytes) -> Any:
    """Send a file as the form does."""
    return client.post(f"/partido/bancos/{scene.banco.pk}/estado/", {"archivo": SimpleUploadedFile(name, data)})


def test_a_stranger_reaches_no_page(bank: Scene, enter: Any) -> None:
    client = enter(bank.carla)
    with everything():
        line, linked = open_lines(bank.banco).last(), EstadoDeCuenta.objects.get()
    base = f"/partido/bancos/{bank.banco.pk}/"
    day = bank.periodos[0].hasta
    for path in ("", f"banco/{line.pk}/", f"archivo/{linked.pk}/", f"conciliacion/{day.year}/{day.month}/"):
        assert client.get(base + path).status_code == 404, path
    for path in ("estado/", "aceptar/", "deshacer/", "enlazar/", f"registrar/{line.pk}/", f"banco/{line.pk}/"):
        assert client.post(base + path).status_code == 404, path
    assert bank.banco.clabe not in client.get("/partido/bancos/").content.decode()
    assert client.get("/partido/bancos/999999/").status_code == 404


def test_the_list_says_what_is_left_and_goes_to_a_file(bank: Scene, enter: Any) -> None:
    client = enter(bank.alicia)
    page = client.get("/partido/bancos/").content.decode()
    assert "2 del banco, 1 de libros" in page
    sheet = client.get("/partido/bancos/?formato=csv").content.decode("utf-8-sig").splitlines()
    assert sheet[1].split(",")[5:9] == ["4942.00", "5000.00", "2", "1"]
    assert client.get("/partido/bancos/?formato=xlsx").content[:2] == b"PK"


def test_a_file_is_received_once_and_a_bad_one_says_why(bank: Scene, enter: Any) -> None:
    client = enter(bank.alicia)
    again = write_ofx(statement(bank, ("5000.00", "SPEI DONANTE UNO"), ("-58.00", "COMISION CHEQUERA")))
    assert upload(client, bank, "otra.ofx", again).status_code == 302
    assert "Ese estado ya estaba cargado" in client.get(f"/partido/bancos/{bank.banco.pk}/").content.decode()
    for data, words in (
        (b"MZ\x90\x00programa", "un programa de Windows"),
        (again[:500], "cortado"),
        (write_mt940(statement(bank, ("1.00", "X"))).replace(b"MXN", b"USD"), "USD"),
        (again.replace(b"002180000000000009", b"012180015123456787"), "012180015123456787"),
    ):
        answer = upload(client, bank, "malo", data)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    with everything():
        assert EstadoDeCuenta.objects.count() == 1


def test_a_file_server_killed_while_it_reads_is_told_and_the_next_file_enters(
    scene: Scene, enter: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = Client(tmp_path, ("sif.sandbox.probe", "sif.banks.openers"))
    monkeypatch.setattr(opening, "client", lambda _name: files)
    data = write_ofx(statement(scene, ("5000.00", "SPEI DONANTE UNO")))
    person, sent = enter(scene.alicia), socket.send_fds

    def kill(*given: Any) -> int:
        assert files._own is not None
        files._own.send_signal(signal.SIGSTOP)  # it has the request and answers nothing
        done = sent(*given)
        files._own.kill()
        files._own.wait()
        return done

    try:
        files.ask("sonda", b"x", {}, Limits())
        monkeypatch.setattr(socket, "send_fds", kill)
        answer = upload(person, scene, "mayo.ofx", data)
        assert (answer.status_code, "El servidor de archivos se detuvo" in answer.content.decode()) == (422, True)
        monkeypatch.setattr(socket, "send_fds", sent)
        assert upload(person, scene, "mayo.ofx", data).status_code == 302
    finally:
        files.close()
    with everything():
        assert EstadoDeCuenta.objects.get().lineas_nuevas == 1


def test_the_columns_of_a_csv_are_named_once(scene: Scene, enter: Any) -> None:
    client = enter(scene.alicia)
    data = write_csv(statement(scene, ("5000.00", "DEPOSITO"), ("-58.00", "COMISION")), ";", "cp1252")
    answer = upload(client, scene, "enero.csv", data)
    form = client.get(answer["location"])
    assert "Depósitos" in form.content.decode()
    typed = {
        "fecha": "Fecha",
        "cargo": "Retiros",
        "abono": "Depósitos",
        "saldo": "Saldo",
        "descripcion": "Concepto",
        "formato_fecha": "%d/%m/%Y",
        "decimal": ".",
    }
    wrong = client.post(answer["location"], {**typed, "formato_fecha": "%Y-%m-%d"})
    assert (wrong.status_code, "fila 2, Fecha" in wrong.content.decode()) == (422, True)
    assert client.post(answer["location"], typed).status_code == 302
    more = write_csv(statement(scene, ("5000.00", "DEPOSITO"), ("-58.00", "COMISION")), ",")
    assert upload(client, scene, "febrero.csv", more)["location"].endswith(f"/bancos/{scene.banco.pk}/")
    with everything():
        assert [each.lineas_nuevas for each in EstadoDeCuenta.objects.order_by("pk")] == [2, 0]
    assert enter(scene.alicia).get(answer["location"]).status_code == 404


def test_a_long_statement_is_loaded_by_a_job(scene: Scene, enter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = enter(scene.alicia)
    data = write_ofx(statement(scene, ("5000.00", "SPEI DONANTE UNO"), ("-58.00", "COMISION")))
    monkeypatch.setattr(bank_list, "MOST_BYTES", len(data) - 1)
    done = client.get(upload(client, scene, "mayo.ofx", data)["location"], follow=True)
    assert "Estado de cuenta cargado: 2 movimientos nuevos." in done.content.decode()
    assert done.redirect_chain[-1][0] == f"/partido/bancos/{scene.banco.pk}/"
    again = client.get(upload(client, scene, "mayo.ofx", data)["location"], follow=True)
    assert "Ese estado ya estaba cargado" in again.content.decode()
    other = data.replace(b"002180000000000009", b"012180015123456787")
    told = client.get(upload(client, scene, "ajeno.ofx", other)["location"], follow=True).content.decode()
    assert "No se cargó nada" in told and "012180015123456787" in told
    with everything():
        assert [each.lineas_nuevas for each in EstadoDeCuenta.objects.all()] == [2]
        with pytest.raises(PermissionError, match="otro sujeto"):
            ask_to_load(scene.banco, ("mayo.ofx", data), scene.carla)
    monkeypatch.setattr(bank_list, "MOST_BYTES", len(data))
    assert upload(client, scene, "mayo.ofx", data)["location"].endswith(f"/bancos/{scene.banco.pk}/")


def test_a_long_csv_is_loaded_by_a_job_with_the_columns_that_were_named(
    scene: Scene, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (bank_list, account_page):
        monkeypatch.setattr(module, "MOST_BYTES", 0)
    client = enter(scene.alicia)
    typed = {
        "fecha": "Fecha",
        "cargo": "Retiros",
        "abono": "Depósitos",
        "descripcion": "Concepto",
        "formato_fecha": "%d/%m/%Y",
        "decimal": ".",
        "saldo_inicial": "0.00",
        "saldo_final": "4,942.00",
    }
    for name, lines in (("enero.csv", 2), ("febrero.csv", 0)):  # columns that are known are shown again, not guessed
        data = write_csv(statement(scene, ("5000.00", "DEPOSITO"), ("-58.00", "COMISION")), ";,"[name == "febrero.csv"])
        form = upload(client, scene, name, data)["location"]
        assert "/columnas/" in form or "archivo" in form
        done = client.get(client.post(form, typed)["location"], follow=True).content.decode()
        assert "Estado de cuenta cargado" in done
        with everything():
            assert EstadoDeCuenta.objects.latest("pk").lineas_nuevas == lines


def test_a_page_without_proposals_says_why(scene: Scene, enter: Any) -> None:
    page = f"/partido/bancos/{scene.banco.pk}/"
    alicia = enter(scene.alicia)
    assert "Cargue un estado de cuenta" in alicia.get(page).text
    upload(alicia, scene, "mayo.ofx", write_ofx(statement(scene, ("-58.00", "COMISION CHEQUERA"))))
    loaded = alicia.get(page).text
    assert "Cargue un estado de cuenta" not in loaded
    assert "1 línea no se parece a ninguna póliza: está en «Sin póliza»." in loaded


def test_accept_undo_and_link_by_hand(bank: Scene, enter: Any) -> None:
    client, base = enter(bank.alicia), f"/partido/bancos/{bank.banco.pk}/"
    page = client.get(base).content.decode()
    assert "Mismo importe, el mismo día" in page
    assert "Aceptar la segura" in page
    client.post(base + "aceptar/", {"todas": "1"})
    with everything():
        made = Enlace.objects.get()
    assert "Alicia Robles Zepeda" in client.get(base + "?vista=enlaces").content.decode()
    client.post(base + "deshacer/", {"enlace": made.pk})
    with everything():
        lines, movement = list(open_lines(bank.banco)), open_movements(bank.banco).get()
    refused = client.post(base + "enlazar/", {"lineas": lines[1].pk, "elegir": movement.pk})
    assert (refused.status_code, "difieren en" in refused.content.decode()) == (409, True)
    deposit = next(each for each in lines if each.monto > 0)
    assert "mismo importe" in client.get(base + f"banco/{deposit.pk}/").content.decode()
    assert client.post(base + "enlazar/", {"lineas": deposit.pk, "elegir": movement.pk}).status_code == 302
    assert client.get(base + f"banco/{deposit.pk}/").status_code == 404


def test_an_account_with_much_to_reconcile_goes_part_by_part(
    bank: Scene, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "MOST_PROPOSED", 1)
    client, base = enter(bank.alicia), f"/partido/bancos/{bank.banco.pk}/"
    with everything():
        day = open_lines(bank.banco)[0].fecha
    page = client.get(base, {"desde": f"{day:%Y-%m-%d}"}).text
    assert "se comparan 1 a la vez" in page
    assert "Desde la más antigua" in page
    assert f'name="desde" value="{day:%Y-%m-%d}"' in page
    assert client.get(base, {"desde": "ayer"}).status_code == 200
    client.post(base + "aceptar/", {"todas": "1", "desde": f"{day:%Y-%m-%d}"})
    with everything():
        assert Enlace.objects.count() == 1


def test_what_is_unexplained_stays_until_said_or_recorded(bank: Scene, enter: Any) -> None:
    client, base = enter(bank.alicia), f"/partido/bancos/{bank.banco.pk}/"
    with everything():
        fee = open_lines(bank.banco).get(monto__lt=0)
    assert "Sin explicar" in client.get(base + "?vista=banco").content.decode()
    assert client.post(base + f"banco/{fee.pk}/", {"texto": " "}).status_code == 422
    client.post(base + f"banco/{fee.pk}/", {"texto": "Se registra en la semana"})
    assert "Se registra en la semana" in client.get(base + "?vista=banco").content.decode()
    answer = client.post(base + f"registrar/{fee.pk}/")
    with everything():
        assert ExplicacionPendiente.objects.count() == 1
        content = Borrador.objects.get().contenido
    assert answer["location"].startswith(f"/partido/borradores/{bank.libros.pk}/")
    assert [(each["cuenta"], each["cargo"], each["abono"]) for each in content["lineas"]] == [
        ("5-5-09-01-0000", "58.00", ""),
        ("1-1-02-00-0000", "", "58.00"),
    ]
    assert [each["clase"] for each in content["evidencias"]] == ["estado_cuenta"]
    assert client.get(answer["location"]).status_code == 200
    assert client.post(base + f"registrar/{fee.pk}/")["location"] == answer["location"]


def test_the_month_on_screen_and_in_a_file_add_up(bank: Scene, enter: Any) -> None:
    client = enter(bank.alicia)
    day = bank.periodos[0].hasta
    url = f"/partido/bancos/{bank.banco.pk}/conciliacion/{day.year}/{day.month}/"
    page = client.get(url).content.decode()
    assert "4,942.00" in page
    assert "Cuadra al centavo" in page
    rows = [line.split(",") for line in client.get(url + "?formato=csv").content.decode("utf-8-sig").splitlines()[1:]]
    amounts = [Money.parse(row[-1]).centavos for row in rows]
    assert sum(amounts[:-1]) == amounts[-1] == 494_200
    assert client.get(url + "?formato=xlsx").content[:2] == b"PK"
    answer = client.post(url)
    ended = date.today() > day.replace(day=1) + timedelta(days=31)  # noqa: DTZ011 - the scene is dated by the real clock
    with everything():
        assert (answer.status_code == 302) == bool(ConciliacionMensual.objects.exists()) or ended
    assert client.get(f"/partido/bancos/{bank.banco.pk}/conciliacion/2024/13/").status_code == 404


def _picture(page: str, question: str) -> str:
    return page.split(f"<h2>{question}</h2>")[1].split("</figure>")[0]


def test_the_pictures_of_an_account_say_what_its_tables_say(bank: Scene, enter: Any) -> None:
    client, base = enter(bank.alicia), f"/partido/bancos/{bank.banco.pk}/"
    held = _picture(client.get("/partido/bancos/").text, "¿Cuánto había en el banco al cerrar cada mes?")
    assert f"·{bank.banco.clabe[-4:]}" in held
    assert "4,942.00" in held.split("<details")[1]
    sides = _picture(client.get(base).text, "¿Dicen lo mismo el banco y los libros?")
    assert ("4,942.00" in sides.split("<details")[1], "5,000.00" in sides.split("<details")[1]) == (True, True)
    month = bank.periodos[0].hasta
    left = _picture(
        client.get(f"{base}conciliacion/{month.year}/{month.month}/").text, "¿Qué falta por conciliar, mes a mes?"
    )
    assert "Conciliadas: 0</title>" in left
    assert "En el banco y no en los libros: 2</title>" in left
    assert "En los libros y no en el banco: 1</title>" in left


def test_an_account_without_statements_draws_nothing_and_says_it(scene: Scene, enter: Any) -> None:
    page = enter(scene.alicia).get("/partido/bancos/").text
    assert "Ninguna cuenta tiene estados; al cargarlos se dibujan aquí sus saldos." in page


def test_a_candidate_reads_and_does_not_write(bank: Scene, enter: Any) -> None:
    from sif.registry.services import appoint, create_usuario

    with everything():
        reader = create_usuario("lector-bancos", "Lector", "", password_hash="!")
        appoint(reader, "consulta", bank.partido, desde=bank.etapa.inicia_el)
    client, base = enter(reader), f"/partido/bancos/{bank.banco.pk}/"
    page = client.get(base).content.decode()
    assert "Soltar" not in page
    assert 'name="archivo"' not in page
    assert client.post(base + "aceptar/", {"todas": "1"}).status_code == 403
    assert upload(client, bank, "a.csv", b"Fecha,Concepto,Retiros,Dep\n").status_code == 403
