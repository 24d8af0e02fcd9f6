"""The log of availability: minutes, outages to the minute, gaps, seals of days, and what is certified of them."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.db import Error, transaction

from sif.availability.certifying import Holder, certify, check_span, extension_of, verify_constancia
from sif.availability.kept import keep_seals, kept_faults, log_faults
from sif.availability.measuring import FAILURES, PROBED, Meter, Probe, folder_of
from sif.availability.reading import days, failures_of, minutes_of, read
from sif.availability.sealing import Fault, seal_ended, sealed_days, unread_days, verify_days
from sif.availability.sheet import constancia_sheet
from sif.availability.tasks import seal
from sif.commands.main import main
from sif.registry import clock
from sif.registry.models import SelloBitacora
from sif.signing import minting
from sif.values import Refused

DEADLINE = datetime(2026, 6, 5, 6, 0, tzinfo=UTC)  # 24:00 of 4 June in the zone of Mexico
HOUR = DEADLINE - timedelta(hours=1)


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return minting.new_key()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of(tmp_path, PROBED)


def probed(folder: Path, since: datetime, minutes: int, down: tuple[datetime, datetime] | None = None) -> None:
    """A probe every ten seconds, without an answer within a span."""
    probe = Probe(folder)
    for n in range(minutes * 6 + 1):
        moment = since + timedelta(seconds=10 * n)
        probe.note(moment, 4.5, "503" if down and down[0] <= moment < down[1] else "")


def test_seven_minutes_without_database_in_the_deadline_hour_are_seven_to_the_minute(folder: Path) -> None:
    stopped = HOUR + timedelta(minutes=41), HOUR + timedelta(minutes=48)
    probed(folder, HOUR, 60, stopped)
    log = read(folder.parents[1], HOUR, DEADLINE)
    assert [(each.desde, each.hasta) for each in log.caidas] == [stopped]
    assert minutes_of(log.caidas) == 7 and log.huecos == () and log.ilegibles == 0
    assert extension_of(log, DEADLINE, timedelta(hours=24)) == 7
    assert extension_of(log, HOUR + timedelta(minutes=44), timedelta(hours=24)) == 3
    assert sum(each.fallas for each in log.minutos) == 42
    assert next(each.sin_servicio for each in days(log)) == 7


def test_an_outage_that_has_not_ended_is_open_and_one_over_midnight_is_of_both_days(folder: Path) -> None:
    midnight = datetime(2026, 6, 5, tzinfo=UTC)
    probed(
        folder, midnight - timedelta(minutes=10), 20, (midnight - timedelta(minutes=2), midnight + timedelta(minutes=3))
    )
    after = read(folder.parents[1], midnight, midnight + timedelta(minutes=20))
    assert [minutes_of([each]) for each in after.caidas] == [3]
    within = read(folder.parents[1], midnight - timedelta(minutes=10), midnight + timedelta(minutes=1))
    assert [(each.abierto, minutes_of([each])) for each in within.caidas] == [(True, 3)]


def test_a_day_wholly_within_an_outage_is_down_and_one_probe_alone_is_no_outage(folder: Path) -> None:
    began = datetime(2026, 6, 1, 10, tzinfo=UTC)
    probed(folder, began - timedelta(minutes=5), 60 * 72, (began, began + timedelta(hours=70)))
    log = read(folder.parents[1], began + timedelta(hours=40), began + timedelta(hours=64))
    assert minutes_of(log.caidas) == 24 * 60 and log.huecos == ()
    assert days(log)[1].sin_servicio == 24 * 60 - 120
    alone = HOUR + timedelta(minutes=20)
    probed(folder, HOUR, 60, (alone, alone + timedelta(seconds=10)))
    assert read(folder.parents[1], HOUR, DEADLINE).caidas == ()


def test_minutes_that_nobody_measured_are_a_gap_and_not_an_outage(folder: Path) -> None:
    probed(folder, HOUR, 10)
    probed(folder, HOUR + timedelta(minutes=30), 10)
    log = read(folder.parents[1], HOUR, DEADLINE)
    assert log.caidas == ()
    assert [minutes_of([each]) for each in log.huecos] == [20, 20]  # between, and to the end
    nothing = read(folder.parents[1], HOUR - timedelta(days=9), HOUR - timedelta(days=8))
    assert [(each.desde, each.hasta) for each in nothing.huecos] == [(nothing.desde, nothing.hasta)]


def test_an_outage_in_which_nobody_measured_ends_where_the_measures_do(folder: Path) -> None:
    probe = Probe(folder)
    for n in range(12):
        probe.note(HOUR + timedelta(seconds=10 * n), 4.5, "" if n < 6 else "negada")
    Probe(folder).note(HOUR + timedelta(minutes=40), 4.5)
    log = read(folder.parents[1], HOUR, HOUR + timedelta(minutes=41))
    assert [(each.desde, each.hasta) for each in log.caidas] == [(HOUR + timedelta(minutes=1),) * 2]
    assert [minutes_of([each]) for each in log.huecos] == [39]


def test_pages_are_measured_by_module_and_minute_and_a_failure_keeps_its_request(folder: Path) -> None:
    meter = Meter(lambda log: folder_of(folder.parents[1], log))
    for n in range(20):
        meter.note(HOUR + timedelta(seconds=n), "partido", 200, float(n + 1), {"pedido": "A", "persona": 7})
    meter.note(
        HOUR + timedelta(seconds=30),
        "partido",
        503,
        900.0,
        {"pedido": "B", "persona": 7, "operacion": "party:presentar"},
    )
    assert [each.pedido for each in read(folder.parents[1], HOUR, DEADLINE).fallas] == ["B"]
    meter.note(HOUR + timedelta(minutes=1), "portal", 200, 3.0, {})
    (minute,) = read(folder.parents[1], HOUR, DEADLINE).minutos
    assert (minute.modulo, minute.peticiones, minute.fallas, minute.p95_ms, minute.mayor_ms) == (
        "partido",
        21,
        1,
        20.0,
        900.0,
    )
    meter.flush(HOUR + timedelta(days=2))  # written in the file of a later day, and still of its minute
    assert [each.modulo for each in read(folder.parents[1], HOUR, DEADLINE + timedelta(days=1)).minutos] == [
        "partido",
        "portal",
    ]


def test_a_line_that_is_not_read_is_counted_and_stops_nothing(folder: Path) -> None:
    probed(folder, HOUR, 5)
    with (folder / "2026-06-05.jsonl").open("ab") as file:
        file.write(b'{"fuente":"sonda"}\nrota\n{"fuente":"falla","momento":"2026-06-05T05:01:00.000Z"}\n')
    assert read(folder.parents[1], HOUR, DEADLINE).ilegibles == 3


@pytest.mark.parametrize(
    "line",
    [
        '{"fuente":"sonda","momento":"2026-06-05T05:01:00","estado":"cae"}',
        '{"fuente":"sonda","momento":"9999-12-31T23:59:00Z","estado":"cae"}',
        '{"fuente":"sonda","minuto":"9999-12-31T23:59Z","modulo":"x","peticiones":1,"fallas":1,"p95_ms":1,"mayor_ms":1}',
        '{"fuente":"sonda","minuto":"2026-06-05T05:01","modulo":"x","peticiones":1,"fallas":1,"p95_ms":1,"mayor_ms":1}',
        '{"fuente":"x","minuto":"2026-06-05T05:01Z","modulo":"x","peticiones":Infinity,"fallas":1,"p95_ms":1,"mayor_ms":1}',
        '{"fuente":"sonda","minuto":"2026-06-05T05:09Z","modulo":"x","peticiones":0,"fallas":0,"p95_ms":1,"mayor_ms":1}',
        '{"fuente":"sonda","minuto":"2026-06-05T05:09Z","modulo":"x","peticiones":1,"fallas":2,"p95_ms":1,"mayor_ms":1}',
        '{"fuente":"sonda","momento":"2026-06-04T05:01:00Z","estado":"cae"}',
        '{"fuente":"sonda","minuto":"2026-06-04T05:01Z","modulo":"x","peticiones":6,"fallas":6,"p95_ms":1,"mayor_ms":1}',
        '{"fuente":"sonda","momento":"2026-06-06T00:00:00Z","estado":"vuelve"}',
        '{"fuente":"falla","momento":"2026-06-04T05:01:00Z","persona":7,"modulo":"partido","estado":503,"ms":1}',
        '{"fuente":"falla","momento":"2026-06-05T05:01:00","persona":7,"modulo":"partido","estado":503,"ms":1}',
        "[" * 100_000,
    ],
    ids=[
        "no zone",
        "far",
        "far minute",
        "minute without zone",
        "infinite",
        "none asked",
        "more failed",
        "of the day before",
        "minute of the day before",
        "of the day after",
        "failure of the day before",
        "failure",
        "deep",
    ],
)
def test_a_line_that_somebody_else_wrote_stops_no_page(folder: Path, line: str) -> None:
    probed(folder, HOUR, 5)
    data, before = folder.parents[1], read(folder.parents[1], HOUR, DEADLINE)
    for log in (PROBED, FAILURES):
        with (folder_of(data, log) / "2026-06-05.jsonl").open("a") as file:
            file.write(f"{line}\n")
    found = read(data, HOUR, DEADLINE)
    assert (found.ilegibles, found.caidas, found.minutos) == (2, before.caidas, before.minutos)
    assert failures_of(data, 7, HOUR, DEADLINE) == []


def test_days_that_ended_are_sealed_once_and_a_changed_cut_or_missing_day_is_named(
    folder: Path, key: RSAPrivateKey
) -> None:
    for n in range(3):
        probed(folder, HOUR + timedelta(days=n), 3)
    now = HOUR + timedelta(days=2, minutes=30)
    assert [each.dia.day for each in seal_ended(folder, key, now)] == [5, 6]
    assert seal_ended(folder, key, now) == []
    assert verify_days(folder, key.public_key()) == []
    first = folder / "2026-06-05.jsonl"
    whole = first.read_bytes()
    first.write_bytes(whole.replace(b'"fallas":0', b'"fallas":1', 1))
    assert [(each.dia.day, each.codigo) for each in verify_days(folder, key.public_key())] == [(5, "alterado")]
    first.unlink()
    assert [(each.dia.day, each.codigo) for each in verify_days(folder, key.public_key())] == [(5, "sin_archivo")]
    (folder / "2026-06-05.sello.json").unlink()
    assert [(each.dia.day, each.codigo) for each in verify_days(folder, key.public_key())] == [(6, "no_sigue")]
    first.write_bytes(whole)
    other = minting.new_key()
    assert {each.codigo for each in verify_days(folder, other.public_key())} == {"sello_invalido"}


@pytest.mark.django_db
def test_a_day_sealed_again_or_removed_with_its_seal_is_named_by_the_one_kept(folder: Path, key: RSAPrivateKey) -> None:
    data = folder.parents[1]
    for n in range(2):
        probed(folder, HOUR + timedelta(days=n), 3)
    now = HOUR + timedelta(days=2)
    seal_ended(folder, key, now)
    own = key.public_key()
    assert (keep_seals(data, own), keep_seals(data, own), kept_faults(PROBED, sealed_days(folder))) == (2, 0, [])
    last, seal = folder / "2026-06-06.jsonl", folder / "2026-06-06.sello.json"
    last.write_bytes(last.read_bytes().replace(b'"fallas":0', b'"fallas":1', 1))
    seal.unlink()
    seal_ended(folder, key, now)
    assert (keep_seals(data, own), verify_days(folder, own)) == (0, [])
    assert kept_faults(PROBED, sealed_days(folder)) == [Fault(date(2026, 6, 6), "otro_sello")]
    last.unlink()
    seal.unlink()
    assert kept_faults(PROBED, sealed_days(folder)) == [Fault(date(2026, 6, 6), "sin_sello")]
    with pytest.raises(Error, match="permission denied"), transaction.atomic():
        SelloBitacora.objects.update(sha256="0" * 64)


@pytest.mark.django_db
def test_a_seal_that_another_put_or_of_a_day_to_come_is_not_kept_nor_followed(folder: Path, key: RSAPrivateKey) -> None:
    data, own, last = folder.parents[1], key.public_key(), HOUR + timedelta(days=3)
    probed(folder, HOUR, 3)
    probed(folder, last, 3)
    with clock.at(HOUR + timedelta(days=1)):
        seal_ended(folder, key, clock.now())
        for day, forger in ((1, minting.new_key()), (2, minting.new_key()), (3, minting.new_key()), (4, key)):
            probed(aside := folder_of(data / str(day), PROBED), HOUR + timedelta(days=day), 1)
            (seal,) = seal_ended(aside, forger, HOUR + timedelta(days=9))
            name = f"{seal.dia}.sello.json"
            (folder / name).write_bytes((aside / name).read_bytes())
        assert keep_seals(data, own) == 1  # of the day that ended, not those put there for days to come
    (folder / f"{last.date()}.sello.json").unlink()  # who put it removes it, and the true day ends
    with clock.at(last + timedelta(days=1)):
        assert [each.dia for each in seal_ended(folder, key, clock.now())] == [last.date()]
        (folder / f"{last.date() + timedelta(days=1)}.sello.json").unlink()
        assert keep_seals(data, own) == 1
    forged = [last.date() - timedelta(days=n) for n in (2, 1)]
    assert log_faults(folder, sealed_days(folder), own) == [
        fault for day in forged for fault in (Fault(day, "sin_archivo"), Fault(day, "sello_invalido"))
    ]
    for day in forged:
        (folder / f"{day}.sello.json").unlink()
    assert log_faults(folder, sealed_days(folder), own) == []


SPOILT = {
    "nothing": b"",
    "half": b'{"dia": "2026-06-06", "renglones"',
    "a list": b"[]",
    "a word": b'"sello"',
    "deep": b"[" * 200_000,
    "of no number": b'{"dia":"2026-06-06","renglones":1e999,"sha256":"","anterior":"","cadena":"","sello":""}',
    "of no text": b"\xff\xfe\x00",
    "huge": b" " * 2_000_000,
    "a folder": None,
}


def spoil(path: Path, data: bytes | None) -> None:
    """Leave something else in the place of a seal."""
    path.unlink(missing_ok=True)
    if data is None:
        path.mkdir()
    else:
        path.write_bytes(data)


@pytest.mark.django_db
@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_seal_that_nobody_reads_is_named_and_stops_no_other_day(
    folder: Path, key: RSAPrivateKey, spoilt: str
) -> None:
    own, seal = key.public_key(), folder / "2026-06-06.sello.json"
    for n in range(4):
        probed(folder, HOUR + timedelta(days=n), 3)
    seal_ended(folder, key, HOUR + timedelta(days=2))
    whole = seal.read_bytes()
    spoil(seal, SPOILT[spoilt])
    now = HOUR + timedelta(days=3)
    with clock.at(now):
        assert [each.dia.day for each in seal_ended(folder, key, now)] == [7]
        assert unread_days(folder) == [Fault(date(2026, 6, 6), "sello_ilegible")]
        assert keep_seals(folder.parents[1], own) == 2
        assert log_faults(folder, sealed_days(folder), own) == unread_days(folder)
    seal.rmdir() if seal.is_dir() else seal.unlink()
    assert [each.dia.day for each in seal_ended(folder, key, now)] == [6]  # once it is removed
    assert unread_days(folder) == verify_days(folder, own) == []
    seal.write_bytes(whole)  # or brought back
    assert verify_days(folder, own) == [] and seal_ended(folder, key, HOUR + timedelta(days=4))
    assert verify_days(folder, own) == []


@pytest.mark.django_db
def test_a_true_seal_under_the_name_of_another_day_is_named_and_stops_no_other_day(
    folder: Path, key: RSAPrivateKey
) -> None:
    own, copied = key.public_key(), folder / "2026-06-06.sello.json"
    for n in range(4):
        probed(folder, HOUR + timedelta(days=n), 3)
    seal_ended(folder, key, HOUR + timedelta(days=1))
    copied.write_bytes((folder / "2026-06-05.sello.json").read_bytes())
    now = HOUR + timedelta(days=3)
    with clock.at(now):
        assert [each.dia.day for each in seal_ended(folder, key, now)] == [7]
        assert unread_days(folder) == [Fault(date(2026, 6, 6), "sello_de_otro_dia")]
        assert [each.dia.day for each in sealed_days(folder)] == [5, 7]
        assert keep_seals(folder.parents[1], own) == 2
        assert log_faults(folder, sealed_days(folder), own) == unread_days(folder)
        data = (folder / "2026-06-06.jsonl").read_bytes()
        (folder / "2026-06-06.jsonl").write_bytes(data + b"{}\n")  # its day counts by its bytes for the next
        assert Fault(date(2026, 6, 7), "no_sigue") in verify_days(folder, own)
        (folder / "2026-06-06.jsonl").write_bytes(data)
        copied.unlink()
        assert [each.dia.day for each in seal_ended(folder, key, now)] == [6]
        assert log_faults(folder, sealed_days(folder), own) == []


def test_a_seal_of_another_key_taken_away_leaves_days_that_follow_one_another(folder: Path, key: RSAPrivateKey) -> None:
    for n in range(3):
        probed(folder, HOUR + timedelta(days=n), 3)
    seal_ended(folder, minting.new_key(), HOUR + timedelta(days=1))
    assert [each.dia.day for each in seal_ended(folder, key, HOUR + timedelta(days=3))] == [6, 7]
    own = key.public_key()
    assert verify_days(folder, own) == [Fault(date(2026, 6, 5), "sello_invalido")]
    (folder / "2026-06-05.sello.json").unlink()
    assert [each.dia.day for each in seal_ended(folder, key, HOUR + timedelta(days=3))] == [5]
    assert verify_days(folder, own) == []


def test_a_day_that_is_no_file_is_named_and_stops_no_other_day_nor_page(folder: Path, key: RSAPrivateKey) -> None:
    probed(folder, HOUR, 3)
    probed(folder, HOUR + timedelta(days=2), 3)
    (folder / "2026-06-06.jsonl").mkdir()
    now = HOUR + timedelta(days=3)
    assert [each.dia.day for each in seal_ended(folder, key, now)] == [5, 7]
    assert unread_days(folder) == [Fault(date(2026, 6, 6), "archivo_ilegible")]
    assert verify_days(folder, key.public_key()) == unread_days(folder)
    assert read(folder.parents[1], HOUR, now).ilegibles == 0


@pytest.mark.parametrize("log", [PROBED, FAILURES])
def test_a_day_that_the_disk_does_not_read_is_named_and_stops_no_other_day_nor_page(
    tmp_path: Path, key: RSAPrivateKey, log: str
) -> None:
    folder = folder_of(tmp_path, log)
    for n in (0, 2):
        probed(folder, HOUR + timedelta(days=n), 3)
    (folder / "2026-06-06.jsonl").symlink_to("/proc/self/mem")  # a file that opens, of which nothing is read
    now = HOUR + timedelta(days=3)
    assert [each.dia.day for each in seal_ended(folder, key, now)] == [5, 7]
    assert unread_days(folder) == [Fault(date(2026, 6, 6), "archivo_ilegible")]
    assert verify_days(folder, key.public_key()) == unread_days(folder)
    assert [each.medidos for each in days(read(tmp_path, HOUR, now, log))] == [0, 3, 0, 3] and failures_of(
        tmp_path, 7, HOUR, now
    ) == []


@pytest.mark.django_db
def test_the_turn_of_each_hour_tells_a_day_with_a_bad_seal_and_seals_every_other(
    folder: Path, settings: Any, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATOS = folder.parents[1]
    failures = folder_of(settings.DATOS, FAILURES)
    for each in (folder, failures):
        probed(each, HOUR, 3)
    (folder / "2026-06-05.sello.json").write_bytes(b"{")
    seal(0)
    assert [each.dia.day for each in sealed_days(failures)] == [5] and SelloBitacora.objects.count() == 1
    told = [record.sif_campos for record in caplog.records if getattr(record, "sif_clase", "") == "error"]
    assert told == [{"codigo": "sello_ilegible", "registro": PROBED, "objeto": "2026-06-05"}]
    assert main(["disponibilidad", "sellar"]) == 1
    assert "sonda 2026-06-05: sello_ilegible" in capsys.readouterr().err
    assert main(["disponibilidad", "verificar"]) == 1
    assert capsys.readouterr().out == "sonda 2026-06-05: sello_ilegible\n"


def test_a_file_of_no_day_stops_no_seal(folder: Path, key: RSAPrivateKey) -> None:
    probed(folder, HOUR, 3)
    for name in ("copia-de-ayer.jsonl", "2026-06-31.jsonl", "2025-ab-cd.jsonl", "2025-ab-cd.sello.json"):
        (folder / name).write_bytes(b"{}\n")
    assert [each.dia.day for each in seal_ended(folder, key, HOUR + timedelta(days=1))] == [5]
    assert verify_days(folder, key.public_key()) == []


def test_a_constancia_holds_alone_and_any_changed_part_is_named(folder: Path, key: RSAPrivateKey) -> None:
    probed(folder, HOUR, 60, (HOUR + timedelta(minutes=41), HOUR + timedelta(minutes=48)))
    meter = Meter(lambda log: folder_of(folder.parents[1], log))
    for person in (7, 8):
        meter.note(
            HOUR, "partido", 503, 12.0, {"pedido": f"P{person}", "persona": person, "operacion": "party:presentar"}
        )
    log = read(folder.parents[1], HOUR, DEADLINE)
    made = certify(
        log,
        failures_of(folder.parents[1], 7, HOUR, DEADLINE),
        Holder(7, "Alicia Robles", ("Partido del Año",)),
        {},
        [],
        key,
        DEADLINE,
    )
    assert made["minutos"] == 7 and [each["pedido"] for each in made["fallas"]] == ["P7"]
    kept = json.loads(json.dumps(made))
    assert verify_constancia(kept, key.public_key()) == []
    assert verify_constancia({**kept, "minutos": 70}, key.public_key()) == ["folio", "contenido"]
    assert verify_constancia({**kept, "folio": "CF-000000000000"}, key.public_key()) == ["folio"]
    assert verify_constancia({**kept, "sello": made["sello"][:-4] + "AAAA"}, key.public_key()) == ["sello"]
    assert verify_constancia({"formato": "sif-constancia/1"}, key.public_key()) == ["contenido"]
    assert verify_constancia(kept, minting.new_key().public_key()) == ["sello"]


@pytest.mark.parametrize(
    ("since", "until", "codigo"),
    [
        (DEADLINE, HOUR, "fechas_en_desorden"),
        (DEADLINE + timedelta(days=1), DEADLINE + timedelta(days=2), "periodo_futuro"),
        (HOUR - timedelta(days=40), HOUR, "periodo_largo"),
    ],
)
def test_a_span_that_cannot_be_certified_is_refused(since: datetime, until: datetime, codigo: str) -> None:
    with pytest.raises(Refused) as refused:
        check_span(since, until, DEADLINE)
    assert [each.codigo for each in refused.value.problems] == [codigo]


def test_the_paper_of_a_constancia_says_how_much_was_measured_and_how_long_nobody_did() -> None:
    gap = {"desde": "2026-06-01T00:00:00-06:00", "hasta": "2026-06-07T22:33:00-06:00", "minutos": 9993}
    said = {"desde": gap["desde"], "hasta": "2026-06-07T22:51:00-06:00", "emitida_el": "2026-06-07T22:51:00-06:00"}
    said |= {"periodo": 10011, "medidos": 18, "minutos": 0, "caidas": [], "huecos": [gap], "fallas": []}
    said |= {"registro": {}, "registro_alterado": [], "persona": "Alicia Robles", "sujetos": [], "folio": "CF-1"}
    sheet = constancia_sheet({**said, "cadena": "", "sello": ""}, "0" * 16)
    assert sheet["asunto"].startswith("Del 1 de junio de 2026,") and " al 7 de junio de 2026," in sheet["asunto"]
    assert sheet["recuadro"][0] == {"rotulo": "Medidos", "texto": "18 de 10,011 minutos"}
    service = sheet["secciones"][0]["bloques"]
    assert any("Se midieron 18 de 10,011 minutos del periodo." in block.get("texto", "") for block in service)
    (gaps,) = (block for block in service if block["tipo"] == "tabla")
    assert gaps["columnas"][-1]["titulo"] == "Minutos" and gaps["filas"][0][-1] == "9,993"
