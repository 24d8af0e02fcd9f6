"""Candidacies and caps that come to the desk of administration in a file or by a form."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sif.jobs.models import Trabajo
from sif.registry import clock
from sif.registry.demarcations import register_territorio
from sif.registry.models import (
    Cargo,
    Contabilidad,
    Persona,
    Suceso,
    SujetoObligado,
    Territorio,
    TopeContabilidad,
)
from sif.registry.scope import everything
from sif.registry.services import (
    NewCandidatura,
    approve_candidatura,
    create_etapa,
    create_proceso,
    register_persona,
    register_sujeto,
)
from sif.registry.table_files import MOST_CAP_BYTES
from sif.registry.topes import read_topes
from sif.web.admin.tasks import FIX
from web.admin_scene import Enter, _folder, address, people, stage_of

__all__ = ["_folder", "people"]


def upload(client: Client, page: str, etapa: Any, text: str) -> Any:
    file = SimpleUploadedFile("archivo.csv", text.encode(), content_type="text/csv")
    return client.post(address(page), {"etapa": etapa.pk, "archivo": file})


CANDIDACIES = """PARTIDO_COALICION,CARGO,ENTIDAD,MUNICIPIO,NUM_LISTA_O_FORMULA,NOMBRE_CANDIDATO,TOPE_GASTOS
Partido Ámbar,PRESIDENCIA MUNICIPAL,DURANGO,CANATLÁN,10,ANA LUNA,500000
CANDIDATURA INDEPENDIENTE,PRESIDENCIA MUNICIPAL,DURANGO,CANATLÁN,11,EVA RÍO,500000
Partido Ámbar,PRESIDENCIA MUNICIPAL,DURANGO,No aplica,12,IRIS MAR,500000
"""


CAPS = "CARGO,ENTIDAD,MUNICIPIO,TOPE\nPRESIDENCIA MUNICIPAL,DURANGO,CANATLÁN,600000\n"


def test_a_file_is_looked_at_its_names_matched_and_loaded(people: Any, enter: Enter) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    assert "Cargue el archivo del registro" in ana.get(address("candidaturas")).text
    ana.post(address("sujeto_nuevo"), {"tipo": "partido_local", "siglas": "PLA", "nombre": "Ámbar de Durango"})
    party = SujetoObligado.objects.get()
    url = upload(ana, "candidaturas_cargar", etapa, CANDIDACIES)["Location"]
    page = ana.get(url).text
    assert "Aprobar 2 candidaturas" in page
    assert "fila 4, MUNICIPIO" in page
    assert "1 renglón" in page
    assert "(opcional)" not in page
    refused = ana.post(url, {"sujeto_0": "", "acuerdo": ""})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"sujeto_0", "acuerdo"}
    assert not Contabilidad.objects.exists()
    done = ana.post(url, {"sujeto_0": party.pk, "acuerdo": "IEPC/CG9/2027"}, follow=True).text
    assert "Entraron 2 candidaturas y se abrieron 3 contabilidades. 1 renglón no entró." in done
    assert set(TopeContabilidad.objects.values_list("fijado_por__username", flat=True)) == {"ana"}
    assert set(Persona.objects.values_list("registrada_por__username", flat=True)) == {"ana"}
    rows = ana.get(address("candidaturas"), {"etapa": etapa.pk, "q": "luna"}).text
    assert "ANA LUNA</a>" in rows
    assert "500,000.00" in rows
    assert "EVA RÍO</a>" not in rows, "su sujeto se ofrece en el filtro; ella no está en la lista"
    assert "Presidencia municipal" in rows
    assert "ninguna candidatura nueva" in ana.get(url).text
    assert ana.post(url, {"sujeto_0": party.pk}).status_code == 422


def test_rows_with_one_fault_are_told_once_and_their_entity_by_its_name(people: Any, enter: Enter) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    foreign = "".join(
        f"Partido Ámbar,PRESIDENCIA MUNICIPAL,JALISCO,TUXPAN {n},{n},LUZ {n} SOL,\n" for n in range(20, 29)
    )
    page = ana.get(upload(ana, "candidaturas_cargar", etapa, CANDIDACIES + foreign)["Location"]).text
    assert page.count("Es de Jalisco y el proceso es de Durango.") == 1
    assert "fila 5, entidad; fila 6, entidad; fila 7, entidad; y 6 más" in page


def test_one_unknown_name_does_not_hold_the_rest_of_a_file(people: Any, enter: Enter) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    ana.post(address("sujeto_nuevo"), {"tipo": "partido_local", "siglas": "PLA", "nombre": "Partido Ámbar"})
    strange = "Partido Nadie,PRESIDENCIA MUNICIPAL,DURANGO,CANATLÁN,13,LUZ SOL,\n"
    url = upload(ana, "candidaturas_cargar", etapa, CANDIDACIES + strange)["Location"]
    page = ana.get(url).text
    assert "No entra: dejar fuera su renglón" in page
    assert "1 renglón; fila 5" in page
    [name] = [at for at, each in enumerate(ana.get(url).context["visto"].nombres) if each.sujeto is None]
    known = {f"sujeto_{1 - name}": SujetoObligado.objects.get().pk, "acuerdo": "IEPC/CG9/2027"}
    assert "deje fuera sus renglones" in ana.post(url, {**known, f"sujeto_{name}": ""}).text
    done = ana.post(url, {**known, f"sujeto_{name}": "fuera"}, follow=True).text
    assert "Entraron 2 candidaturas" in done and "2 renglones no entraron" in done
    assert not Persona.objects.filter(nombre="LUZ SOL").exists()
    with everything():
        assert Suceso.objects.filter(verbo="cargar_candidaturas_en_parte").count() == 1
    every = {**known, f"sujeto_{name}": "fuera", f"sujeto_{1 - name}": "fuera"}
    assert "ninguna candidatura nueva" in ana.post(url, every).text


def test_a_file_that_is_missing_or_gone_is_told(people: Any, enter: Enter) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    assert "PARTIDO, CARGO, ENTIDAD y NOMBRE" in ana.get(address("candidaturas_cargar")).text
    page = ana.post(address("candidaturas_cargar"), {"etapa": etapa.pk})
    assert page.status_code == 422
    assert page.context["form"].errors["archivo"]
    assert ana.get(address("carga", etapa.pk, "a" * 64)).status_code == 404
    assert ana.get(address("topes_vistos", etapa.pk, "a" * 64)).status_code == 404
    nothing = ana.get(upload(ana, "candidaturas_cargar", etapa, "hola")["Location"]).text
    assert "Columnas del archivo" in nothing


def test_caps_are_looked_at_and_fixed_by_their_accord(people: Any, enter: Enter) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    ana.post(address("sujeto_nuevo"), {"tipo": "partido", "siglas": "PA", "nombre": "Partido Ámbar"})
    seen = upload(ana, "candidaturas_cargar", etapa, CANDIDACIES)["Location"]
    ana.post(seen, {"sujeto_0": SujetoObligado.objects.get().pk, "acuerdo": "IEPC/CG9/2027"})
    assert "CSV o XLSX con las columnas CARGO y TOPE" in ana.get(address("topes")).text
    url = upload(ana, "topes", etapa, CAPS)["Location"]
    page = ana.get(url).text
    assert "Alcanzan a 2 contabilidades" in page and "Sustituye 2 topes que ya había" in page
    assert "500,000.00 (IEPC/CG9/2027)" in page
    refused = ana.post(url, {"acuerdo": " "})
    assert refused.status_code == 422
    assert refused.context["form"].errors["acuerdo"]
    done = ana.post(url, {"acuerdo": "IEPC/CG20/2027"}, follow=True).text
    assert "2 contabilidades tienen su tope." in done
    (fixed,) = Trabajo.objects.filter(tipo=FIX)
    assert (fixed.persona, fixed.resultado) == (people[0], {"contabilidades": 2})
    assert ana.get(f"{address('candidaturas')}?etapa={etapa.pk}").text.count("600,000.00") == 2
    assert "Sustituye" not in ana.get(url).text and "600,000.00 (IEPC/CG20/2027)" in ana.get(url).text
    wrong = upload(ana, "topes", etapa, CAPS.replace("CANATLÁN", "OTRO"))["Location"]
    assert "Nadie contiende por ese cargo" in ana.get(wrong).text
    assert "Fijar estos topes" not in ana.get(wrong).text
    assert ana.post(wrong, {"acuerdo": "A/1"}).status_code == 422


def test_a_file_of_caps_longer_than_any_is_refused(people: Any, enter: Enter) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    assert "Pesa más de 1 MB." in upload(ana, "topes", etapa, CAPS + "\n" * MOST_CAP_BYTES).text
    assert read_topes((CAPS + "\n" * MOST_CAP_BYTES).encode(), etapa).problemas[0].codigo == "grande"


def test_a_file_that_does_not_fit_beside_those_of_jobs_is_told_and_not_kept(
    people: Any, enter: Enter, settings: Any, tmp_path: Path
) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    settings.JOB_FILES_BYTES = 1
    refused = upload(ana, "topes", etapa, CAPS)
    assert refused.status_code == 422 and "y este no cabe" in refused.text and "SIF_TRABAJOS_GIB" in refused.text
    assert list((tmp_path / "trabajos").iterdir()) == []
    settings.JOB_FILES_BYTES = 1 << 30
    ana.post(address("sujeto_nuevo"), {"tipo": "partido", "siglas": "PA", "nombre": "Partido Ámbar"})
    seen = upload(ana, "candidaturas_cargar", etapa, CANDIDACIES)["Location"]
    ana.post(seen, {"sujeto_0": SujetoObligado.objects.get().pk, "acuerdo": "IEPC/CG9/2027"})
    url = upload(ana, "topes", etapa, CAPS)["Location"]
    settings.JOB_FILES_BYTES = 1
    asked = ana.post(url, {"acuerdo": "IEPC/CG20/2027"}, follow=True)
    assert "y este no cabe" in asked.text


def test_a_file_is_looked_at_by_the_session_that_brought_it_alone(people: Any, enter: Enter) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    for name, data in (("candidaturas_cargar", CANDIDACIES), ("topes", CAPS)):
        url = upload(ana, name, etapa, data)["Location"]
        assert ana.get(url).status_code == 200
        for other in (enter(people[1]), enter(people[0])):
            assert other.get(url).status_code == 404
            assert other.post(url, {"acuerdo": "IEPC/CG20/2027", "sujeto_0": "1"}).status_code == 404


def test_one_candidacy_and_the_books_of_none(people: Any, enter: Enter) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    ana.post(address("sujeto_nuevo"), {"tipo": "partido", "siglas": "PA", "nombre": "Partido Ámbar"})
    party = SujetoObligado.objects.get()
    typed = {
        "etapa": etapa.pk,
        "sujeto": party.pk,
        "nombre": "Ana Luna",
        "cargo": "PRESIDENCIA MUNICIPAL",
        "entidad": "DUR",
        "lugar": "Canatlán",
        "aprobada_el": "20/11/2026",
        "acuerdo_aprobacion": "IEPC/CG8/2026",
        "tope": "500,000",
        "acuerdo": "",
    }
    offered = ana.get(address("candidatura_nueva")).text
    assert all(
        f">{name}<" in offered for name in ("Diputación local MR", "Ciudad de México", "Nuevo León", "Querétaro")
    )
    assert "Senaduría" not in offered and ">Diputación federal MR<" not in offered
    assert ">Gubernatura<" in offered
    assert "Jefatura de Gobierno" not in offered and "Alcaldía" not in offered, "Durango no las elige"
    page = ana.post(address("candidatura_nueva"), {**typed, "curp": "corta", "entidad": "OAX"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"curp", "entidad", "acuerdo"}
    good = ana.post(address("candidatura_nueva"), {**typed, "acuerdo": "IEPC/CG9/2027"}, follow=True)
    assert "su contabilidad quedó abierta" in good.text
    with everything():
        register_territorio("OAX", "Tlaxiaco", "municipio")
    ana.post(address("sujeto_nuevo"), {"tipo": "partido", "siglas": "PB", "nombre": "Partido Bravo"})
    later = {
        **typed,
        "sujeto": SujetoObligado.objects.get(siglas="PB").pk,
        "nombre": "Sol Paz",
        "tope": "",
        "acuerdo": "",
    }
    told = ana.post(address("candidatura_nueva"), later, follow=True).text
    assert "Se le fijó el tope de su cargo y lugar: $500,000.00, acuerdo IEPC/CG9/2027." in told
    district = {**typed, "cargo": "DIPUTACION LOCAL MR", "lugar": "1", "nombre": "Mar Sol", "acuerdo": "IEPC/CG9/2027"}
    assert ana.post(address("candidatura_nueva"), district).status_code == 302
    assert "Distrito 1<" in ana.get(address("candidaturas"), {"q": "mar"}).text
    assert ",1," in ana.get(address("candidaturas"), {"q": "mar", "formato": "csv"}).text
    odd = {**typed, "acuerdo": "IEPC/CG9/2027", "nombre": "Eva Mar", "lugar": "Tlaxiaco"}
    warned = ana.post(address("candidatura_nueva"), odd, follow=True).text
    assert "consta como municipio de Oaxaca, y no de Durango" in warned
    assert {each.fijado_por for each in TopeContabilidad.objects.all()} == {people[0]}
    books = {"etapa": etapa.pk, "sujeto": party.pk, "clase": "concentradora"}
    assert "Contabilidad abierta." in ana.post(address("libros_nuevos"), books, follow=True).text
    again = ana.post(address("libros_nuevos"), books)
    assert again.status_code == 422
    assert again.context["form"].errors["sujeto"]
    assert Contabilidad.objects.count() == 5


def test_the_form_of_a_candidacy_begins_with_nothing_or_with_what_its_process_used_last(
    people: Any, enter: Enter
) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    ana.post(address("sujeto_nuevo"), {"tipo": "partido", "siglas": "PA", "nombre": "Partido Ámbar"})
    url = address("candidatura_nueva")

    def chosen(where: str = url) -> dict[str, Any]:
        form = ana.get(where).context["form"]
        names = ("etapa", "sujeto", "cargo", "entidad", "aprobada_el", "acuerdo_aprobacion")
        return {name: form[name].value() for name in names if form[name].value()}

    assert chosen() == {"etapa": etapa.pk, "entidad": "DUR"}  # the only one there is, and its entity
    assert '<option value="" selected>Elija</option>' in ana.get(url).text
    empty = ana.post(url, {"nombre": "Ana Luna"})
    assert {"etapa", "sujeto", "cargo", "aprobada_el"} <= set(empty.context["form"].errors)
    typed = {
        "etapa": etapa.pk,
        "sujeto": SujetoObligado.objects.get().pk,
        "nombre": "Ana Luna",
        "entidad": "DUR",
        "cargo": "PRESIDENCIA MUNICIPAL",
        "lugar": "Canatlán",
        "aprobada_el": "20/11/2026",
        "acuerdo_aprobacion": "IEPC/CG8/2026",
    }
    assert ana.post(url, typed).status_code == 302
    used = {
        "etapa": etapa.pk,
        "cargo": "PRESIDENCIA MUNICIPAL",
        "entidad": "DUR",
        "aprobada_el": date(2026, 11, 20),
        "acuerdo_aprobacion": "IEPC/CG8/2026",
    }
    assert chosen() == used
    other = create_proceso(clave="P-2", nombre="Otro", ambito="federal", anio=2027)
    create_etapa(other, "campana", date(2027, 4, 4), date(2027, 6, 2))
    assert chosen() == {}  # of two stages, neither is the one that is meant
    assert f'href="{url}?etapa={etapa.pk}"' in ana.get(address("candidaturas"), {"etapa": etapa.pk}).text
    assert chosen(f"{url}?etapa={etapa.pk}") == used
    tomorrow = clock.today() + timedelta(days=1)  # as a file that says no day leaves it, before the stage begins
    party, office, place = SujetoObligado.objects.get(), Cargo.objects.get(), Territorio.objects.get(nombre="Canatlán")
    coming = NewCandidatura("F-2", register_persona("Eva"), party, office, place, 1000, "A", tomorrow, "IEPC/CG9/2026")
    approve_candidatura(etapa, coming)
    without_day = {name: value for name, value in used.items() if name != "aprobada_el"}
    assert chosen(f"{url}?etapa={etapa.pk}") == {**without_day, "acuerdo_aprobacion": "IEPC/CG9/2026"}


def test_candidacies_are_listed_by_the_day_and_the_accord_of_their_approval(people: Any, enter: Enter) -> None:
    etapa, ana = stage_of(people, enter), enter(people[0])
    party = register_sujeto("partido_local", "1", "PA", "Partido Ámbar")
    office, place = (
        model.objects.create(**row)
        for model, row in (
            (Cargo, {"clave": "PM", "nombre": "Presidencia municipal", "ambito": "local"}),
            (Territorio, {"clave": "DUR-1", "nombre": "Canatlán", "entidad": "DUR"}),
        )
    )
    for name, day, accord in (("Ana", 20, "A/1"), ("Eva", 25, "A/2"), ("Iris", None, "")):
        approval = (date(2026, 11, day) if day else None, accord)
        who = register_persona(name)
        approve_candidatura(etapa, NewCandidatura(f"F-{name}", who, party, office, place, 1000, "A", *approval))

    def listed(**asked: str) -> list[tuple[str, str, str]]:
        rows = csv.DictReader(io.StringIO(ana.get(address("candidaturas"), {**asked, "formato": "csv"}).text[1:]))
        return [(row["nombre"], row["aprobada_el"], row["acuerdo_aprobacion"]) for row in rows]

    ana_row, eva, iris = ("Ana", "2026-11-20", "A/1"), ("Eva", "2026-11-25", "A/2"), ("Iris", "", "")
    assert listed(orden="-aprobada_el") == [eva, ana_row, iris]  # what is not known goes last both ways
    assert listed(orden="aprobada_el") == [ana_row, eva, iris]
    assert (listed(aprobacion="no_consta"), listed(q="a/2")) == ([iris], [eva])
    assert "25 nov 2026" in ana.get(address("candidaturas")).text
