"""What a person of some books alone finds in each page and file of the party desk: what those books use, no more."""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from kept import keeps
from runs import find, new_run
from scene import BANKS, GIFT, PASSWORD, Scene, under_way
from sif.audit.models import Corrida, Hallazgo, Observacion
from sif.batch.claves import create_key
from sif.books.services import NewAportacion, Support, post_poliza, store_file
from sif.catalogs.services import (
    NewAportante,
    NewPersona,
    NewProveedor,
    NewSerie,
    authorize_serie,
    save_aportante,
    save_persona,
    save_proveedor,
)
from sif.jobs import bounds
from sif.ledger import NewLine
from sif.notices.services import deliver
from sif.proceedings.models import Documento, Oficio, OficioPropuesto
from sif.registry import clock, services
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import everything
from sif.values import Money
from web.test_largos import asked_apart

OWN, OTHER = ("Úrsula", "Ramona", "Imprenta Azul"), ("Yolanda", "Teófilo", "Imprenta Verde")
KEYS = ("PEUU800101AA1", "PEYY810101AA1")
CLABE, SINCE = "002180000000000009", clock.today() - timedelta(days=60)
EXPORTS = ("", "?formato=csv", "?formato=xlsx")


@dataclass
class Places:
    """What was recorded in the person's books (0) and in the others (1) of one party."""

    scene: Scene
    donantes: list[Any]
    gente: list[Any]
    proveedores: list[Any]
    serie: Any
    oficio: Oficio
    ajeno: Oficio


def _gift(scene: Scene, books: Contabilidad, donor: Any, folio: str) -> None:
    amount = Money.parse("1500.00")
    bank = scene.banco if books == scene.libros else services.register_cuenta_bancaria(books, CLABE, "Banco", SINCE)
    lines = (
        NewLine(BANKS, cargo=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=bank.pk),
        NewLine(GIFT, abono=amount, auxiliar_tipo="aportante", auxiliar_id=donor.pk),
    )
    poliza = scene.expense(
        "1500.00", "Aportación por transferencia", subtipo="IG", lineas=lines, contabilidad_id=books.pk
    )
    given = NewAportacion(donor.pk, "simpatizante", "transferencia", scene.periodos[0].hasta, folio, amount)
    post_poliza(poliza, scene.alicia, support=Support(aportaciones=(given,)))


def _found(scene: Scene, run: Corrida, books: Contabilidad, name: str) -> Hallazgo:
    return find(
        corrida=run,
        regla="CF001",
        regla_digest="0" * 64,
        parametros=[],
        clave=f"CF001-{name}",
        contabilidad=books,
        estado="hallazgo",
        resultado="sin_xml",
        dia=scene.periodos[0].hasta,
        monto=100_000 if books == scene.libros else 300_000,
        fila={"referencia": f"PN1/DR-1/{name}"},
        mensaje=f"Hecho de {name}.",
    )


def _oficio(scene: Scene, run: Corrida, facts: list[list[Hallazgo]], number: str) -> Oficio:
    observed = []
    for place, found in enumerate(facts, 1):
        row = Observacion.objects.create(
            etapa=run.instantanea.etapa,
            sujeto=scene.partido,
            numero=Observacion.objects.count() + 1,
            regla="CF001",
            titulo=f"Gasto sin su archivo {place}",
            texto="\n".join(each.mensaje for each in found),
            solicitud="Presente el archivo.",
            fundamento="LGPP 63.1.a",
            criterio="sin_xml",
            monto=sum(each.monto for each in found),
            adoptada_el=clock.now(),
            adoptada_por=scene.dario,
        )
        row.hallazgos.set(found)
        observed.append(row)
    kept = store_file(f"%PDF-1.4 {' '.join(each.mensaje for found in facts for each in found)}".encode())
    paper = Documento.objects.create(
        clave=number,
        titulo="Oficio",
        pdf_sha256=kept.sha256,
        docx_sha256=kept.sha256,
        texto_sha256=kept.sha256,
        hecho_el=clock.now(),
    )
    due = clock.now() + timedelta(days=5)
    proposed = OficioPropuesto.objects.create(
        etapa=run.instantanea.etapa,
        sujeto=scene.partido,
        huella="0" * 64,
        propuesto_el=clock.now(),
        propuesto_por=scene.carla,
    )
    made = Oficio.objects.create(
        propuesto=proposed,
        etapa=run.instantanea.etapa,
        sujeto=scene.partido,
        numero=number,
        documento=paper,
        notificado_el=clock.now(),
        vence_el=due,
        emitido_por=scene.dario,
        notificacion=deliver(scene.partido, f"Errores y omisiones {number}", number, kept.sha256, vence_el=due),
    )
    made.observaciones.set(observed)
    return made


def _places() -> Places:
    scene = under_way()
    subject, both = scene.partido.pk, (scene.libros, scene.otros)
    with everything():
        serie = authorize_serie(NewSerie(subject, "RSEF", 1, 50), scene.alicia)
        donors, people, suppliers = [], [], []
        for place, books in enumerate(both):
            donors.append(
                save_aportante(NewAportante(subject, f"{(OWN, OTHER)[place][0]} Peña", rfc=KEYS[place]), scene.alicia)
            )
            _gift(scene, books, donors[place], f"RSEF-000{place + 1}")
            people.append(
                save_persona(
                    NewPersona(subject, f"{(OWN, OTHER)[place][1]} Zepeda", "caja", clock.today()), scene.alicia
                )
            )
            new = NewProveedor(
                subject,
                ("IAZ150312Q47", "IVE150312Q47")[place],
                (OWN, OTHER)[place][2],
                domicilio=f"Calle {place}",
                representante="Reservado",
            )
            suppliers.append(save_proveedor(new, scene.alicia).proveedor)
            own = {"auxiliar_tipo": "proveedor", "auxiliar_id": suppliers[place].pk}
            lines = (
                NewLine("5-5-01-03-0000", cargo=Money.parse("90.00"), **own),
                NewLine("2-1-01-01-0000", abono=Money.parse("90.00"), **own),
            )
            post_poliza(scene.expense("90.00", contabilidad_id=books.pk, lineas=lines), scene.alicia)
            mine = {"auxiliar_tipo": "persona", "auxiliar_id": people[place].persona_id}
            lines = (
                NewLine("1-1-01-00-0000", cargo=Money.parse("80.00"), **mine),
                NewLine(
                    BANKS,
                    abono=Money.parse("80.00"),
                    auxiliar_tipo="cuenta_bancaria",
                    auxiliar_id=books.cuentas_bancarias.get().pk,
                ),
            )
            post_poliza(scene.expense("80.00", contabilidad_id=books.pk, lineas=lines, subtipo="EG"), scene.alicia)
        run = new_run(scene.etapa)
        a, b = _found(scene, run, scene.libros, "Mariela"), _found(scene, run, scene.otros, "Tomás")
        c, d = _found(scene, run, scene.libros, "Mariela-2"), _found(scene, run, scene.otros, "Tomás-2")
        named = _oficio(scene, run, [[a, b], [c], [d]], "SIF/OF/1/2026")
        past = services.create_etapa(
            scene.etapa.proceso, "precampana", clock.today() - timedelta(days=90), clock.today() - timedelta(days=60)
        )
        elsewhere = new_run(past, "1" * 64)
        other = _oficio(scene, elsewhere, [[_found(scene, elsewhere, scene.otros, "Tomás-3")]], "SIF/OF/2/2026")
    return Places(scene, donors, people, suppliers, serie, named, other)


@pytest.fixture
@keeps(_places)
def places(world_of: Any) -> Places:
    """A donor, a person and a supplier of each of two books, an oficio that names both and one that names the other."""
    return world_of(_places)


def candidate(scene: Scene) -> Usuario:
    """The person who contends, with the role of a candidacy over her books."""
    person = services.create_usuario(f"mariela{scene.partido.pk}", "Mariela Ochoa Rentería", PASSWORD)
    services.appoint(person, "candidatura", scene.partido, [scene.libros], desde=clock.today() - timedelta(days=60))
    return person


PERSONAS = {"capturista": lambda scene: scene.bruno, "candidatura": candidate}


@pytest.fixture(params=PERSONAS)
def limited(request: Any, places: Places, enter: Any) -> Client:
    return enter(PERSONAS[request.param](places.scene))


def words_of(answer: Any) -> str:
    """All that an answer says: a page, a CSV, a sheet, a PDF."""
    data = answer.getvalue()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    if data.startswith(b"%PDF-1.7"):
        return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    return str(data.decode("utf-8-sig", "replace"))


LISTS = {"aportantes": 0, "aportaciones": 0, "gente": 1, "proveedores": 2}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("export", EXPORTS)
def test_a_list_has_what_the_books_of_the_person_use_and_no_more(limited: Client, name: str, export: str) -> None:
    answer = limited.get(f"{reverse(f'party:{name}')}{export}")
    assert answer.status_code == 200
    assert OWN[LISTS[name]] in words_of(answer)
    assert OTHER[LISTS[name]] not in words_of(answer)


@pytest.mark.parametrize("export", EXPORTS)
def test_a_folio_used_in_other_books_is_told_without_who_gave(limited: Client, places: Places, export: str) -> None:
    told = words_of(limited.get(f"{reverse('party:serie', args=[places.serie.pk])}{export}"))
    assert "RSEF-0001" in told and "RSEF-0002" in told
    assert "Úrsula" in told and "Yolanda" not in told and str(places.scene.otros.pk) not in told


def test_a_sheet_of_what_only_other_books_use_is_refused(limited: Client, places: Places) -> None:
    for name, rows in (("aportante", places.donantes), ("persona", places.gente), ("proveedor", places.proveedores)):
        own, other = (getattr(row, "identidad", row.pk) for row in rows)
        assert limited.get(reverse(f"party:{name}", args=[own])).status_code == 200, name
        for page in (name, f"{name}_editar"):
            answer = limited.get(reverse(f"party:{page}", args=[other]))
            assert answer.status_code in (403, 404), page
            assert not any(word in answer.text for word in OTHER), page


def test_a_list_to_choose_from_offers_the_same(places: Places, enter: Any) -> None:
    client, books = enter(places.scene.bruno), places.scene.libros.pk
    page = client.get(reverse("party:aportacion_en", args=[books])).text
    assert "Úrsula" in page and "Yolanda" not in page
    lookup = reverse("party:auxiliares", args=[books])
    for kind, own, other in (("aportante", "Úrsula", "Yolanda"), ("persona", "Ramona", "Teófilo")):
        names = [found[1] for found in client.post(lookup, {"tipo": kind, "q": ""}).json()]
        assert any(own in name for name in names) and not any(other in name for name in names)
        assert client.post(lookup, {"tipo": kind, "q": other}).json() == []


def test_who_types_the_whole_key_of_a_person_finds_her_to_name_her(places: Places, enter: Any) -> None:
    client, books = enter(places.scene.bruno), places.scene.libros.pk
    lookup = reverse("party:auxiliares", args=[books])
    assert "Yolanda" in client.post(lookup, {"tipo": "aportante", "q": KEYS[1]}).text
    assert "Yolanda" not in client.post(lookup, {"tipo": "aportante", "q": KEYS[1][:9]}).text


def test_what_a_person_captured_is_found_before_any_poliza_uses_it(places: Places, enter: Any) -> None:
    client = enter(places.scene.bruno)
    with everything():
        save_aportante(NewAportante(places.scene.partido.pk, "Wendy Nueva", rfc="NUWW800101AA1"), places.scene.bruno)
    assert "Wendy" in client.get(reverse("party:aportantes")).text


def test_the_mailbox_has_what_names_the_books_of_the_person(limited: Client, places: Places) -> None:
    told = words_of(limited.get(reverse("party:buzon")))
    assert "SIF/OF/1/2026" in told and "SIF/OF/2/2026" not in told
    assert 'class="count">1<' in told or ">1<" in told
    other = places.ajeno.notificacion
    for name, method in (("notificacion", limited.get), ("documento", limited.get), ("leer", limited.post)):
        assert method(reverse(f"party:{name}", args=[other.pk])).status_code == 403, name
    assert not other.lecturas.exists()


def test_the_oficio_shows_the_part_that_names_the_books_of_the_person(limited: Client, places: Places) -> None:
    listed = words_of(limited.get(reverse("party:oficios")))
    assert "SIF/OF/1/2026" in listed and "SIF/OF/2/2026" not in listed
    first, alone, others = (row.numero for row in places.oficio.observaciones.order_by("numero"))
    address = reverse("party:oficio", args=[places.oficio.pk])
    for number in (first, alone, others):
        page = limited.get(address, {"observacion": number}).text
        assert "Hecho de Mariela" in page and "Tomás" not in page
    assert f'href="?observacion={others}' not in page
    assert "2,000.00" in page
    assert "4,000.00" not in page and "8,000.00" not in page, "lo observado a otra contabilidad"
    assert limited.get(reverse("party:oficio", args=[places.ajeno.pk])).status_code == 403


@pytest.mark.parametrize("name", ["oficio_pdf", "documento"])
def test_the_document_of_the_oficio_is_its_part(limited: Client, places: Places, name: str) -> None:
    number = places.oficio.pk if name == "oficio_pdf" else places.oficio.notificacion_id
    told = words_of(limited.get(reverse(f"party:{name}", args=[number])))
    assert "Mariela" in told and "Tomás" not in told
    assert str(places.scene.otros.pk) not in told


def test_the_code_of_a_part_finds_its_oficio_at_the_public_address(limited: Client, places: Places) -> None:
    told = words_of(limited.get(reverse("party:oficio_pdf", args=[places.oficio.pk])))
    code = re.search(r"Código de verificación\s+((?:\w{4}\s+){3}\w{4})", told)
    assert code and "la huella y el código" in " ".join(told.split()).lower()
    asked = {"numero": places.oficio.numero, "codigo": code[1]}
    found = Client().get(reverse("public:codigo"), asked)
    assert found.status_code == 200 and places.oficio.documento.texto_sha256[:4] in found.text
    assert "Mariela" not in found.text
    assert Client().get(reverse("public:codigo"), {**asked, "codigo": "ZZZZ ZZZZ ZZZZ ZZZZ"}).status_code == 404


def test_a_long_part_of_an_oficio_is_drawn_by_a_job(
    limited: Client, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bounds.MOST_ROWS, "pdf", 1)
    job = asked_apart(limited, reverse("party:oficio_pdf", args=[places.oficio.pk]))
    made = limited.get(f"{job}archivo/")
    assert made["Content-Disposition"].endswith('-parte.pdf"') and b"".join(made).startswith(b"%PDF")


def test_who_acts_for_the_whole_subject_sees_all_of_it(places: Places, enter: Any) -> None:
    client = enter(places.scene.alicia)
    for name, place in LISTS.items():
        for export in EXPORTS:
            told = words_of(client.get(f"{reverse(f'party:{name}')}{export}"))
            assert OWN[place] in told and OTHER[place] in told, name
    assert "SIF/OF/2/2026" in client.get(reverse("party:buzon")).text
    page = client.get(reverse("party:oficio", args=[places.oficio.pk]), {"observacion": 1}).text
    assert "Hecho de Tomás" in page
    assert "Tomás" in words_of(client.get(reverse("party:oficio_pdf", args=[places.oficio.pk])))


def test_a_stranger_sees_none_of_it(places: Places, enter: Any) -> None:
    client = enter(places.scene.carla)
    for name, number in (
        ("aportante", places.donantes[0].identidad),
        ("persona", places.gente[0].pk),
        ("notificacion", places.oficio.notificacion_id),
        ("oficio", places.oficio.pk),
        ("oficio_pdf", places.oficio.pk),
    ):
        assert client.get(reverse(f"party:{name}", args=[number])).status_code in (403, 404), name


def _named_by(places: Places, by: Usuario, kind: str, text: str) -> list[dict[str, str]]:
    """The errors of a program that names a donor or a person in a póliza of the person's books."""
    scene = places.scene
    own = {"cuenta": GIFT if kind == "aportante" else "1-1-01-00-0000", "auxiliar_tipo": kind, "auxiliar_id": text}
    bank = {"cuenta": BANKS, "auxiliar_tipo": "cuenta_bancaria", "auxiliar_id": scene.banco.clabe}
    lines = [{**own, "abono": "80.00"}, {**bank, "cargo": "80.00"}]
    sent = {
        "polizas": [
            {
                "id": "A-1",
                "periodo": 1,
                "subtipo": "IG",
                "fecha_operacion": scene.periodos[0].hasta.isoformat(),
                "descripcion": "Depósito",
                "lineas": lines,
            }
        ]
    }
    answer = Client().post(
        f"/api/v1/contabilidades/{scene.libros.pk}/polizas",
        json.dumps(sent),
        content_type="application/json",
        headers={"authorization": f"Bearer {create_key(by, 'Programa').texto}", "idempotency-key": f"{by.pk}-{text}"},
    )
    found = [each for each in answer.json().get("errores", []) if each["columna"] == "auxiliar_id"]
    return [{**each, "mensaje": each["mensaje"].replace(text, "N")} for each in found]


def test_a_program_names_by_number_those_whom_its_person_sees(places: Places) -> None:
    bruno, alicia = places.scene.bruno, places.scene.alicia
    numbers = {
        "aportante": [row.identidad for row in places.donantes],
        "persona": [row.persona.identidad for row in places.gente],
    }
    for kind, (own, other) in numbers.items():
        absent = _named_by(places, bruno, kind, "987654321")
        assert [each["codigo"] for each in absent] == ["auxiliar"]
        assert _named_by(places, bruno, kind, str(other)) == absent, kind
        assert _named_by(places, bruno, kind, str(own)) == [] == _named_by(places, alicia, kind, str(other)), kind
    assert _named_by(places, bruno, "aportante", KEYS[1]) == []  # who holds the key may name its owner


def test_a_book_does_not_tell_who_a_number_is(places: Places, enter: Any) -> None:
    client = enter(places.scene.bruno)
    for kind, rows in (("aportante", places.donantes), ("persona", [row.persona for row in places.gente])):
        asked = {"auxiliar_tipo": kind, "auxiliar": rows[1].pk}
        told = client.get(reverse("party:libro", args=["auxiliares"]), asked).text
        assert not any(word in told for word in OTHER), kind
        assert "no está en sus catálogos" in told, kind
        mine = client.get(reverse("party:libro", args=["auxiliares"]), asked | {"auxiliar": rows[0].pk}).text
        assert "no está en sus catálogos" not in mine, kind
