"""Match each name of a file of candidacies with the subject that a person said, once."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.conf import settings

from sif.registry import clock
from sif.registry.candidaturas import CandidaturaRow, columns_of, plain, read_candidaturas
from sif.registry.models import Candidatura, SujetoObligado, Usuario
from sif.registry.opening import table_rows
from sif.registry.process_models import AliasSujeto
from sif.registry.scope import acting
from sif.registry.sujetos import NewSujeto, must_administer, register_subject
from sif.values import Problem, Refused, as_said, csv_writer

COLUMNS = ("NOMBRE", "SIGLAS", "TIPO", "REGISTRAR", "RENGLONES")
_WANTED = {name.casefold(): [name] for name in COLUMNS}
SHOWN = 8
ALONE = SujetoObligado.Tipo.INDEPENDIENTE
YES = {"SI", "SÍ", "S", "X", "1"}


@dataclass(frozen=True, slots=True)
class NameInFile:
    """A subject as a file calls it, its rows, and the subject that it is, where somebody said so or it is evident.

    filas: the numbers of the first of its rows, to be found in the file.
    """

    clave: str
    nombre: str
    tipo: str
    siglas: str
    renglones: int
    sujeto: SujetoObligado | None
    filas: tuple[int, ...] = ()


def names_of(rows: Iterable[CandidaturaRow], proceso: int | None = None) -> list[NameInFile]:
    """Gather the names of subjects of some rows, each with the subject it is where it is known.

    Who stands alone is among them where a person said who it is, or where somebody registered is called so (ADR 0354).
    proceso: that in which the rows would contend, if any.
    """
    rows = list(rows)
    said, alone = said_names(), _alone(rows, proceso)
    evident: dict[str, SujetoObligado] = {}
    for subject in SujetoObligado.objects.all():
        evident |= {plain(subject.siglas): subject, plain(subject.nombre): subject}
    found: dict[str, NameInFile] = {}
    for row in rows:
        key = plain(row.sujeto)
        if row.propio and key not in said and key not in alone:
            continue
        by_name = alone.get(key) if row.propio else evident.get(key) or evident.get(plain(row.siglas))
        named = said.get(key) or by_name
        known = found.get(key) or NameInFile(key, row.sujeto, row.sujeto_tipo, row.siglas, 0, named)
        first = (*known.filas, row.fila)[:SHOWN]
        found[key] = replace(known, renglones=known.renglones + 1, filas=first)
    return sorted(found.values(), key=lambda name: (name.sujeto is not None, -name.renglones, name.clave))


def _alone(rows: Iterable[CandidaturaRow], proceso: int | None) -> dict[str, SujetoObligado | None]:
    """Return who is registered by the name of each row that stands alone; None where more than one may be.

    It is who has no candidacy yet, or stood alone by that name in the same process: elsewhere an equal name proves
    nothing.
    """
    called: dict[str, set[SujetoObligado]] = {}
    for subject in SujetoObligado.objects.filter(tipo=ALONE, candidaturas=None):
        called.setdefault(plain(subject.nombre), set()).add(subject)
    stood = Candidatura.objects.filter(etapa__proceso=proceso, contabilidad__isnull=False, sujeto__tipo=ALONE)
    for each in stood.select_related("sujeto", "persona"):
        called.setdefault(plain(each.persona.nombre), set()).add(each.sujeto)
    formulas: dict[str, set[str]] = {}
    found: dict[str, SujetoObligado | None] = {}
    for row in rows:
        who = called.get(plain(row.nombre))
        if who and row.propio and row.titular and row.sujeto_tipo == ALONE:
            key = plain(row.sujeto)
            formulas.setdefault(key, set()).add(row.formula)
            found[key] = next(iter(who)) if len(who) == len(formulas[key]) == 1 else None
    return found


def say_names(names: Mapping[str, SujetoObligado], by: Usuario) -> None:
    """Keep which subject each name of a file is, so that nobody is asked again; the last word rules."""
    must_administer(by)
    with acting():
        said = {alias.nombre: alias.sujeto_id for alias in AliasSujeto.objects.order_by("pk")}
        AliasSujeto.objects.bulk_create(
            AliasSujeto(nombre=name, sujeto=subject, dicho_el=clock.now(), dicho_por=by)
            for name, subject in names.items()
            if said.get(name) != subject.pk
        )


def said_names() -> dict[str, SujetoObligado]:
    """Return every name that somebody matched, with its subject."""
    return {alias.nombre: alias.sujeto for alias in AliasSujeto.objects.select_related("sujeto").order_by("pk")}


def write_names(data: bytes) -> str:
    """Write the names of a file of candidacies as a CSV, for a person to say who each is. Raises Refused."""
    sheet = read_candidaturas(data, settings.JURISDICTION)
    if not sheet.filas:
        raise Refused(*sheet.problemas)
    out = io.StringIO()
    write = csv_writer(out, ending="\n")
    write(COLUMNS)
    for each in names_of(sheet.filas):
        write([each.nombre, each.sujeto.siglas if each.sujeto else "", each.tipo, "", each.renglones])
    return out.getvalue()


def read_names(data: bytes, by: Usuario) -> dict[str, SujetoObligado]:
    """Read who each name is and keep it, or nothing; a row marked REGISTRAR registers its subject. Raises Refused."""
    must_administer(by)
    lines = [(number, cells) for number, cells in table_rows(data, strict=False) if any(cells)]
    columns = columns_of(lines[0][1] if lines else (), _WANTED)
    if missing := [name for name in COLUMNS[:2] if name.casefold() not in columns]:
        told = f"Faltan las columnas {', '.join(missing)}."
        raise Refused(Problem("columnas", "archivo", told, "Escríbalo con «sif candidaturas nombres»."))
    found: dict[str, SujetoObligado] = {}
    problems: list[Problem] = []
    with acting():
        for number, cells in lines[1:]:
            row = {key: as_said(cells[at].strip()) if at < len(cells) else "" for key, at in columns.items()}
            try:
                if row["siglas"]:
                    found[plain(row["nombre"])] = _subject(row, by)
            except Refused as refused:
                problems += (replace(each, donde=f"fila {number}, {each.donde.upper()}") for each in refused.problems)
        if problems:
            raise Refused(*problems)
        say_names(found, by)
    return found


def _subject(row: Mapping[str, str], by: Usuario) -> SujetoObligado:
    """Return the subject that a row names by its siglas, registered where the row asks for it. Raises Refused."""
    there = SujetoObligado.objects.filter(siglas__iexact=row["siglas"]).first()
    if there is not None:
        return there
    if plain(row.get("registrar", "")) not in YES:
        told = f"No hay un sujeto con las siglas «{row['siglas'][:20]}»."
        raise Refused(Problem("sujeto", "siglas", told, "Corríjalas, o escriba «sí» en REGISTRAR."))
    return register_subject(NewSujeto(row.get("tipo", "").lower(), row["siglas"], row["nombre"]), by)
