"""A file of candidacies with any heads is read once a person says what each column is, and it is remembered."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registry.test_leaving import MOMENT, make
from sif.registry import clock
from sif.registry.candidaturas import read_candidaturas
from sif.registry.file_columns import heads_of, said_columns, say_columns
from sif.registry.models import Nombramiento
from sif.registry.process_models import ColumnasArchivo
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario
from sif.values import Refused

Enter = Callable[[Any], Client]
FILE = (
    "Quién postula;Puesto;Estado;Cabecera;Candidata o candidato;Máximo\n"
    "Partido Ámbar;DIPUTACION FEDERAL MR;DURANGO;1;ANA LUNA;900.50\n"
    "Partido Ámbar;REGIDURIA;DURANGO;2;EVA RIO;800\n"
).encode()
SAID = {"sujeto": 0, "cargo": 1, "entidad": 2, "distrito": 3, "nombre": 4, "tope": 5}


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Any:
    settings.DATOS = tmp_path
    with clock.at(MOMENT):
        with everything():
            made = make()
        yield made


def address(name: str, *args: object) -> str:
    return reverse(f"administration:{name}", args=args)


def test_the_columns_are_said_once_and_remembered(scene: Any, enter: Enter) -> None:
    ana = enter(scene.ana)
    sent = {"etapa": scene.etapa.pk, "archivo": SimpleUploadedFile("lista.csv", FILE)}
    page = ana.post(address("candidaturas_cargar"), sent)["Location"]
    sha256 = hashlib.sha256(FILE).hexdigest()
    assert page == address("carga_columnas", scene.etapa.pk, sha256)
    form = ana.get(page).context["form"]
    assert ("4", "5. Candidata o candidato") in form.fields["nombre"].choices and form.initial == {}
    assert max(map(len, form.drawn)) == 3, "a long list of selects is three in a line"
    chosen = {key: str(place) for key, place in SAID.items()}
    for wrong, place in (({"nombre": ""}, {"nombre"}), ({"tope": "4"}, {"tope", "nombre"}), ({"sexo": "77"}, {"sexo"})):
        answer = ana.post(page, {**chosen, **wrong})
        assert answer.status_code == 422 and set(answer.context["form"].errors) == place
    assert not ColumnasArchivo.objects.exists()
    assert ana.post(page, chosen)["Location"] == address("carga", scene.etapa.pk, sha256)
    ana.post(page, chosen)  # a second press keeps nothing more
    assert ColumnasArchivo.objects.get().columnas == SAID
    shown = ana.get(address("carga", scene.etapa.pk, sha256))
    assert shown.context["visto"].nuevas == 1 and page in shown.text
    assert "fila 3, Puesto" in shown.text and "«REGIDURIA» no se conoce" in shown.text
    other = FILE.replace(b"ANA LUNA", b"IRIS MAR")  # another file with the same heads
    sent = {"etapa": scene.etapa.pk, "archivo": SimpleUploadedFile("otra.csv", other)}
    assert "/cargas/" in ana.post(address("candidaturas_cargar"), sent)["Location"]


def test_the_heads_propose_what_they_name(scene: Any, enter: Enter) -> None:
    file = b"PARTIDO,CARGO,ENTIDAD,MUNICIPIO,QUIEN\nX,GUBERNATURA,DURANGO,,ANA\n"
    sent = {"etapa": scene.etapa.pk, "archivo": SimpleUploadedFile("lista.csv", file)}
    page = enter(scene.ana).post(address("candidaturas_cargar"), sent)["Location"]
    initial = enter(scene.ana).get(page)
    assert initial.status_code == 404  # a file that another session brought
    client = enter(scene.ana)
    page = client.post(address("candidaturas_cargar"), {**sent, "archivo": SimpleUploadedFile("a.csv", file)})[
        "Location"
    ]
    proposed = client.get(page).context["form"].initial
    assert proposed == {"sujeto": "0", "cargo": "1", "entidad": "2", "municipio": "3"}


def test_the_last_word_rules_and_a_stranger_says_nothing(scene: Any, enter: Enter) -> None:
    heads = heads_of(FILE)
    with everything(scene.ana.pk):
        say_columns(heads, SAID, scene.ana)
        changed = {key: place for key, place in SAID.items() if key != "tope"}
        say_columns(heads, changed, scene.ana)
        assert said_columns(heads) == changed and read_candidaturas(FILE, "mx").filas[0].tope is None
        for wrong in ({**SAID, "otra": 1}, {**SAID, "tope": -1}, {**SAID, "tope": 6}):
            with pytest.raises(Refused):
                say_columns(heads, wrong, scene.ana)
    eva = create_usuario("eva", "Eva", None)
    appoint(eva, Nombramiento.Rol.REVISOR)
    with pytest.raises(PermissionError):
        say_columns(heads, SAID, eva)
    page = address("carga_columnas", scene.etapa.pk, "a" * 64)
    for send in ("get", "post"):
        assert getattr(enter(eva), send)(page).status_code == 403
        assert "/cuenta/login/" in getattr(Client(), send)(page)["Location"]
    assert enter(scene.ana).get(page).status_code == 404
