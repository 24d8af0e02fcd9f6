"""Compose the templates and examples of the files of candidacies and of caps of a stage."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from sif.registry import clock
from sif.registry.candidacy_words import Office, Words, candidacy_words
from sif.registry.candidaturas import NUMBERED
from sif.registry.elected import is_elected, kind_opened
from sif.registry.loading import preview
from sif.registry.models import Candidatura, Contabilidad, Etapa, SujetoObligado, Territorio
from sif.registry.sujetos import PARTIES
from sif.values import Money, csv_writer

SAMPLE_ACCORD = "ACUERDO DE EJEMPLO"
SAMPLE_PLACE = "MUNICIPIO DE EJEMPLO"
SAMPLE_CAP = Money(1_000_000_00)
SAMPLE_CAPS = 3  # rows of an example of caps
PEOPLE = ("PERSONA DE EJEMPLO UNO", "PERSONA DE EJEMPLO DOS", "PERSONA DE EJEMPLO TRES", "PERSONA DE EJEMPLO CUATRO")


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file offered to be filled, or an example of one that loads as it is."""

    nombre: str
    columnas: tuple[str, ...]
    renglones: tuple[Sequence[object], ...]


def candidacy_template(_etapa: Etapa) -> SampleFile:
    """Return the template of a file of candidacies: its heads alone."""
    return SampleFile("plantilla-candidaturas", tuple(_words()["plantilla"]), ())


def candidacy_example(etapa: Etapa) -> SampleFile:
    """Return an example of the file of candidacies that loads in a stage, with invented people of its own subjects."""
    heads = tuple(_words()["plantilla"])
    rows = [[each.get(head, "") for head in heads] for each in _candidacies(etapa)]
    refused = preview(_as_csv(heads, rows), etapa).problemas
    lines = {int(each.donde.removeprefix("fila ").split(",")[0]) for each in refused}
    folio = heads.index("FOLIO")
    wrong = {row[folio] for number, row in enumerate(rows, 2) if number in lines}
    kept = [row for row in rows if row[folio] not in wrong]
    return SampleFile("ejemplo-candidaturas", heads, tuple(kept))


def cap_template(etapa: Etapa) -> SampleFile:
    """Return the template of a file of caps: a row for each office and place of the stage, with its amount to fill."""
    heads = tuple(_words()["plantilla_topes"])
    return SampleFile("plantilla-topes", heads, tuple(_by_head(heads, row) for row in _seats(etapa)))


def cap_example(etapa: Etapa) -> SampleFile:
    """Return an example of the file of caps that loads in a stage: its first offices and places, with an amount."""
    heads = tuple(_words()["plantilla_topes"])
    rows = [{**row, "TOPE": SAMPLE_CAP} for row in list(_seats(etapa))[:SAMPLE_CAPS]]
    return SampleFile("ejemplo-topes", heads, tuple(_by_head(heads, row) for row in rows))


def _words() -> Words:
    return _read(settings.JURISDICTION)


@cache
def _read(jurisdiction: str) -> Words:
    """Read the words of these files once: each seat of a template asks for them."""
    return candidacy_words(jurisdiction)


def _by_head(heads: Sequence[str], row: Mapping[str, object]) -> list[object]:
    return [row.get(head, "") for head in heads]


def _as_csv(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    write = csv_writer(out)
    for row in (heads, *rows):
        write(row)
    return out.getvalue().encode()


def _entity(key: str) -> str:
    """Return the name of an entity as a file writes it."""
    return next((name for name, found in _words()["entidades"].items() if found == key), key)


def _candidacies(etapa: Etapa) -> Iterator[dict[str, object]]:
    """Yield the rows of an example: a formula of two people, and one person for each other office."""
    who = _postulants(etapa)
    day = min(etapa.inicia_el, clock.today())
    people = iter(PEOPLE)
    for place, (name, office) in enumerate(_offices(etapa)):
        row: dict[str, object] = {
            "PARTIDO": who[place % len(who)],
            "CARGO": name,
            "ENTIDAD": _entity(etapa.proceso.entidad or "DUR"),
            "FOLIO": f"EJEMPLO-{place + 1}",
            "FECHA_APROBACION": f"{day:%d/%m/%Y}",
            "ACUERDO_APROBACION": SAMPLE_ACCORD,
            **_example_place(etapa, office["lugar"]),
        }
        first: dict[str, object] = {"TOPE": SAMPLE_CAP, "ACUERDO_TOPE": SAMPLE_ACCORD}
        yield {**row, "NOMBRE": next(people), "TIPO_CANDIDATO": "PROPIETARIA", "SEXO": "MUJER", **first}
        if place == 0:
            yield {**row, "NOMBRE": next(people), "TIPO_CANDIDATO": "SUPLENTE", "SEXO": "MUJER"}


def _example_place(etapa: Etapa, kind: str) -> dict[str, object]:
    """Return the cell of the place of an example: the first district, or a municipality that the process has."""
    if not kind:
        return {}
    known = Territorio.objects.filter(tipo=kind, candidatura__etapa__proceso=etapa.proceso).order_by("pk").first()
    name = "1" if kind in NUMBERED else known.nombre if known else SAMPLE_PLACE
    return {kind.upper(): name}


def _offices(etapa: Etapa) -> list[tuple[str, Office]]:
    """Return the offices of an example: of those that its process elects, the ones it has candidacies of, if any."""
    words, proceso = _words(), etapa.proceso
    kind = kind_opened(proceso.pk)
    names = words["ejemplo"].get(proceso.entidad) or words["ejemplo"][proceso.ambito]
    found = [(name, words["cargos"][name]) for name in names if is_elected(kind, words["cargos"][name]["clave"])]
    there = set(Candidatura.objects.filter(etapa__proceso=proceso).values_list("cargo__clave", flat=True))
    return [each for each in found if each[1]["clave"] in there] or found


def _postulants(etapa: Etapa) -> list[str]:
    """Return who postulates in an example: two parties and who stands alone, as the stage admits."""
    alone = next(name for name, kind in _words()["propios"].items() if kind == SujetoObligado.Tipo.INDEPENDIENTE)
    parties = SujetoObligado.objects.filter(tipo__in=PARTIES).order_by("pk").values_list("siglas", flat=True)[:2]
    if etapa.tipo == Etapa.Tipo.APOYO_CIUDADANO:
        return [alone]
    return [*parties, *([] if parties and etapa.tipo == Etapa.Tipo.PRECAMPANA else [alone])]


def _seats(etapa: Etapa) -> Iterator[dict[str, object]]:
    """Yield each office and place that is contested in a stage with books, as a row of a file of caps."""
    names = {row["clave"]: (name, row["lugar"]) for name, row in _words()["cargos"].items()}
    rows = Contabilidad.objects.filter(etapa=etapa, candidatura__isnull=False, cancelacion=None)
    place = ("cargo__clave", "territorio__entidad", "territorio__nombre")
    said = rows.values_list(*(f"candidatura__{each}" for each in place)).distinct()
    for office, entity, territory in sorted(said):
        name, kind = names.get(office, (office, ""))
        entidad = "" if entity == "NAC" else _entity(entity)
        yield {"CARGO": name, "ENTIDAD": entidad, **({kind.upper(): territory} if kind else {})}
