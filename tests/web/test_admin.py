"""The desk of administration: an empty database gets its process and its subjects by pages, and a stranger nothing."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from rfcs import new_rfc
from sif.registry import clock
from sif.registry.models import (
    CalendarioCerrado,
    CalendarioPropuesto,
    ConvenioCoalicion,
    Etapa,
    Proceso,
    SujetoObligado,
)
from sif.registry.scope import everything
from sif.registry.services import (
    appoint,
    create_usuario,
    register_sujeto,
)
from sif.web.term_pages import days_counted
from web.admin_scene import CALENDAR, Enter, Rol, _folder, address, calendar_url, people, stage_of

__all__ = ["_folder", "people"]


def test_an_empty_installation_says_what_comes_first(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    assert "la ley propone etapas, periodos y plazos" in ana.get(address("procesos")).text
    assert "Registre primero los partidos" in ana.get(address("sujetos")).text


@pytest.mark.parametrize(
    ("name", "said", "leads"),
    [
        ("candidaturas_cargar", ["Todavía no hay ninguna etapa."], ["procesos"]),
        ("topes", ["Todavía no hay ninguna etapa.", "Todavía no hay candidaturas"], ["procesos", "candidaturas"]),
        ("candidatura_nueva", ["Todavía no hay ninguna etapa.", "Todavía no hay sujetos"], ["procesos", "sujetos"]),
        ("libros_nuevos", ["Todavía no hay ninguna etapa.", "Todavía no hay sujetos"], ["procesos", "sujetos"]),
    ],
)
def test_a_form_with_nothing_to_choose_from_says_what_is_needed_and_where(
    people: Any, enter: Enter, name: str, said: list[str], leads: list[str]
) -> None:
    page = enter(people[0]).get(address(name)).text
    assert all(words in page for words in said) and "<select" not in page
    assert all(f'<a href="{address(each)}">' in page for each in leads)


def test_a_form_is_drawn_once_there_is_what_it_needs(people: Any, enter: Enter) -> None:
    stage_of(people, enter)
    ana = enter(people[0])
    assert "<select" in ana.get(address("candidaturas_cargar")).text
    assert "Todavía no hay sujetos" in ana.get(address("candidatura_nueva")).text
    made = {"tipo": "coalicion", "nombre": "Juntas por Durango", "siglas": "JXD"}
    ana.post(address("sujeto_nuevo"), made)
    alone = SujetoObligado.objects.get()
    assert "Todavía no hay partidos." in ana.get(address("integrantes", alone.pk)).text
    assert "<select" in ana.get(address("candidatura_nueva")).text


def test_the_law_draws_the_calendar_that_one_proposes_and_another_opens(people: Any, enter: Enter) -> None:
    ana, luis = map(enter, people)
    start = {"clase": "local_intermedia", "entidad": "DUR", "anio": "2027", "jornada_el": ""}
    drawn = ana.post(address("proceso_nuevo"), start)
    assert drawn.status_code == 302
    page = ana.get(drawn["Location"]).text
    assert "PEL-DUR-2026-2027" in page
    assert 'value="04/04/2027"' in page
    assert "De treinta a sesenta días" in page
    assert "CPEUM 116.IV.j (por confirmar); LGPP 79.1.b.III" in page
    again = ana.post(calendar_url(), {**CALENDAR, "campana_termina": "01/06/2027", "acto": "calcular"})
    assert again.status_code == 200
    assert "4 jun 2027" in again.text
    assert not CalendarioPropuesto.objects.exists()
    proposed = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})
    url = proposed["Location"]
    assert "lo abre otra persona" in ana.get(url).text
    assert "lo abre otra persona" in ana.post(url, follow=True).text
    assert not Proceso.objects.exists()
    assert "Abrir el proceso" in luis.get(url).text
    opened = luis.post(url, follow=True)
    assert "El proceso quedó abierto" in opened.text
    assert "IEPC/CG1/2027; LGPP 79.1.b.III" in opened.text
    assert Proceso.objects.get().jornada_el == date(2027, 6, 6)
    assert "Ver el proceso" in luis.get(url).text
    assert luis.post(url).status_code == 409
    assert "Proceso electoral local de Durango" in luis.get(address("procesos")).text


def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    refused = ana.post(address("proceso_nuevo"), {"clase": "local", "entidad": "", "anio": "2027"})
    assert refused.status_code == 422
    assert refused.context["form"].errors["entidad"]
    for field, typed in (
        ("campana_acuerdo", ""),
        ("campana_inicia", "35/04/2027"),
        ("campana_termina", ""),
        ("campana_termina", "05/06/2027"),
        ("campana_plazos", "tres"),
        ("clave", "x y"),
        ("jornada_el", ""),
    ):
        page = ana.post(calendar_url(), {**CALENDAR, field: typed, "acto": "proponer"})
        assert page.status_code == 422, field
        assert page.context["form"].errors[field], field
    none = {key: value for key, value in CALENDAR.items() if key != "campana_hay"}
    assert "no tiene etapas" in ana.post(calendar_url(), {**none, "acto": "proponer"}).text
    assert not CalendarioPropuesto.objects.exists()


def test_a_calendar_out_of_order_is_refused_and_one_shorter_than_the_law_is_warned_of(
    people: Any, enter: Enter
) -> None:
    ana = enter(people[0])
    for act in ("calcular", "proponer"):
        page = ana.post(calendar_url(), {**CALENDAR, "campana_plazos": "1, 0, 0, 0, 0, 0", "acto": act})
        assert "El oficio sería el 04/05/2027 y el informe vence el 04/05/2027." in page.text, act
    assert not CalendarioPropuesto.objects.exists()
    short = {**CALENDAR, "campana_plazos": "3, 10, 1, 10, 6, 6"}
    warned = "Campaña, Respuesta al oficio: 1 en vez de los 5 días de la ley."
    assert warned in ana.post(calendar_url(), {**short, "acto": "calcular"}).text
    assert warned in ana.post(calendar_url(), {**short, "acto": "proponer"}, follow=True).text
    assert "días de la ley" not in ana.post(calendar_url(), {**CALENDAR, "acto": "calcular"}).text


def test_a_calendar_that_cannot_be_drawn_says_why_before_it_is_proposed(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    for field, typed in (("campana_inicia", "10/06/2027"), ("campana_plazos", "3, 10, x")):
        page = ana.post(calendar_url(), {**CALENDAR, field: typed, "acto": "calcular"})
        assert page.context["form"].errors, field


def test_nothing_is_asked_of_a_stage_that_there_is_not(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    typed = {**CALENDAR, "precampana_inicia": "35/01/2027", "campana_inicia": "", "acto": "calcular"}
    page = ana.post(calendar_url(), typed)
    assert list(page.context["form"].errors) == ["campana_inicia"]
    drawn = page.context["form"]
    assert all(drawn.fields[f"campana_{part}"].required for part in ("inicia", "termina", "plazos", "acuerdo"))


def test_an_address_that_draws_nothing_goes_back_to_the_first_page(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    for asked in ({"clase": "otra"}, {"anio": "mil"}, {"jornada": "ayer"}, {"entidad": ""}):
        assert ana.get(calendar_url(**asked))["Location"] == address("proceso_nuevo")


def test_an_account_that_may_be_of_who_proposed_reads_why_it_does_not_open(people: Any, enter: Enter) -> None:
    bare = create_usuario("ana2", "Ana", None)
    appoint(bare, Rol.ADMINISTRADOR)
    url = enter(people[0]).post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"]
    other = enter(bare)
    page = other.get(url).text
    assert "La cuenta ana2 no tiene RFC" in page and "Abrir el proceso" not in page and "Rechazar" in page
    assert "La cuenta ana2 no tiene RFC" in other.post(url, follow=True).text
    assert not Proceso.objects.exists()


def test_the_next_process_begins_with_the_stages_and_terms_of_the_last(people: Any, enter: Enter) -> None:
    ana, luis = map(enter, people)
    changed = {**CALENDAR, "campana_plazos": "4, 12, 5, 10, 6, 6", "acto": "proponer"}
    first = ana.post(calendar_url(), changed)["Location"]
    luis.post(first)
    last = CalendarioPropuesto.objects.get()
    begins = f"{address('proceso_nuevo')}?de={last.pk}"
    assert f'href="{begins}"' in ana.get(address("proceso", Proceso.objects.get().pk)).text
    form = ana.get(begins).context["form"]  # local law says the year of its elections
    assert {name: form[name].value() for name in ("clase", "entidad", "anio")} == {
        "clase": "local_intermedia",
        "entidad": "DUR",
        "anio": None,
    }
    start = {"clase": "local_intermedia", "entidad": "DUR", "anio": "2030", "jornada_el": ""}
    page = ana.get(ana.post(begins, start)["Location"])
    said = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    assert (said["campana_hay"], said["campana_plazos"]) == (True, "4, 12, 5, 10, 6, 6")
    assert (said["campana_acuerdo"], said["campana_inicia"].year, said["clave"]) == ("", 2030, "PEL-DUR-2029-2030")
    assert "Proceso electoral local de Durango" in page.text
    assert {said[f"{tipo}_hay"] for tipo in ("precampana", "apoyo_ciudadano")} == {False}
    assert "Precampaña, periodo 1" not in page.text and "Campaña, periodo 1" in page.text
    assert [str(stage) for stage, _law in page.context["notas"]] == ["Campaña"]


def test_a_calendar_withdrawn_is_proposed_again_without_typing_it_anew(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    days = {"campana_inicia": "05/04/2027", "campana_plazos": "4, 12, 5, 10, 6, 6", "nombre": "Elección de Durango"}
    url = ana.post(calendar_url(), {**CALENDAR, **days, "acto": "proponer"})["Location"]
    ana.post(url, {"acto": "retirar"})
    form = ana.get(ana.get(url).context["otro"]).context["form"]
    asked = ("nombre", "campana_hay", "campana_inicia", "campana_plazos", "campana_acuerdo")
    assert [form[name].value() for name in asked] == [
        "Elección de Durango",
        True,
        date(2027, 4, 5),
        "4, 12, 5, 10, 6, 6",
        "IEPC/CG1/2027",
    ]


def test_a_calendar_replaced_by_another_is_not_opened(people: Any, enter: Enter) -> None:
    ana, luis = map(enter, people)
    first = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"]
    ana.post(calendar_url(), {**CALENDAR, "nombre": "Elección de Durango", "acto": "proponer"})
    assert "se abre el último" in luis.get(first).text
    assert luis.post(first).status_code == 409
    assert luis.get(address("procesos")).text.count("Lo propuso") == 1


def test_another_refuses_a_calendar_with_its_reason_and_another_may_be_proposed(people: Any, enter: Enter) -> None:
    ana, luis = map(enter, people)
    url = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"]
    assert "retírelo" in ana.post(url, {"acto": "rechazar", "motivo": "Mal fechado"}, follow=True).text
    bare = luis.post(url, {"acto": "rechazar", "motivo": "  "})
    assert bare.status_code == 422
    assert 'id="motivo-error"' in bare.text
    assert luis.post(url, {"acto": "borrar"}).status_code == 404
    seen = luis.post(url, {"acto": "rechazar", "motivo": "La jornada es el 6 de junio"}, follow=True).text
    assert "La jornada es el 6 de junio" in seen and "Abrir el proceso" not in seen
    assert luis.post(url).status_code == luis.post(url, {"acto": "rechazar", "motivo": "Otra vez"}).status_code == 409
    assert "Lo propuso" not in luis.get(address("procesos")).text
    again = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"]
    assert luis.post(again, follow=True).status_code == 200
    assert Proceso.objects.count() == 1


def test_who_proposed_withdraws_a_calendar_and_nobody_else(people: Any, enter: Enter) -> None:
    ana, luis = map(enter, people)
    url = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"]
    assert "Lo propuso otra persona" in luis.post(url, {"acto": "retirar"}, follow=True).text
    assert "Retirar mi propuesta" in ana.get(url).text
    assert "Lo retiró" in ana.post(url, {"acto": "retirar"}, follow=True).text
    assert luis.post(url).status_code == 409
    with everything():
        assert [(row.sentido, row.hecho_por) for row in CalendarioCerrado.objects.all()] == [("retirado", people[0])]
    auditor = create_usuario("eva", "Eva", None)
    appoint(auditor, Rol.REVISOR)
    for act in ("retirar", "rechazar"):
        assert enter(auditor).post(url, {"acto": act, "motivo": "Porque sí"}).status_code == 403


@pytest.mark.parametrize("two", [True, False])
def test_who_proposes_and_who_opens_read_whether_another_person_is_asked_for(
    people: Any, enter: Enter, settings: Any, two: bool
) -> None:
    settings.TWO_PEOPLE_OPEN = two
    ana, luis = map(enter, people)
    url = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"]
    alone = "no pide otra persona"
    proposed = "lo abre otra persona que administre."
    assert [words in ana.get(calendar_url()).text for words in (proposed, alone)] == [two, not two]
    opened = "Abrirlo pide dos personas"
    assert [words in luis.get(url).text for words in (opened, alone)] == [two, not two]
    assert ("Abrir el proceso" in ana.get(url).text) is not two


def test_opening_asks_again_who_acts(people: Any, enter: Enter, settings: Any) -> None:
    settings.ACT_SECONDS = -1
    ana, luis = map(enter, people)
    url = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"]
    assert luis.get(url).status_code == 200
    assert reverse("confirmar") in luis.post(url)["Location"]
    assert not Proceso.objects.exists()


def test_subjects_and_the_parties_of_a_coalition(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    for tipo, siglas in (("partido", "PA"), ("partido_local", "PB")):
        typed = {"tipo": tipo, "siglas": siglas, "nombre": f"Partido {siglas}", "rfc": "", "numero": ""}
        assert ana.post(address("sujeto_nuevo"), typed)["Location"] == address("sujetos")
    again = ana.post(address("sujeto_nuevo"), typed)
    assert again.status_code == 422
    assert set(again.context["form"].errors) == {"siglas", "nombre"}
    union = {"tipo": "coalicion", "siglas": "AB", "nombre": "Coalición A y B"}
    members = ana.post(address("sujeto_nuevo"), union)["Location"]
    assert "Decir quiénes la forman" in ana.get(address("sujetos")).text
    union_pk = SujetoObligado.objects.get(siglas="AB").pk
    pa, pb = SujetoObligado.objects.filter(siglas__in=("PA", "PB")).order_by("siglas")
    day = {"acuerdo": "INE/CG5/2026", "aprobado_el": "10/01/2026", "desde": "10/01/2026"}
    shares = {f"parte_{pa.pk}": "60", f"parte_{pb.pk}": "30", **day}
    assert "suman 90.00 %" in ana.post(members, shares).text
    for wrong in ("400", "33.333", "-1", "cuarenta"):
        assert ana.post(members, {**shares, f"parte_{pb.pk}": wrong}).context["form"].errors[f"parte_{pb.pk}"]
    whole = {**shares, f"parte_{pb.pk}": "40"}
    text = SimpleUploadedFile("convenio.txt", b"nada")
    assert ana.post(members, {**whole, "documento": text}).context["form"].errors["documento"]
    paper = SimpleUploadedFile("convenio.pdf", b"%PDF-1.7 de las partes")
    assert ana.post(members, {**whole, "documento": paper})["Location"] == address("sujeto", union_pk)
    assert "ya se registró" in ana.post(members, whole).text
    made = ConvenioCoalicion.objects.get()
    sheet = ana.get(address("sujeto", union_pk)).text
    assert "PA 60 % · PB 40 %" in sheet and "INE/CG5/2026, del" in sheet and "convenio.pdf" in sheet
    sent = ana.get(address("convenio_documento", made.pk))
    assert sent.content == b"%PDF-1.7 de las partes" and "attachment" in sent["Content-Disposition"]
    form = ana.get(members).context["form"]
    assert form.initial == {f"parte_{pa.pk}": 60, f"parte_{pb.pk}": 40}
    change = {**whole, f"parte_{pa.pk}": "50", f"parte_{pb.pk}": "50", "desde": "01/03/2026", "acuerdo": "INE/CG9/2026"}
    assert "Modificación registrada." in ana.post(members, change, follow=True).text
    sheet = ana.get(address("sujeto", union_pk)).text
    assert "PA 50 % · PB 50 %" in sheet and "Rigió desde el 10/01/2026 y hasta antes del 01/03/2026" in sheet
    assert ana.get(address("convenio_documento", ConvenioCoalicion.objects.latest("pk").pk)).status_code == 404
    assert ana.get(address("integrantes", pa.pk)).status_code == 404
    assert ana.get(address("integrantes", pa.pk + 99)).status_code == 404


def test_a_stranger_neither_agrees_nor_reads_an_agreement(people: Any, enter: Enter) -> None:
    auditor = create_usuario("eva", "Eva", None)
    appoint(auditor, Rol.REVISOR)
    union = register_sujeto("coalicion", "9", "XY", "Coalición X y Y")
    for url in (address("integrantes", union.pk), address("convenio_documento", 1)):
        assert enter(auditor).get(url).status_code == 403
        assert "/cuenta/login/" in Client().get(url)["Location"]
    assert enter(auditor).post(address("integrantes", union.pk), {}).status_code == 403


@pytest.mark.parametrize("name", ["procesos", "proceso_nuevo", "calendario", "sujetos", "sujeto_nuevo"])
def test_a_stranger_is_refused(people: Any, enter: Enter, name: str) -> None:
    auditor = create_usuario("eva", "Eva", None)
    appoint(auditor, Rol.REVISOR)
    for send in ("get", "post"):
        assert getattr(enter(auditor), send)(address(name)).status_code == 403
        assert "/cuenta/login/" in getattr(Client(), send)(address(name))["Location"]


def test_a_stranger_neither_sees_nor_opens_a_calendar(people: Any, enter: Enter) -> None:
    ana, luis = map(enter, people)
    url = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"]
    auditor = create_usuario("eva", "Eva", None)
    appoint(auditor, Rol.REVISOR)
    assert enter(auditor).get(url).status_code == enter(auditor).post(url).status_code == 403
    luis.post(url)
    proceso = Proceso.objects.get()
    assert enter(auditor).get(address("proceso", proceso.pk)).status_code == 403
    assert luis.get(address("proceso", proceso.pk + 1)).status_code == 404


def test_the_first_page_tells_the_steps_and_what_each_process_lacks(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    assert ana.get(reverse("mesa"))["Location"] == address("home")
    first = ana.get(address("home")).text
    assert "0 hasta hoy" in first
    assert "Registrar los sujetos obligados" in first
    etapa = stage_of(people, enter)
    assert "cosas por resolver" in ana.get(address("home")).text
    page = ana.get(address("faltantes", etapa.proceso_id)).text
    assert "Etapas sin candidaturas: 1" in page
    assert "Campaña" in page
    assert "campana" not in page
    assert "Nadie que audite" in page


def _ticked(page: str) -> dict[str, bool]:
    """The steps of the first page, each with whether it is ticked."""
    listed = page[page.index('<ol class="rows">') : page.index("</ol>", page.index('<ol class="rows">'))]
    return {
        re.search(r"<strong>(.*?)</strong>", each)[1]: "check-circle-fill" in each  # type: ignore[index]
        for each in listed.split("<li>")[1:]
    }


def test_a_step_is_ticked_once_nothing_of_it_is_left(db: None, enter: Enter) -> None:
    ana = create_usuario("ana.sola", "Ana Sola", None)
    appoint(ana, Rol.ADMINISTRADOR)
    page = enter(ana).get(address("home")).text
    steps = _ticked(page)
    assert next(iter(steps)) == "Tener dos personas que administren" and not any(steps.values())
    assert "1 hasta hoy; lo de la autoridad lo propone una persona" in page
    appoint(create_usuario("eva", "Eva", None), Rol.ADMINISTRADOR)
    parties = [register_sujeto("partido", name, name, f"Partido {name}") for name in ("1", "2")]
    steps = _ticked(enter(ana).get(address("home")).text)
    assert steps["Tener dos personas que administren"] and not steps["Invitar a quienes auditan y resuelven"]
    named, title = create_usuario("luz", "Luz", None, rfc=new_rfc()), "Nombrar a cada Responsable de Finanzas"
    appoint(named, Rol.RESPONSABLE, parties[0])
    page = enter(ana).get(address("home")).text
    assert not _ticked(page)[title] and "1 de 2" in page
    appoint(create_usuario("sol", "Sol", None, rfc=new_rfc()), Rol.RESPONSABLE, parties[1])
    assert _ticked(enter(ana).get(address("home")).text)[title]


def test_a_process_whose_last_day_passed_stays_on_the_first_page_while_its_stages_are_open(
    people: Any, enter: Enter
) -> None:
    etapa = stage_of(people, enter)
    with clock.at(clock.midnight(etapa.termina_el + timedelta(days=20))):
        assert address("faltantes", etapa.proceso_id) in enter(people[0]).get(address("home")).text


@pytest.mark.parametrize(
    "name", ["home", "candidaturas", "candidaturas_cargar", "candidatura_nueva", "libros_nuevos", "topes"]
)
def test_a_stranger_is_refused_everywhere(people: Any, enter: Enter, name: str) -> None:
    auditor = create_usuario("eva", "Eva", None)
    appoint(auditor, Rol.REVISOR)
    assert enter(auditor).get(address(name)).status_code == 403
    assert enter(auditor).post(address(name)).status_code in (403, 405)
    assert "/cuenta/login/" in Client().get(address(name))["Location"]


def test_a_stranger_sees_no_file_and_no_lack(people: Any, enter: Enter) -> None:
    etapa = stage_of(people, enter)
    auditor = create_usuario("eva", "Eva", None)
    appoint(auditor, Rol.REVISOR)
    stranger = enter(auditor)
    for url in (
        address("carga", etapa.pk, "a" * 64),
        address("topes_vistos", etapa.pk, "a" * 64),
        address("faltantes", etapa.proceso_id),
    ):
        assert stranger.get(url).status_code == 403


def test_the_calendar_of_a_local_election_does_not_cite_the_rule_of_federal_ones(people: Any, enter: Enter) -> None:
    etapa = stage_of(people, enter)
    auditor = create_usuario("eva", "Eva", None)
    appoint(auditor, Rol.REVISOR)
    page = enter(auditor).get(reverse("auditor:calendario")).text
    assert "la ley de la entidad no se ha leído" in page
    assert "son hábiles" not in page
    assert days_counted(etapa) == "todos_por_confirmar"
    etapa.proceso.ambito = "federal"
    assert days_counted(etapa) == "todos"
    year = Etapa(tipo="ordinario", termina_el=date(2027, 12, 31), proceso=Proceso(ambito="federal"))
    assert days_counted(year) == "habiles"


def test_public_financing_is_written_one_accord_at_a_time(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    with everything():
        party = register_sujeto("partido", "71", "PX", "Partido Equis")
    url = address("financiamiento", party.pk)
    assert "La lista vigente no le otorga nada." in ana.get(address("sujeto", party.pk)).text
    typed = {"anio": "2026", "concepto": "ordinario", "ambito": "federal", "entidad": "", "monto": "1,200.50"}
    refused = ana.post(url, typed)
    assert refused.status_code == 422 and "acuerdo" in refused.context["form"].errors
    assert ana.post(url, typed | {"acuerdo": "INE/CG1/2026"})["Location"] == address("sujeto", party.pk)
    assert "1,200.50" in ana.get(address("sujeto", party.pk)).text
    assert "/cuenta/login/" in Client().get(url)["Location"]
