"""The daily cut: sealed, dated, one at a time, each continuing the one before; and what it names when it is not so."""

import importlib
import json
import subprocess
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.models import DateTimeField
from procrastinate.contrib.django import app

from acts import committed
from filing import tsa
from filing.campaign import Campaign, make_campaign, on
from lent import lent, owner
from sif.audit.models import VersionRegla
from sif.books.models import Evidencia
from sif.books.services import attach_evidencia, store_file
from sif.filing import cuts
from sif.filing.cuts import CutRefused, cut_of_today, make_cut
from sif.filing.models import Informe
from sif.filing.verifying import keys_of_records, verify_rows
from sif.registry import clock
from sif.registry.models import Corte, Hoja, NombreUsuario, SelloCorte, Suceso
from sif.registry.protection import digest_of_row
from sif.registry.scope import everything, registering
from sif.registry.tables import MOMENTS, OF_ANOTHER_MOMENT, TABLES, tree_of
from sif.signing import minting
from sif.signing.heads import build_heads, read_head, read_spki, verify_heads
from sif.signing.timestamps import StampRefused, stamped_at
from sif.signing.tree import tree_root

__all__ = ["lent"]
pytestmark = pytest.mark.usefixtures("lent")


@pytest.fixture
def log(
    django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path, mint: minting.MintedAuthority
) -> Iterator[Campaign]:
    """A campaign really committed, with pólizas, four files of evidence and an acuse."""
    settings.DATOS = tmp_path

    def build() -> Campaign:
        campaign = make_campaign(mint)
        campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
        campaign.spend(campaign.ana, "2000.00", date(2024, 4, 11))
        poliza = campaign.ana.polizas.order_by("pk").first()
        for name in "abcd":
            attach_evidencia(
                poliza, "pdf", f"{name}.pdf", store_file(b"%PDF-1.7 " + name.encode()), campaign.world.clerk
            )
        campaign.present(campaign.prepare(campaign.berta, nil=True))
        return campaign

    with on("2024-05-02 12:00"), committed(django_db_blocker, build) as campaign:
        yield campaign


def tamper(table: str, order: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(order)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    connections["owner"].close()


def named(published: Any = None) -> list[tuple[str, str]]:
    return [(one.tabla, one.id) for one in verify_rows(owner(), published)[1]]


def evidence() -> list[str]:
    return list(Hoja.objects.filter(tabla="books_evidencia").order_by("pk").values_list("fila", flat=True))


def rewrite(row: str) -> None:
    """Change a row of evidence and its leaf together, as an owner who knows the log would."""
    tamper("books_evidencia", f"UPDATE books_evidencia SET nombre = 'otro.pdf' WHERE id = {row}")
    digest = digest_of_row("'books_evidencia'", "'books_evidencia'::regclass", "to_jsonb(r)")
    tamper(
        "registry_hoja",
        f"SET timezone = 'UTC'; UPDATE registry_hoja h SET huella = {digest} FROM books_evidencia r"
        f" WHERE h.tabla = 'books_evidencia' AND h.fila = r.id::text AND r.id = {row}; RESET timezone",
    )


def test_each_cut_is_sealed_and_continues_the_one_before(log: Campaign) -> None:
    first = make_cut()
    log.spend(log.ana, "7.00", date(2024, 5, 2), period=1)
    second = make_cut()
    assert [first.numero, second.numero] == [1, 2] and second.hasta > first.hasta
    one, two = json.loads(first.raices), json.loads(second.raices)
    assert verify_heads(one) == verify_heads(two) == []
    assert (one["books-poliza"]["tamano"], two["books-poliza"]["tamano"]) == (2, 3)
    assert two["books-poliza"]["tramos"]["desde"] == 2 and len(two["books-poliza"]["tramos"]["raices"]) == 1
    assert "tramos" not in two["books-evidencia"]
    assert read_head(one, "acuses") is not None
    assert {head.arbol: head.raiz for head in second.cabezas.all()}["books-poliza"] == two["books-poliza"]["raiz"]
    assert named(one) == named(two) == []


def test_two_cuts_at_once_are_two_cuts(log: Campaign) -> None:
    errors: list[BaseException] = []

    def cut() -> None:
        try:
            with on("2024-05-02 12:00"), everything():
                make_cut()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=cut) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert list(Corte.objects.order_by("numero").values_list("numero", flat=True)) == [1, 2, 3, 4]
    assert named() == []


def test_a_cut_waits_for_a_load_and_says_so_if_it_does_not_end(log: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "TRIES", 1)
    with psycopg.connect(owner()) as other:
        other.execute(
            "INSERT INTO filing_preparacion (informe_id, serie, rfc, preparada_el)"
            " SELECT informe_id, '1', rfc, preparada_el FROM filing_preparacion"
        )
        with pytest.raises(CutRefused, match="una carga en curso"):
            make_cut()
        assert Corte.objects.count() == 0
    assert json.loads(make_cut().raices)["filing-preparacion"]["tamano"] == 2


def test_no_cut_covers_a_log_that_changed_before_it(log: Campaign) -> None:
    make_cut()
    rewrite(evidence()[1])
    with pytest.raises(CutRefused, match=r"corte 1 ya no da su raíz en books-evidencia\."):
        make_cut()
    assert Corte.objects.count() == 1


def test_a_row_rewritten_with_its_leaf_is_named_by_its_cut_and_by_what_was_published(log: Campaign) -> None:
    published = json.loads(make_cut().raices)
    row = evidence()[2]
    rewrite(row)
    assert named() == [("books_evidencia", row)]
    assert named(published) == [("books_evidencia", row)]
    tamper("registry_cabeza", "DELETE FROM registry_cabeza")
    tamper("registry_corte", "DELETE FROM registry_corte")
    assert named(published) == [("books_evidencia", row), ("registry_corte", "raices")]


def test_a_row_gone_with_its_leaf_is_named_by_the_row_before_it(log: Campaign) -> None:
    published = json.loads(make_cut().raices)
    rows = evidence()
    tamper("books_evidencia", f"DELETE FROM books_evidencia WHERE id = {rows[2]}")
    tamper("registry_hoja", f"DELETE FROM registry_hoja WHERE tabla = 'books_evidencia' AND fila = '{rows[2]}'")
    assert named(published) == [("books_evidencia", f"después de {rows[1]}")]
    tamper("books_evidencia", f"DELETE FROM books_evidencia WHERE id = {rows[3]}")
    tamper("registry_hoja", f"DELETE FROM registry_hoja WHERE tabla = 'books_evidencia' AND fila = '{rows[3]}'")
    assert named(published) == [("books_evidencia", f"después de {rows[1]}")]


def test_among_many_rows_the_fewest_that_are_known_are_named(log: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "GROUPS", 2)
    make_cut()
    rows = evidence()
    rewrite(rows[2])
    assert named() == [("books_evidencia", f"{rows[2]}..{rows[3]}")]


def test_the_day_of_an_old_change_is_found_by_the_cuts_between(log: Campaign) -> None:
    make_cut()
    poliza = log.ana.polizas.order_by("pk").first()
    attach_evidencia(poliza, "pdf", "e.pdf", store_file(b"%PDF-1.7 e"), log.world.clerk)
    last = json.loads(make_cut().raices)
    row = evidence()[0]
    rewrite(row)
    assert named(last) == [("books_evidencia", row)]


def test_a_cut_gone_or_sealed_by_another_is_named(log: Campaign) -> None:
    published = json.loads(make_cut().raices)
    make_cut()
    other = minting.new_key()
    heads = [head for name in ("acuses", "books-poliza") if (head := read_head(published, name))]
    false = build_heads(heads, other, Corte.objects.first().hecho_el)  # type: ignore[union-attr]
    assert named(false)[0] == ("registry_corte", "raices")
    tamper("registry_cabeza", "DELETE FROM registry_cabeza WHERE corte_id = (SELECT min(id) FROM registry_corte)")
    tamper("registry_corte", "DELETE FROM registry_corte WHERE numero = 1")
    assert named(published) == [("registry_corte", "1"), ("registry_corte", "raices")]


@pytest.mark.parametrize(
    ("order", "what"),
    [
        ("SET hecho_el = hecho_el + interval '1 second' WHERE numero = 2", "su hora no es la del corte que se publicó"),
        ("SET hecho_el = 'infinity' WHERE numero = 2", "su hora no es la del corte que se publicó"),
        ("SET hasta = hasta - 1 WHERE numero = 2", "no termina en la hoja que dice"),
        ("SET hasta = hasta + 1 WHERE numero = 2", "no termina en la hoja que dice"),
        ("SET hasta = 0 WHERE numero = 2", "no termina en la hoja que dice"),
        ("SET numero = 5 - numero WHERE numero > 1", "su número no es el de su orden"),
    ],
)
def test_a_cut_whose_number_hour_or_end_changed_is_named(log: Campaign, order: str, what: str) -> None:
    make_cut()
    for day in (2, 3):
        log.spend(log.ana, "7.00", date(2024, 5, day), period=1)
        make_cut()
    assert verify_rows(owner())[1] == []
    tamper(
        "registry_corte",
        f"ALTER TABLE registry_corte DROP CONSTRAINT registry_corte_numero_key; UPDATE registry_corte {order};"
        " ALTER TABLE registry_corte ADD CONSTRAINT registry_corte_numero_key UNIQUE (numero)",
    )
    found = verify_rows(owner())[1]
    number = "3" if "5 - numero" in order else "2"
    of_cuts = [one for one in found if one.tabla == "registry_corte"]
    assert [(one.id, one.que) for one in of_cuts] == [(number, what)]


def test_an_acuse_changed_with_its_leaf_is_named(log: Campaign) -> None:
    published = json.loads(make_cut().raices)
    tamper("filing_presentacion", "UPDATE filing_presentacion SET acuse = jsonb_set(acuse, '{cadena}', '\"otra\"')")
    assert ("filing_presentacion", "0") in named(published)


def test_a_leaf_of_no_record_is_named(log: Campaign) -> None:
    tamper("registry_hoja", "INSERT INTO registry_hoja (tabla, fila, huella) VALUES ('ajena', '1', '\\x00')")
    assert named() == [("ajena", "")]


def test_there_is_one_cut_a_day_whenever_it_is_asked(log: Campaign) -> None:
    assert cut_of_today() is not None
    with on("2024-05-02 23:50"):
        assert cut_of_today() is None
    with on("2024-05-03 00:10"):
        assert cut_of_today() is not None
    import sif.filing.tasks  # noqa: F401  its import registers the task

    assert [task.cron for (name, _), task in app.periodic_registry.periodic_tasks.items() if name == "sif.corte"] == [
        "10 * * * *"
    ]


def test_a_cut_is_dated_by_a_service_of_time_stamps(log: Campaign, settings: Any, tmp_path: Path) -> None:
    authority = tsa.make_authority(tmp_path / "tsa")
    with tsa.serving(tmp_path / "tsa") as settings.SELLO_TIEMPO:
        assert make_cut().sello_de_tiempo is None  # nobody says whom to believe
        folder = tmp_path / "certificados" / "sello-tiempo"
        folder.mkdir()
        (folder / "autoridad.pem").write_bytes(authority.read_bytes())
        cut = make_cut()
    assert cut.sello_de_tiempo is not None
    (tmp_path / "raices.json").write_text(cut.raices, encoding="utf-8")
    (tmp_path / "raices.json.tsr").write_bytes(cut.sello_de_tiempo)
    check = ["openssl", "ts", "-verify", "-data", "raices.json", "-in", "raices.json.tsr", "-CAfile", str(authority)]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    with pytest.raises(StampRefused, match="de otros bytes"):
        stamped_at(cut.raices.encode() + b" ", cut.sello_de_tiempo)
    assert named() == []
    (folder / "autoridad.pem").write_bytes(tsa.make_authority(tmp_path / "otra").read_bytes())
    assert named() == [("registry_corte", "2")]
    settings.SELLO_TIEMPO = "http://127.0.0.1:9/"
    assert make_cut().sello_de_tiempo is None  # it does not answer: the cut stands


@pytest.mark.parametrize("trace", ["", "DELETE FROM registry_hoja WHERE tabla = 'registry_sellocorte'"])
def test_a_time_stamp_that_disappears_is_named_by_the_cut_after_it(
    log: Campaign, settings: Any, tmp_path: Path, trace: str
) -> None:
    folder = tmp_path / "certificados" / "sello-tiempo"
    folder.mkdir(parents=True)
    (folder / "autoridad.pem").write_bytes(tsa.make_authority(tmp_path / "tsa").read_bytes())
    with tsa.serving(tmp_path / "tsa") as settings.SELLO_TIEMPO:
        stamped = make_cut()
        settings.SELLO_TIEMPO = ""
    published = json.loads(make_cut().raices)
    assert published["registry-sellocorte"]["tamano"] == 1 and named(published) == []
    stamp = str(SelloCorte.objects.get(corte=stamped).pk)
    tamper("registry_sellocorte", "DELETE FROM registry_sellocorte")
    if trace:
        tamper("registry_hoja", trace)
    assert named(published) == [("registry_sellocorte", "al principio" if trace else stamp)]


@pytest.mark.parametrize(
    ("table", "order", "what"),
    [
        ("registry_usuario", "UPDATE {t} SET nombre = 'Nadie' WHERE id = {clerk}", "usuario"),
        ("registry_usuario", "UPDATE {t} SET rfc = 'XAXX010101000' WHERE id = {clerk}", "usuario"),
        ("registry_usuario", "UPDATE {t} SET renombrada_el = NULL WHERE id = {clerk}", "usuario"),
        ("registry_nombreusuario", "UPDATE {t} SET nombre = 'Nadie' WHERE id = {first}", "version"),
        ("registry_nombreusuario", "UPDATE {t} SET desde = now() WHERE id = {first}", "version"),
        ("registry_nombreusuario", "DELETE FROM {t} WHERE id = {first}", "version"),
        (
            "registry_nombreusuario",
            "INSERT INTO {t} (usuario_id, username, nombre, rfc, desde)"
            " SELECT usuario_id, username, 'Nadie', rfc, desde FROM {t} WHERE id = {first}",
            "usuario",
        ),
    ],
)
def test_who_acted_is_called_as_on_the_day_of_the_act_and_another_name_is_named(
    log: Campaign, table: str, order: str, what: str
) -> None:
    poliza = log.ana.polizas.order_by("pk").first()
    clerk = poliza.registrada_por
    before, kept = clerk.nombre, clerk.nombres.count()
    assert named() == []
    clerk.nombre = "Otro Nombre Después"
    clerk.save()
    clerk.refresh_from_db()
    assert clerk.named_at(poliza.registrada_el) == before
    assert clerk.named_at(clerk.renombrada_el) == "Otro Nombre Después"
    first = NombreUsuario.objects.filter(usuario=clerk).order_by("pk")[0]
    assert (first.nombre, clerk.nombres.count(), named()) == (before, kept + 1, [])
    clerk.save()  # nothing of the name changed: no other version
    assert clerk.nombres.count() == kept + 1
    tamper(table, order.format(t=table, clerk=clerk.pk, first=first.pk))
    wanted = ("registry_usuario", clerk.pk) if what == "usuario" else (table, first.pk)
    assert (wanted[0], str(wanted[1])) in named()


def test_a_name_dated_before_a_cut_that_lacks_it_is_named(log: Campaign) -> None:
    poliza = log.ana.polizas.order_by("pk").first()
    clerk = poliza.registrada_por
    since = clerk.nombres.order_by("pk").last().desde + timedelta(seconds=1)
    with clock.at(since + timedelta(days=2)):
        make_cut()
    with registering():
        made = NombreUsuario.objects.create(
            usuario=clerk, username=clerk.username, nombre="Nadie", rfc=clerk.rfc, desde=since
        )
    tamper(
        "registry_usuario",
        f"UPDATE registry_usuario SET nombre = 'Nadie', renombrada_el = '{since.isoformat()}' WHERE id = {clerk.pk}",
    )
    assert named() == [("registry_nombreusuario", str(made.pk))]


def test_what_the_owner_adds_dated_before_a_cut_that_lacks_it_is_named(log: Campaign) -> None:
    """A row put in with its leaf, of more than an hour before the cut; that a later cut covers it changes nothing."""
    one, other = log.ana.polizas.order_by("pk")
    with clock.at(clock.now() + timedelta(days=1)):
        cut = make_cut()
        attach_evidencia(one, "pdf", "hoy.pdf", store_file(b"%PDF-1.7 hoy"), log.world.clerk)
    columns = [field.column for field in Evidencia._meta.concrete_fields if field.column != "id"]
    for row, minutes, told in ((evidence()[0], 59, 0), (evidence()[1], 61, 1)):
        changed = {"poliza_id": str(other.pk), "cargada_el": f"'{(cut.hecho_el - timedelta(minutes=minutes))}'"}
        values = ", ".join(changed.get(name, name) for name in columns)
        tamper(
            "books_evidencia",
            "ALTER TABLE books_evidencia ENABLE TRIGGER books_evidencia_hoja;"
            f"INSERT INTO books_evidencia ({', '.join(columns)}) SELECT {values} FROM books_evidencia WHERE id = {row}",
        )
        assert named() == [("books_evidencia", evidence()[-1])][:told]
    with clock.at(cut.hecho_el + timedelta(days=1)):
        make_cut()
    assert named() == [("books_evidencia", evidence()[-1])]


def test_every_record_says_where_the_clock_writes_its_moment() -> None:
    dated = {
        model._meta.db_table: {field.column for field in model._meta.concrete_fields if type(field) is DateTimeField}
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table in keys_of_records()
    }
    assert MOMENTS.keys() | OF_ANOTHER_MOMENT.keys() == {table for table, columns in dated.items() if columns}
    assert not MOMENTS.keys() & OF_ANOTHER_MOMENT.keys()
    assert not {table: column for table, column in MOMENTS.items() if column not in dated[table]}


def test_the_key_of_a_cut_is_the_one_of_acuses(log: Campaign) -> None:
    from sif.filing.authority import authority_key

    key = read_spki(json.loads(make_cut().raices)["autoridad"])
    assert key is not None and key.public_numbers() == authority_key().public_key().public_numbers()


def test_a_presented_report_froze_its_books_and_their_documents(log: Campaign) -> None:
    log.present(log.prepare())
    informe = Informe.objects.latest("pk")
    books = Hoja.objects.filter(contabilidad_id=log.ana.pk, tabla__startswith="books_").order_by("pk")
    last = books.last()
    assert last is not None and informe.contenido["hojas"]["hasta"] == last.pk
    assert named() == []
    poliza = log.ana.polizas.order_by("pk").first()
    attach_evidencia(poliza, "pdf", "tarde.pdf", store_file(b"%PDF-1.7 tarde"), log.world.clerk)
    assert named() == []  # what comes after does not touch what was frozen
    rewrite(evidence()[0])
    assert named() == [("filing_informe", str(informe.pk))]


def test_who_guesses_a_row_finds_no_trace_of_it_in_what_is_published(log: Campaign) -> None:
    text = make_cut().raices
    guessed = dict.fromkeys(("registry_proveedor", "registry_persona", "books_evidencia", "filing_informe"), 0)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'")
        for table in guessed:
            digest = digest_of_row(f"'{table}'", f"'{table}'::regclass", "to_jsonb(r)")
            cursor.execute(f"SELECT {digest} FROM {table} r")
            rows = [bytes(row[0]) for row in cursor.fetchall()]
            guessed[table] = len(rows)
            confirmed = [row for row in rows if row.hex() in text or tree_root([row]).hex() in text]
            assert confirmed == [], f"{table}: {len(confirmed)} de {len(rows)} filas adivinadas se confirman"
    assert min(guessed.values()) > 0
    assert not set(json.loads(text)["books-evidencia"]["tramos"]["raices"]).isdisjoint(
        tree_root([leaf.huella + leaf.sal]).hex() for leaf in Hoja.objects.filter(tabla="books_evidencia")
    )


def test_each_leaf_has_a_salt_of_its_own_and_nothing_published_tells_it(log: Campaign) -> None:
    text = make_cut().raices
    salts = [bytes(salt) for salt in Hoja.objects.values_list("sal", flat=True)]
    assert len(set(salts)) == len(salts) > 20 and {len(salt) for salt in salts} == {32}
    assert not any(salt.hex() in text for salt in salts)


def test_a_salt_changed_is_named_by_its_row(log: Campaign) -> None:
    published = json.loads(make_cut().raices)
    row = evidence()[2]
    tamper(
        "registry_hoja", f"UPDATE registry_hoja SET sal = sha256('') WHERE tabla = 'books_evidencia' AND fila = '{row}'"
    )
    assert named(published) == [("books_evidencia", row)]


def test_what_a_review_in_course_writes_is_one_tree_and_its_rows_are_named_all_the_same(log: Campaign) -> None:
    for n in range(3):
        with registering():
            VersionRegla.objects.create(digest=str(n) * 64, regla=f"X{n}", compilada="", guardada_el=clock.now())
        Suceso.objects.create(ocurrido_el=clock.now(), clase="acto", verbo=f"mirar-{n}")
    text = make_cut().raices
    published = json.loads(text)
    tables = {name for name in TABLES if name.startswith(("audit_", "proceedings_", "disclosure_"))}
    assert len(tables) > 30 and {tree_of(name) for name in (*tables, "registry_suceso")} == {"revision"}
    assert not any(name.replace("_", "-") in text or name in text for name in tables)
    count = Hoja.objects.filter(tabla__in=[*tables, "registry_suceso", "registry_mirada"]).count()
    assert published["revision"]["tamano"] == count >= 6
    rule = VersionRegla.objects.get(regla="X1").pk
    digest = digest_of_row("'audit_versionregla'", "'audit_versionregla'::regclass", "to_jsonb(r)")
    tamper("audit_versionregla", f"UPDATE audit_versionregla SET regla = 'X9' WHERE id = {rule}")
    tamper(
        "registry_hoja",
        f"SET timezone = 'UTC'; UPDATE registry_hoja h SET huella = {digest} FROM audit_versionregla r"
        f" WHERE h.tabla = 'audit_versionregla' AND h.fila = r.id::text AND r.id = {rule}; RESET timezone",
    )
    assert named(published) == [("audit_versionregla", str(rule))]
    with pytest.raises(CutRefused, match=r"en revision\."):
        make_cut()


def test_a_group_of_several_tables_is_named_by_its_ends(log: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "GROUPS", 1)
    act = Suceso.objects.create(ocurrido_el=clock.now(), clase="acto", verbo="mirar")
    with registering():
        rule = VersionRegla.objects.create(digest="0" * 64, regla="X0", compilada="", guardada_el=clock.now())
    first = Hoja.objects.filter(tabla__in=["registry_suceso", "registry_mirada"]).order_by("pk").first()
    published = json.loads(make_cut().raices)
    row = f"tabla = 'registry_suceso' AND fila = '{act.pk}'"
    tamper("registry_hoja", f"UPDATE registry_hoja SET sal = sha256('') WHERE {row}")
    assert first is not None
    assert named(published) == [("revision", f"{first.tabla} {first.fila}..audit_versionregla {rule.pk}")]


def test_a_base_with_cuts_of_leaves_without_salt_is_not_migrated(log: Campaign) -> None:
    first = importlib.import_module("sif.registry.migrations.0018_salt_of_leaves").FIRST
    with psycopg.connect(owner()) as database:
        database.execute(first)
    make_cut()
    with psycopg.connect(owner()) as database, pytest.raises(psycopg.errors.RaiseException, match="Hay cortes"):
        database.execute(first)
