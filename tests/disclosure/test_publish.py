"""The gate of publication: the same figures as the books, only what was approved, and nobody's personal data."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers

from disclosure.acts import published
from proceedings.world import World, at
from sif.audit.models import Cobertura
from sif.books.services import NewAportacion, Support, load_catalogs, post_poliza, reverse_poliza
from sif.disclosure import catalog, stored
from sif.disclosure.content import gather, published_key
from sif.disclosure.layout import read_expenses
from sif.disclosure.models import ContabilidadPublicada
from sif.disclosure.open_files import statement_lines
from sif.disclosure.publish import propose_withdrawal, withdraw_publicacion
from sif.disclosure.selectors import unpublished
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry import services as registry
from sif.registry.coalitions import NewAgreement, register_agreement
from sif.registry.emblems import NewEmblem, register_emblem
from sif.registry.models import Contabilidad, Nombramiento, SujetoObligado, Territorio
from sif.values import Money

DONOR = "Amparo Quiroga Tello"


def _books(world: World) -> None:
    """Income 90,000.00 from a sympathiser; spending 1,000.10 + 2,000.20 − 2,000.20 in two headings."""
    load_catalogs("mx")
    book, period = world.contabilidades[0], world.etapa.periodos.get(numero=1)
    supplier = registry.register_proveedor("EKU9003173C9", "Lonas del Valle")
    bank = registry.register_cuenta_bancaria(book, "032180000118359719", "Banco", date(2018, 3, 1))
    donor = registry.register_aportante(world.partido, DONOR, rfc="QUTA800101AB1", curp="")

    def post(subtipo: str, account: str, kind: str, of: int, amount: str, support: Support | None = None) -> Any:
        money = Money.parse(amount)
        bank_line = {"auxiliar_tipo": "cuenta_bancaria", "auxiliar_id": bank.pk}
        other = {"auxiliar_tipo": kind, "auxiliar_id": of}
        lines = (
            (NewLine("1-1-02-00-0000", money, **bank_line), NewLine(account, abono=money, **other))
            if subtipo == "IG"
            else (NewLine(account, money, **other), NewLine("1-1-02-00-0000", abono=money, **bank_line))
        )
        new = NewPoliza(book.pk, period.pk, "normal", subtipo, date(2018, 4, 9), "Operación", lines)
        return post_poliza(new, world.alicia, support=support or Support())

    with at("2018-04-10 12:00"):
        gift = NewAportacion(donor.pk, "simpatizante", "transferencia", date(2018, 4, 9), "RSES-1", Money(90_000_00))
        post("IG", "4-2-02-01-0000", "aportante", donor.pk, "90,000.00", Support(aportaciones=(gift,)))
        post("EG", "5-5-02-01-0000", "proveedor", supplier.pk, "1,000.10")
        undone = post("EG", "5-5-05-01-0000", "proveedor", supplier.pk, "2,000.20")
        reverse_poliza(undone, world.alicia, concepto="Se cancela la operación")


def test_the_statement_says_what_the_books_say(world: World) -> None:
    _books(world)
    with at("2018-07-05 12:00"):
        published(world)
    row = catalog.contabilidad(8802)
    assert row is not None
    assert (str(row.ingresos), str(row.egresos)) == ("90,000.00", "1,000.10")
    assert row.rubros == {
        "PROPAGANDA UTILITARIA": Money(1_000_10),
        "PROPAGANDA EXHIBIDA EN PÁGINAS DE INTERNET": Money(0),
    }
    assert row.ingresos_por_origen == {"Aportaciones de Simpatizantes": Money(90_000_00)}
    assert str(row.queda) == "1,647,188.90"  # 1,648,189.00 − 1,000.10
    periods = world.etapa.periodos.count()
    assert (row.informes_debidos, row.informes_presentados, row.informes_tarde) == (periods, 0, 0)


def test_publishing_again_leaves_the_same_rows(world: World) -> None:
    _books(world)
    with at("2018-07-05 12:00"):
        published(world)
        first = [(row.pk, row.egresos) for row in ContabilidadPublicada.objects.order_by("pk")]
        published(world)
    assert [(row.pk, row.egresos) for row in ContabilidadPublicada.objects.order_by("pk")] == first
    assert len(catalog.processes()) == 1


def test_only_approved_resoluciones_are_published(world: World) -> None:
    facts = [world.hallazgo("50,000.00", "TP001"), world.hallazgo("1,000.00", "TP001", book=1)]
    world.observacion(facts, criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    resolucion = world.resolucion()
    key = published_key(world.etapa)
    published(world)
    assert (catalog.sanciones(key), catalog.documentos(key)) == ([], [])
    world.voted(4, 1)
    published(world)
    (row,) = catalog.sanciones(key)
    assert (row.conclusion, row.resolucion, row.siglas) == ("6_C1_FD", resolucion.numero, "PAZ")
    assert (row.votos_a_favor, row.votos_en_contra) == (4, 1)
    assert row.monto == Money(resolucion.sanciones.get().monto)
    assert {document.clave for document in catalog.documentos(key)} == {"SIF/UTF/DC/0001/2018", resolucion.numero}


def test_what_was_approved_is_unpublished_until_a_publication_that_stands_holds_it(world: World) -> None:
    world.observacion([world.hallazgo("50,000.00", "TP001")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    resolucion = world.resolucion()
    with at("2018-07-26 12:00"):
        published(world)
    assert unpublished(world.etapa) == []
    world.voted(4, 1)
    assert unpublished(world.etapa) == [resolucion]
    with at("2018-08-07 12:00"):
        made = published(world)
        assert unpublished(world.etapa) == []
        withdraw_publicacion(propose_withdrawal(made, "Se corrige.", "LGPP 82.1.c", world.sofia), world.elena)
        assert unpublished(world.etapa) == [resolucion]


def test_a_rule_is_published_with_its_sanctions_and_not_with_what_it_found(world: World) -> None:
    Cobertura.objects.create(
        corrida=world.corrida,
        regla="CF001",
        contabilidad=world.contabilidades[0],
        juzgadas=10,
        hallazgo=3,
        cumple=5,
        no_aplica=1,
        sin_dato=1,
        monto_hallazgo=100,
    )
    world.observacion([world.hallazgo("50,000.00")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    world.resolucion()
    published(world)
    assert catalog.reglas(published_key(world.etapa)) == []
    world.voted(4, 1)
    published(world)
    (rule,) = catalog.reglas(published_key(world.etapa))
    assert (rule.regla, rule.sancionadas) == ("CF001", 1)
    assert "la póliza …" in rule.texto and "{" not in rule.texto and "cambió después" in rule.texto
    assert rule.fundamento[0][0] == "LGPP 63.1.a"


def test_a_rule_is_published_with_the_outcomes_that_each_basis_grounds_alone(world: World) -> None:
    world.observacion([world.hallazgo("100.00", "TO001", resultado="rebase")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    world.resolucion()
    world.voted(4, 1)
    published(world)
    (rule,) = catalog.reglas(published_key(world.etapa))
    only = {article: outcomes for article, _says, _status, outcomes in rule.fundamento}
    assert (only["LGIPE 243.1"], only["CPEUM 41.VI.a"]) == ((), ("rebase_de_nulidad",))
    files = {row.clave: row for row in stored.open_files(published_key(world.etapa)) if row.forma in {"csv", "json"}}
    assert b"; CPEUM 41.VI.a [rebase_de_nulidad]" in stored.file_stream(files["reglas"]).read()
    (row,) = json.loads(stored.file_stream(files["publicacion"]).read())["reglas"]
    assert [each["funda"] for each in row["fundamento"]].count(["rebase_de_nulidad"]) == 1


def test_nothing_personal_of_a_donor_is_published(world: World) -> None:
    _books(world)
    published(world)
    rows = [row for model in apps.get_app_config("disclosure").get_models() for row in model._default_manager.all()]
    text = json.dumps(json.loads(serializers.serialize("json", rows)), ensure_ascii=False)
    assert "Marisol Arce" in text
    assert DONOR not in text
    assert "QUTA800101AB1" not in text


def test_the_csv_has_the_public_layout_and_its_rows_balance(world: World) -> None:
    _books(world)
    published(world)
    file = stored.open_file(published_key(world.etapa), "gasto-por-rubro", "csv")
    assert file is not None and file.renglones == 2
    text = stored.file_stream(file).read().decode()
    first, second = read_expenses(text, "mx")
    assert first.balances and second.balances
    assert (first.entidad, first.tipo_asociacion, first.nombre) == ("MEXICO", "C", "MARISOL ARCE NÚÑEZ")
    assert text.splitlines()[1].endswith(",1648189,,,,,,,,0,,1000.1,1000.1")  # no movement is empty, a net of zero is 0
    assert second.rubros == {}


def test_the_list_narrows_by_what_is_asked(world: World) -> None:
    published(world)
    key = published_key(world.etapa)
    assert len(list(catalog.contabilidades(key))) == 2
    assert [row.id_contabilidad for row in catalog.contabilidades(key, catalog.Filters(texto="teodoro"))] == [8803]
    assert [row.id_contabilidad for row in catalog.contabilidades(key, catalog.Filters(texto="8802"))] == [8802]
    assert list(catalog.contabilidades(key, catalog.Filters(siglas="PRB"))) == []


def test_the_approval_of_a_candidacy_is_published_and_what_is_not_known_is_empty(world: World) -> None:
    first = world.contabilidades[0].candidatura
    assert first is not None
    who = (registry.register_persona("Eva Ríos"), world.partido, first.cargo, first.territorio)
    new = registry.NewCandidatura("F-9", *who, 1000, "A", date(2018, 4, 20), "INE/CG232/2018")
    with at("2018-05-05 12:00"):
        books = registry.approve_candidatura(world.etapa, new)
    with at("2018-07-05 12:00"):
        published(world)
    found = {row.id_contabilidad: row for row in catalog.contabilidades(published_key(world.etapa))}
    seen = {n: (found[n].contiende_desde, found[n].acuerdo_aprobacion) for n in (books.pk, 8802)}
    assert seen == {books.pk: (date(2018, 4, 20), "INE/CG232/2018"), 8802: (None, "")}
    assert found[books.pk].aprobada_el.date() == date(2018, 5, 5)  # when its books were opened, as the 26 columns say


def test_the_emblem_of_the_last_day_of_a_stage_is_published_with_each_statement(world: World) -> None:
    ana = registry.create_usuario("ana.emblemas", "Ana", None)
    registry.appoint(ana, Nombramiento.Rol.ADMINISTRADOR)
    last = world.etapa.termina_el
    for letter, day in (("a", date(2018, 1, 1)), ("b", last), ("c", last + timedelta(days=1))):
        new = NewEmblem("INE/CG1/2018", day, "emblema.png", letter * 64, letter * 64)
        register_emblem(world.partido, new, ana)
    published(world)
    found = {row.siglas: row.emblema for row in catalog.contabilidades(published_key(world.etapa))}
    assert found.pop(world.partido.siglas) == "b" * 64
    assert set(found.values()) <= {""}


def test_who_makes_up_a_coalition_is_published_with_its_shares_on_the_last_day_of_the_stage(world: World) -> None:
    last, party = world.etapa.termina_el, world.partido
    other = registry.register_sujeto("partido", "92", "PSOC", "Partido Socio")
    union = registry.register_sujeto("coalicion", "93", "VJ", "Vamos Juntos")
    ana = registry.create_usuario("ana.convenios", "Ana", None)
    registry.appoint(ana, Nombramiento.Rol.ADMINISTRADOR)
    for accord, day, share in (
        ("INE/CG1/2018", date(2018, 3, 1), 5_000),
        ("INE/CG2/2018", last, 6_250),
        ("INE/CG3/2018", last + timedelta(days=1), 9_000),
    ):
        parts = ((party.pk, share), (other.pk, 10_000 - share))
        register_agreement(union, NewAgreement(accord, date(2018, 3, 1), day, parts), ana)
    registry.open_contabilidad(world.etapa, union, Contabilidad.Clase.CONCENTRADORA)
    with at("2018-07-05 12:00"):
        published(world)
    key = published_key(world.etapa)
    found = {row.siglas: row.integrantes for row in catalog.contabilidades(key)}
    said = [(each.siglas, each.participacion_pb, each.desde, each.acuerdo) for each in found.pop("VJ") or ()]
    day = last.isoformat()
    assert said == [(party.siglas, 6_250, day, "INE/CG2/2018"), ("PSOC", 3_750, day, "INE/CG2/2018")]
    assert set(found.values()) == {()}
    lines = {line[7]: line[-1] for line in statement_lines(catalog.contabilidades(key))}
    assert lines["VJ"] == f"{party.siglas} 62.50; PSOC 37.50" and lines[party.siglas] == ""


def test_every_kind_of_subject_is_published_with_what_the_file_calls_it(world: World) -> None:
    first = world.contabilidades[0].candidatura
    assert first is not None
    called = {"partido_local": "C", "comun": "CC", "independiente": "CI", "aspirante": "CI"}
    for n, kind in enumerate(SujetoObligado.Tipo.values):
        who = registry.register_persona(f"Eva {n}")
        subject = registry.register_sujeto(kind, f"9{n}", f"S{n}", f"Sujeto {n}")
        with at("2018-05-05 12:00"):
            new = registry.NewCandidatura(f"F-{n}", who, subject, first.cargo, first.territorio, 1000, "A")
            registry.approve_candidatura(world.etapa, new)
    with at("2018-07-05 12:00"):
        published(world)
    seen = {row.sujeto: row.tipo_asociacion for row in catalog.contabilidades(published_key(world.etapa))}
    assert {kind: seen[f"Sujeto {n}"] for n, kind in enumerate(SujetoObligado.Tipo.values) if kind in called} == called


@pytest.mark.parametrize(
    ("nombre", "tipo", "read"),
    [
        ("1", "distrito", "Distrito 1"),
        ("11-ECATEPEC", "distrito", "Distrito 11-ECATEPEC"),
        ("2", "circunscripcion", "Circunscripción 2"),
        ("Canatlán", "municipio", "Canatlán"),
    ],
)
def test_no_place_is_published_as_a_bare_number(world: World, nombre: str, tipo: str, read: str) -> None:
    first = world.contabilidades[0].candidatura
    assert first is not None
    place = Territorio.objects.create(clave="MEX/otro", nombre=nombre, tipo=tipo, entidad="MEX")
    who = (registry.register_persona("Eva Ríos"), world.partido, first.cargo, place)
    with at("2018-05-05 12:00"):
        books = registry.approve_candidatura(world.etapa, registry.NewCandidatura("F-9", *who, 1000, "A"))
    with at("2018-07-05 12:00"):
        published(world)
    row = catalog.contabilidad(books.pk)
    assert row is not None and row.territorio == read


@pytest.mark.parametrize(("nombre", "read"), [("Federal", "Federal, campaña"), ("Campaña 2018", "Campaña 2018")])
def test_the_name_of_a_stage_does_not_say_its_kind_twice(world: World, nombre: str, read: str) -> None:
    world.etapa.proceso.nombre = nombre
    assert json.loads(gather(world.etapa, clock.now()))["proceso"]["nombre"] == read
