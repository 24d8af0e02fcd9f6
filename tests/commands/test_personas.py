"""`sif personas`: acts on people from a terminal, by who administers, with what was wrong at its place."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rfcs import new_rfc
from sif.commands.main import main
from sif.registry.entries import keep_refusal
from sif.registry.models import RelevoResponsable
from sif.registry.selectors import responsable_of
from sif.registry.services import appoint, create_usuario
from small_world import World, world

__all__ = ["world"]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)


def relieve(world: World, paper: Path, **changes: str) -> int:
    said = {
        "--rfc": new_rfc(),
        "--nombre": "Nora Paz",
        "--usuario": "nora.paz",
        "--referencia": "CEN/1",
        "--documento": str(paper),
        "--por": "administra",
        **changes,
    }
    words = [word for pair in said.items() for word in pair]
    return main(["personas", "relevar", world.party.siglas, *words])


def test_it_replaces_a_responsable_or_says_why_not(world: World, tmp_path: Path, capsys: Any) -> None:
    admin = create_usuario("administra", "Irene Salas", "", password_hash="!", rfc=new_rfc())
    appoint(admin, "administrador")
    paper, other = tmp_path / "oficio.pdf", tmp_path / "otro.pdf"
    paper.write_bytes(PDF)
    other.write_bytes(b"GIF89a")
    assert relieve(world, tmp_path / "nada.pdf") == 2
    assert relieve(world, paper, **{"--por": "nadie"}) == 2
    assert relieve(world, paper, **{"--por": world.clerk.username}) == 1
    assert "quien administra" in capsys.readouterr().err
    assert relieve(world, other) == 1
    assert "archivo: El archivo no es un PDF" in capsys.readouterr().err
    assert relieve(world, paper, **{"--desde": "2024-04-14"}) == 1
    assert "desde: El 14/04/2024 ya pasó" in capsys.readouterr().err
    assert not RelevoResponsable.objects.exists()
    assert relieve(world, paper, **{"--por": "Administra"}) == 0, "a user name is found in capitals or not"
    out = capsys.readouterr().out
    assert "Nora Paz es Responsable de" in out and "http://localhost:8000/cuenta/invitacion/" in out
    assert responsable_of(world.party) == RelevoResponsable.objects.get().entra.usuario


def test_it_invites_the_people_of_a_file_or_says_what_is_wrong(world: World, tmp_path: Path, capsys: Any) -> None:
    appoint(create_usuario("administra", "Irene Salas", "", password_hash="!", rfc=new_rfc()), "administrador")
    good, bad = tmp_path / "buenas.csv", tmp_path / "malas.csv"
    good.write_text(f"nombre,usuario,funcion,sujeto\nNora Paz,nora,capturista,{world.party.siglas}\n", encoding="utf-8")
    bad.write_text("nombre,usuario,funcion,sujeto\nNora Paz,nora,rey,NADIE\n", encoding="utf-8")

    def ask(path: Path, *words: str, by: str = "administra") -> int:
        return main(["personas", "invitar", str(path), "--por", by, *words])

    assert ask(tmp_path / "nada.csv") == ask(good, by="nadie") == 2
    assert ask(bad, "--enlaces") == 1
    told = capsys.readouterr().err
    assert "renglón 2, funcion: La función «rey» no se conoce." in told and "renglón 2, sujeto:" in told
    assert ask(good, "--revisar", "--enlaces", by="ADMINISTRA") == 0
    assert "no se invitó a nadie" in capsys.readouterr().out
    assert ask(good, "--enlaces") == 0
    assert capsys.readouterr().out.startswith("nora,http://localhost:8000/cuenta/invitacion/")
    assert ask(good, "--enlaces") == 1


def test_it_says_how_an_account_was_entered_to_who_may_read_it(world: World, capsys: Any) -> None:
    appoint(create_usuario("administra", "Irene Salas", "", password_hash="!", rfc=new_rfc()), "administrador")
    keep_refusal(world.clerk, verb="rechazada", via="password")

    def ask(account: str, by: str, *words: str) -> int:
        return main(["personas", "accesos", account, "--por", by, *words])

    name = world.clerk.username
    assert ask("nadie", name) == ask(name, "nadie") == 2
    assert ask(name, world.stranger.username) == 1
    assert "su persona o quien la maneja" in capsys.readouterr().err
    assert ask(name, name) == ask(name, "administra") == 0
    assert capsys.readouterr().out.count("rechazada,,,password") == 2
    assert ask(name, name, "--desde", "2030-01-01") == 0
    assert capsys.readouterr().out == "cuando,hecho,quien,red,via,segundo_factor\n"


def test_it_lists_prolongs_and_ends_the_roles_of_an_account(world: World, tmp_path: Path, capsys: Any) -> None:
    nora = create_usuario("nora.paz", "Nora Paz", "", password_hash="!", rfc=new_rfc())
    row = appoint(nora, "capturista", world.party, desde=date(2024, 4, 15), hasta=date(2024, 4, 20))
    paper, name = tmp_path / "oficio.pdf", world.clerk.username
    paper.write_bytes(PDF)

    def longer(number: int, last: str, by: str = name, path: Path = paper) -> int:
        said = ["--ultimo", last, "--referencia", "CEN/9", "--documento", str(path), "--por", by]
        return main(["personas", "prolongar", str(number), *said])

    assert longer(row.pk, "2024-05-01", path=tmp_path / "nada.pdf") == longer(0, "2024-05-01") == 2
    assert longer(row.pk, "2024-04-17") == longer(row.pk, "2024-05-01", world.stranger.username) == 1
    told = capsys.readouterr().err
    assert "ultimo: El nombramiento ya llega al 19/04/2024" in told and "lo lleva otra persona" in told
    assert longer(row.pk, "2024-05-01") == 0
    capsys.readouterr()
    assert main(["personas", "nombramientos", "nora.paz", "--por", name]) == 0
    out = capsys.readouterr().out
    assert "desde el 20/04/2024, hasta el 01/05/2024: por_empezar" in out and "hasta el 19/04/2024: vigente" in out
    assert main(["personas", "nombramientos", "nora.paz", "--por", world.stranger.username]) == 1
    never = ["personas", "terminar", str(row.pk), "--motivo", "Se va", "--ultimo", "9999-12-31", "--por", name]
    assert main(never) == 1 and "no termina nada" in capsys.readouterr().err
    ended = ["personas", "terminar", str(row.pk), "--motivo", "Se va", "--ultimo", "2024-04-16", "--por", name]
    assert main(ended) == 0 and "termina el 17/04/2024 00:00" in capsys.readouterr().out
    assert main(ended) == 1 and "ya terminó" in capsys.readouterr().err


def test_a_last_day_that_is_the_last_of_the_calendar_is_no_end(world: World, tmp_path: Path, capsys: Any) -> None:
    nora = create_usuario("nora.paz", "Nora Paz", "", password_hash="!", rfc=new_rfc())
    row = appoint(nora, "consulta", world.party, hasta=date(2024, 4, 20))
    paper, name = tmp_path / "oficio.pdf", world.clerk.username
    paper.write_bytes(PDF)
    said = ["--ultimo", "9999-12-31", "--referencia", "CEN/9", "--documento", str(paper), "--por", name]
    assert main(["personas", "prolongar", str(row.pk), *said]) == 0
    capsys.readouterr()
    assert main(["personas", "nombramientos", "nora.paz", "--por", name]) == 0
    assert "desde el 20/04/2024, sin término: por_empezar" in capsys.readouterr().out


def test_it_delegates_a_role(world: World, tmp_path: Path, capsys: Any) -> None:
    nora = create_usuario("nora.paz", "Nora Paz", "", password_hash="!", rfc=new_rfc())
    appoint(nora, "consulta", world.party)
    mine, paper = world.clerk.nombramientos.get(), tmp_path / "oficio.pdf"
    paper.write_bytes(PDF)

    def lend(to: str, last: str = "2024-05-01", path: Path = paper) -> int:
        said = ["--a", to, "--ultimo", last, "--referencia", "CEN/9", "--documento", str(path)]
        return main(["personas", "delegar", str(mine.pk), *said, "--por", world.clerk.username])

    assert lend("nora.paz", path=tmp_path / "nada.pdf") == 2
    assert lend("nadie") == 1 and "a: Esa persona no tiene" in capsys.readouterr().err
    assert lend("NORA.PAZ") == 0
    made = mine.delegaciones.get()
    assert capsys.readouterr().out == f"Nora Paz: delegación {made.pk}, hasta el 01/05/2024.\n"
