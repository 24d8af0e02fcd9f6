"""Who scripts opens an election by commands: what two people do is proposed, and the other is never a terminal."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from public_data import public
from rfcs import new_rfc
from sif.commands.main import main
from sif.disclosure.models import PublicacionPropuesta, RetiroPropuesto
from sif.disclosure.publish import publish_etapa
from sif.registry import clock
from sif.registry.models import (
    CalendarioPropuesto,
    Candidatura,
    CierrePropuesto,
    Contabilidad,
    EmblemaSujeto,
    Nombramiento,
    Proceso,
    Suceso,
    SujetoObligado,
    TopeContabilidad,
)
from sif.registry.procesos import open_proceso
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario
from small_world import ZONE

pytestmark = pytest.mark.django_db
TODAY = datetime(2025, 1, 20, 12, tzinfo=ZONE)
KEY = "PEL-DUR-2024-2025"
PROPOSED = (
    *("procesos", "proponer", "local", "2025", "--entidad", "DUR", "--sin", "precampana", "--sin", "apoyo_ciudadano"),
    *("--dias", "campana=2025-03-30..2025-05-28", "--acuerdo", "IEPC/CG1/2025", "--por", "hugo"),
)
Sif = Callable[..., str]


@pytest.fixture
def sif(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Sif]:
    """Run a command in a process that is connected already; return what it printed, of its errors where it failed."""
    settings.DATOS = tmp_path
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)

    def run(*words: str, rc: int = 0) -> str:
        code = main(list(words))
        out, err = capsys.readouterr()
        assert code == rc, err or out
        return err if rc else out

    with everything(), clock.at(TODAY):
        for name, rol in (
            ("hugo", Nombramiento.Rol.ADMINISTRADOR),
            ("ines", Nombramiento.Rol.ADMINISTRADOR),
            ("bruno", Nombramiento.Rol.AUDITOR),
            ("rosa", Nombramiento.Rol.REVISOR),
            ("elena", Nombramiento.Rol.SECRETARIA),
        ):
            appoint(create_usuario(name, name.title(), None, rfc=new_rfc()), rol)
        capsys.readouterr()
        yield run


def opened(sif: Sif) -> Proceso:
    """Propose the election of Durango by a command, and open it as another person does on its page."""
    sif(*PROPOSED)
    return open_proceso(CalendarioPropuesto.objects.get(clave=KEY), person("ines"))


def person(name: str) -> Any:
    return Nombramiento.objects.get(usuario__username=name).usuario


def test_an_election_is_opened_by_commands_with_the_public_file(sif: Sif, tmp_path: Path) -> None:
    file = tmp_path / "candidaturas.csv"
    lines = public("ine", "candidaturas-2021", "candidaturas_conoceles.csv").read_text("utf-8-sig").splitlines()
    file.write_text("\n".join(line for line in lines if line is lines[0] or ",DURANGO," in line), encoding="utf-8")
    assert "espera" not in sif("procesos")
    assert "se informa hasta el 2025-05-01" in sif(*PROPOSED)
    assert f"{KEY}" in sif("procesos") and not Proceso.objects.exists()
    open_proceso(CalendarioPropuesto.objects.get(clave=KEY), person("ines"))
    names, said = tmp_path / "nombres.csv", []
    for number, line in enumerate(sif("candidaturas", "nombres", str(file)).splitlines()):
        name, _siglas, tipo, _new, rows = line.rsplit(",", 4)
        said.append(line if number == 0 else f"{name},S{number},{tipo},sí,{rows}")
    names.write_text("\n".join(said), encoding="utf-8")
    load = ("candidaturas", "cargar", str(file), "--proceso", KEY, "--sujetos", str(names), "--por", "hugo", "--json")
    report = json.loads(sif(*load))
    pools = Contabilidad.objects.filter(clase=Contabilidad.Clase.CONCENTRADORA).count()
    assert (report["buenas"], report["malas"], Candidatura.objects.count()) == (248, 0, 248)
    assert report["contabilidades"] == Contabilidad.objects.count() and pools == len(said) - 1
    assert Suceso.objects.filter(verbo="cargar_candidaturas", persona=person("hugo")).count() == 1
    table = tmp_path / "topes.csv"
    table.write_text("CARGO,TOPE\nGUBERNATURA,9000000.00\nPRESIDENCIA MUNICIPAL,450000.50\n")
    fixed = sif("topes", "fijar", str(table), "--proceso", KEY, "--acuerdo", "IEPC/CG20/2025", "--por", "hugo")
    books = Contabilidad.objects.filter(clase=Contabilidad.Clase.CANDIDATURA)
    assert fixed == f"{books.count()} contabilidades tienen otro tope, por IEPC/CG20/2025.\n"
    assert set(TopeContabilidad.objects.values_list("tope", flat=True)) == {9_000_000_00, 450_000_50}
    assert not books.filter(topes=None).exists()


def test_what_a_process_lacks_is_told_in_words_and_in_json(sif: Sif, capsys: pytest.CaptureFixture[str]) -> None:
    opened(sif)
    assert main(["procesos", "faltantes", KEY]) == 1
    told = capsys.readouterr().out
    assert "Etapas sin candidaturas: 1 (Campaña). Cargue el archivo del registro." in told
    assert main(["procesos", "faltantes", KEY, "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert {"clave": "etapa_sin_candidaturas", "cuantos": 1, "ejemplos": ["campana"]} in rows
    assert "no hay un proceso PEL-X" in sif("procesos", "faltantes", "PEL-X", rc=2)


def test_a_wrong_calendar_says_each_place_and_proposes_nothing(sif: Sif) -> None:
    base = PROPOSED[:6]
    days, said = ("--dias", "campana=2025-05-28..2025-03-30"), ("--acuerdo", "IEPC/CG1/2025", "--por", "hugo")
    assert "campana_termina: Termina el 30/03/2025, antes de empezar." in sif(*base, *days, *said, rc=1)
    assert "--sin: Ese proceso no tiene la etapa «veda»." in sif(*base, "--sin", "veda", *said, rc=1)
    assert "--dias: «2025-03-30» no se lee" in sif(*base, "--dias", "campana=2025-03-30", *said, rc=1)
    assert "--plazos: " in sif(*base, "--plazos", "campana=3,diez", *said, rc=1)
    assert "campana_acuerdo: Esos días o plazos no los fija la ley" in sif(*base, "--por", "hugo", rc=1)
    assert "No hay un proceso PEL-X" in sif("procesos", "proponer", "--de", "PEL-X", *said, rc=1)
    assert "quien administra" in sif(*PROPOSED[:-1], "bruno", rc=1)
    assert "no existe el usuario nadie" in sif(*PROPOSED[:-1], "nadie", rc=2)
    assert not CalendarioPropuesto.objects.exists()
    assert KEY in sif(*PROPOSED, "--ver") and not CalendarioPropuesto.objects.exists()


def test_a_process_that_overlaps_another_is_refused(sif: Sif) -> None:
    opened(sif)
    again = sif(*PROPOSED, "--clave", "PEL-DUR-OTRO", rc=1)
    assert "campana_inicia: Se encima con Proceso electoral local 2024-2025, Durango" in again
    assert CalendarioPropuesto.objects.count() == 1


def test_the_next_process_begins_with_the_stages_and_terms_of_the_last(sif: Sif) -> None:
    sif(*PROPOSED, "--plazos", "campana=4,10,5,10,6,6")
    open_proceso(CalendarioPropuesto.objects.get(), person("ines"))
    words = (
        "procesos",
        "proponer",
        "local",
        "2026",
        "--de",
        KEY,
        "--entidad",
        "DUR",
        "--acuerdo",
        "campana=IEPC/CG1/26",
    )
    told = json.loads(sif(*words, "--por", "hugo", "--json"))
    assert (told["clave"], [each["tipo"] for each in told["etapas"]]) == ("PEL-DUR-2025-2026", ["campana"])
    assert told["etapas"][0]["plazos"] == [4, 10, 5, 10, 6, 6]
    assert CalendarioPropuesto.objects.count() == 2


def test_a_terminal_opens_only_where_one_person_does(sif: Sif, settings: Any) -> None:
    sif(*PROPOSED)
    assert "una terminal no prueba quién la usa" in sif("procesos", "abrir", KEY, "--por", "ines", rc=1)
    assert not Proceso.objects.exists()
    settings.TWO_PEOPLE_OPEN = False
    assert "ningún calendario PEL-X espera" in sif("procesos", "abrir", "PEL-X", "--por", "ines", rc=2)
    assert sif("procesos", "abrir", KEY, "--por", "hugo") == f"Abierto: {KEY}.\n"
    assert Proceso.objects.get().clave == KEY


def test_a_stage_with_something_open_is_not_proposed_to_close(sif: Sif) -> None:
    opened(sif)
    told = sif("procesos", "cerrar", KEY, "--por", "hugo", rc=1)
    assert "1 etapa" in told and "Resuélvalo: la página del cierre dice dónde está cada uno." in told
    assert "no tiene la etapa «anual». Tiene campana." in sif(
        "procesos", "cerrar", KEY, "--etapa", "anual", "--por", "hugo", rc=2
    )
    assert not CierrePropuesto.objects.exists()


def test_a_subject_and_its_emblem_are_registered_or_refused_whole(sif: Sif, tmp_path: Path) -> None:
    new = ("sujetos", "registrar", "partido", "PJ", "Partido Jacaranda", "--por", "hugo")
    assert sif(*new) == "PJ: Partido Jacaranda, sujeto 1.\n"
    again = sif(*new, rc=1)
    assert "siglas: Ya es del Partido Jacaranda (PJ)." in again and "nombre: Ya es del" in again
    assert "Escriba uno de: partido, " in sif("sujetos", "registrar", "club", "C", "Club", "--por", "hugo", rc=1)
    assert "quien administra" in sif(*new[:-1], "bruno", rc=1)
    assert [each["siglas"] for each in json.loads(sif("sujetos", "--json"))] == ["PJ"]
    assert "PJ               Partido Jacaranda (partido): 0 contabilidades; sin Responsable" in sif("sujetos")
    picture, wrong = tmp_path / "emblema.png", tmp_path / "emblema.svg"
    out = io.BytesIO()
    Image.new("RGB", (600, 300), "purple").save(out, "PNG")
    picture.write_bytes(out.getvalue())
    wrong.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    said = ("--acuerdo", "INE/CG5/2025", "--desde", "2025-01-10", "--por", "hugo")
    assert "puede llevar programas" in sif("sujetos", "emblema", "PJ", str(wrong), *said, rc=1)
    assert "siglas «PX»" in sif("sujetos", "emblema", "PX", str(picture), *said, rc=2)
    assert "No such file" in sif("sujetos", "emblema", "PJ", str(tmp_path / "nada.png"), *said, rc=2)
    assert not EmblemaSujeto.objects.exists()
    made = sif("sujetos", "emblema", "pj", str(picture), *said)
    assert made.startswith("PJ: emblema desde el 10/01/2025, SHA-256 ")
    assert EmblemaSujeto.objects.get().sujeto == SujetoObligado.objects.get()


def test_a_publication_is_proposed_and_never_made_by_a_terminal(sif: Sif, tmp_path: Path) -> None:
    opened(sif)
    file = tmp_path / "c.csv"
    file.write_text("PARTIDO,CARGO,ENTIDAD,NOMBRE\nCANDIDATURA INDEPENDIENTE,GUBERNATURA,DURANGO,EVA RÍO\n")
    sif("candidaturas", "cargar", str(file), "--proceso", KEY, "--por", "hugo")
    asked = ("publicacion", "proponer", KEY, "--por")
    assert "no ha aprobado ninguna resolución" in sif(*asked, "rosa", rc=1)
    assert "no tiene nombramiento para publicar" in sif(*asked, "bruno", "--sin-voto", rc=1)
    assert not PublicacionPropuesta.objects.exists()
    assert sif(*asked, "rosa", "--sin-voto").startswith("Propuesta ")
    proposed = PublicacionPropuesta.objects.get()
    told = json.loads(sif("publicacion", "ver", KEY, "--json"))
    assert told == {"publicada": None, "propuesta": proposed.huella, "retiro_propuesto": False}
    gone = ("publicacion", "retirar", KEY, "--motivo", "Sobra", "--fundamento", "LGTAIP 24", "--por", "rosa")
    assert "nada de esa etapa está publicado" in sif(*gone, rc=1)
    publish_etapa(proposed, person("elena"))
    assert "Retiro propuesto" in sif(*gone) and RetiroPropuesto.objects.count() == 1
    assert json.loads(sif("publicacion", "ver", KEY, "--json"))["retiro_propuesto"] is True
