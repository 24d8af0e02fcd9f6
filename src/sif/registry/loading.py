"""Load candidacies: from a file whose names a person matched with subjects, or one by one, each with its books."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from django.conf import settings

from sif.law.processes import ProcessKind
from sif.registry import trail
from sif.registry.approvals import wrong_approval
from sif.registry.candidaturas import (
    CandidaturaRow,
    CandidaturaSheet,
    entity_names,
    folios,
    plain,
    read_candidaturas,
)
from sif.registry.closed import closed_problem, refuse_closed_stage
from sif.registry.demarcations import Demarcations, register_territorio
from sif.registry.elected import (
    elsewhere,
    elsewhere_problem,
    entity_problem,
    kind_opened,
    office_problem,
    single_offices,
    unheard_of,
)
from sif.registry.leaving_models import contends
from sif.registry.locks import lock_etapa
from sif.registry.models import (
    Cargo,
    Contabilidad,
    Etapa,
    Persona,
    SujetoObligado,
    Territorio,
    Usuario,
)
from sif.registry.naming import NameInFile, names_of, said_names
from sif.registry.scope import acting
from sif.registry.services import (
    NewCandidatura,
    approve_candidatura,
    next_number,
    nominated_persona,
    open_contabilidad,
    record_candidatura,
    register_sujeto,
)
from sif.registry.sujetos import ALLIANCES, PARTIES, must_administer
from sif.values import Problem, Refused


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The result of loading candidacies: rows loaded and refused, books opened, and the problem of each refused row."""

    buenas: int
    malas: int
    contabilidades: int
    problemas: tuple[Problem, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the shape that `sif candidaturas cargar --json` prints."""
        return {
            "buenas": self.buenas,
            "malas": self.malas,
            "contabilidades": self.contabilidades,
            "problemas": [problem.as_dict() for problem in self.problemas],
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview of loading a file in a stage, before any write: rows, books, caps without accord, and problems.

    sin_dia: rows without a day of approval, which contend from the first day of the stage. cargos: each office of the
    rows that would enter, with how many they are and the first. ajenas: rows of an office that its kind of process does
    not elect, or of which the process, which has candidacies, has none: they would enter, and are told.
    """

    total: int
    nuevas: int
    libros: int
    independientes: int
    con_tope: int
    sin_acuerdo: int
    sin_dia: int
    cargos: tuple[tuple[str, int, int], ...]
    nombres: tuple[NameInFile, ...]
    ajenas: tuple[Problem, ...]
    problemas: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """The options of loading a file: the subject of each name in the file, and the accord of the caps.

    sujetos: None takes each subject from the saved aliases, or from an equal name or initials. by: the user in whose
    name persons and caps enter; None where the operator of the machine loads the file.
    """

    sujetos: Mapping[str, SujetoObligado] | None = None
    acuerdo: str = ""
    by: Usuario | None = None
    progress: Callable[[int], None] = lambda _count: None


def load_candidaturas(source: Path | bytes, etapa: Etapa, jurisdiction: str, how: Load | None = None) -> LoadReport:
    """Approve the candidacies of a file, row by row whole or not at all; each formula opens one set of books.

    In a closed stage none enters. A folio that the stage already has is refused, so loading a file twice changes
    nothing. A row that does not say when it was approved contends from the first day of the stage (ADR 0240).
    """
    sheet, how = read_candidaturas(_bytes(source), jurisdiction), how or Load()
    with acting():
        lock_etapa(etapa.pk)  # of two who approve at once, the second finds what the first approved
        if closed := closed_problem(etapa):
            return LoadReport(0, max(sheet.total, 1), 0, (closed,))
        names = names_of(sheet.filas, etapa.proceso_id)
        if how.sujetos is None:
            how = replace(how, sujetos={name.clave: name.sujeto for name in names if name.sujeto})
        fresh, problems = _sorted(sheet, etapa, how.sujetos or {})
        loader = _Loader(etapa, how, {name.clave for name in names})
        for row, folio in fresh:
            loader.add(row, folio)
            how.progress(loader.loaded)
    problems = [*sheet.problemas, *problems, *loader.problems]
    bad = max(sheet.total - loader.loaded, 1 if problems and not sheet.total else 0)
    return LoadReport(loader.loaded, bad, loader.books, tuple(problems))


def _bytes(source: Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


def _sorted(
    sheet: CandidaturaSheet, etapa: Etapa, who: Mapping[str, SujetoObligado]
) -> tuple[list[tuple[CandidaturaRow, str]], list[Problem]]:
    """Return the rows that would enter a stage with their folio, and the problem of those that would not.

    who: the subject of each name of the file that is known.
    """
    gate = _Gate(etapa, who)
    fresh, problems = [], []
    for row, folio in folios(sheet.filas):
        problem = gate.problem(row, folio)
        if problem is not None:
            problems.append(problem)
            continue
        gate.let_in(row, folio)
        fresh.append((row, folio))
    return fresh, problems


class _Gate:
    """Judges each row of a file against the stage that it would enter and the rows before it."""

    def __init__(self, etapa: Etapa, who: Mapping[str, SujetoObligado]) -> None:
        self.etapa, self.who = etapa, who
        self.single = single_offices() if etapa.tipo == Etapa.Tipo.CAMPANA else frozenset()
        self.seated = _seated(etapa, self.single)
        self.known = set(etapa.candidaturas.values_list("folio", flat=True))
        self.there = _contending(etapa)
        self.kind, self.taken = kind_opened(etapa.proceso_id), elsewhere(etapa)
        self.places = Demarcations(etapa.proceso_id)

    def problem(self, row: CandidaturaRow, folio: str) -> Problem | None:
        """Return why a row does not enter, or None."""
        if wrong := _misplaced(row, self.etapa, self.kind):
            return wrong
        place = row.entidad, row.lugar, row.lugar_tipo
        if unsaid := self.places.problem(*place):
            return replace(unsaid, donde=f"fila {row.fila}, {row.lugar_tipo}")
        keys = self.places.keys(*place)
        if wrong := elsewhere_problem((row.cargo_clave, keys[0]), self.taken):
            return replace(wrong, donde=f"fila {row.fila}, cargo")
        if folio in self.known:
            return Problem(
                "repetida",
                f"fila {row.fila}, folio {folio}",
                "Esa candidatura ya está en la etapa.",
                "No hace falta cargarla otra vez; si es otra, corrija su folio.",
            )
        same = self._same_person(row, keys) if row.curp else None
        return same or self._second(row, keys)

    def let_in(self, row: CandidaturaRow, folio: str) -> None:
        """Keep what a row that enters takes: its folio, and the number of its place."""
        self.known.add(folio)
        key = self.places.key(row.entidad, row.lugar, row.lugar_tipo)
        if self._stands_alone(row):
            first = row.formula, f"{row.nombre} en la fila {row.fila}"
            self.seated.setdefault((self._subject(row), row.cargo_clave, key), first)

    def _subject(self, row: CandidaturaRow) -> int | str:
        """Return the number of the subject of a row, or its name where nobody said who it is."""
        named = self.who.get(plain(row.sujeto))
        return named.pk if named else plain(row.sujeto)

    def _stands_alone(self, row: CandidaturaRow) -> bool:
        return row.titular and not row.propio and row.cargo_clave in self.single

    def _second(self, row: CandidaturaRow, keys: Iterable[str]) -> Problem | None:
        """Return that the subject of a row has another formula for its seat, where one person is elected."""
        if not self._stands_alone(row):
            return None
        seats = ((self._subject(row), row.cargo_clave, key) for key in keys)
        first = next((self.seated[seat] for seat in seats if seat in self.seated), None)
        if first is None or first[0] == row.formula:
            return None
        told = f"{row.siglas or row.sujeto} ya postula ahí a {first[1]}."
        cure = "Quite una; si la otra deja de contender, registre en su ficha su fin y quién la sustituye."
        return Problem("ocupada", f"fila {row.fila}, cargo", told, cure)

    def _same_person(self, row: CandidaturaRow, keys: Iterable[str]) -> Problem | None:
        seats = ((row.curp, row.cargo_clave, key) for key in keys)
        before = next((self.there[seat] for seat in seats if seat in self.there), None)
        told = f"Esa persona ya contiende ahí en esta etapa, con el folio {before}."
        cure = "Quite la fila, o corrija su CURP."
        return Problem("repetida", f"fila {row.fila}, CURP", told, cure) if before is not None else None


def _seated(etapa: Etapa, offices: Collection[str]) -> dict[tuple[int | str, str, str], tuple[str, str]]:
    """Return the formula that each subject has for each seat of some offices in a stage, with who is its titular."""
    rows = etapa.candidaturas.filter(contends(), cargo__clave__in=offices, contabilidad__isnull=False)
    said = rows.values_list("sujeto", "cargo__clave", "territorio__clave", "persona__nombre", "folio")
    return {(who, office, place): (folio, f"{name}, con el folio {folio}") for who, office, place, name, folio in said}


def _contending(etapa: Etapa) -> dict[tuple[str, str, str], str]:
    """Return the folio of who contends in a stage, by CURP, office and territory."""
    rows = etapa.candidaturas.filter(contends()).exclude(persona__curp="")
    said = rows.values_list("persona__curp", "cargo__clave", "territorio__clave", "folio")
    return {(curp or "", office, place): folio for curp, office, place, folio in said}


def _misplaced(row: CandidaturaRow, etapa: Etapa, kind: ProcessKind | None) -> Problem | None:
    """Return why a candidacy is not of the process of a stage, or None."""
    proceso = etapa.proceso
    if told := wrong_approval(etapa, row.aprobada_el):
        return Problem("aprobacion", f"fila {row.fila}, aprobación", told, "Escriba el día que dice su acuerdo.")
    if row.ambito != proceso.ambito:
        seen = f"{row.cargo} es del ámbito {row.ambito} y el proceso es {proceso.ambito}."
        return Problem("ambito", f"fila {row.fila}, cargo", seen, "Cárguela en su proceso.")
    if proceso.entidad and row.entidad != proceso.entidad:
        names = entity_names(settings.JURISDICTION)
        own, other = (names.get(key, key) for key in (proceso.entidad, row.entidad))
        seen = f"Es de {other} y el proceso es de {own}."
        return Problem("entidad", f"fila {row.fila}, entidad", seen, "Cárguela en su proceso.")
    wrong = office_problem(kind, row.cargo_clave, row.cargo) or entity_problem(row.entidad, row.cargo_clave, row.cargo)
    return replace(wrong, donde=f"fila {row.fila}, cargo") if wrong else None


class _Loader:
    """Finds or makes what each row names: subject, office, territory, person."""

    def __init__(self, etapa: Etapa, how: Load, asked: Collection[str]) -> None:
        self.etapa, self.how, self.asked = etapa, how, asked
        self.loaded = self.books = 0
        self.problems: list[Problem] = []
        self.number = next_number()
        self.with_books: set[str] = set()
        self.offices: dict[str, Cargo] = {}
        self.places: dict[str, Territorio] = {}
        self.demarcations = Demarcations(etapa.proceso_id)
        self.own: dict[str, SujetoObligado] = {}
        known = SujetoObligado.objects.all()
        self.names = {plain(sujeto.nombre) for sujeto in known}
        self.siglas = {sujeto.siglas for sujeto in known}
        self.numeros = {sujeto.numero for sujeto in known}

    def add(self, row: CandidaturaRow, folio: str) -> None:
        """Approve one row; the first of a formula (its titular) opens the books."""
        sujeto = self.sujeto(row)
        if sujeto is None:
            place = f"fila {row.fila}, sujeto"
            told = f"Nadie dijo quién es «{row.sujeto}»."
            cure = "Diga quién es, en la página o con --sujetos, y cárguela de nuevo."
            self.problems.append(Problem("sujeto", place, told, cure))
            return
        cap = row.tope.centavos if row.tope else None
        accord = row.acuerdo or self.how.acuerdo if cap else ""
        who, what = (self.persona(row), sujeto), (self.cargo(row), self.territorio(row))
        approval = (row.aprobada_el or self.etapa.inicia_el, row.acuerdo_aprobacion)
        new = NewCandidatura(folio, *who, *what, cap, accord, *approval)
        self.loaded += 1
        if row.titular and row.formula not in self.with_books:
            self.with_books.add(row.formula)
            approve_candidatura(self.etapa, new, by=self.how.by, number=self.number + self.books)
            self.books += 1
        else:
            record_candidatura(self.etapa, new)

    def persona(self, row: CandidaturaRow) -> Persona:
        """Return the person of that CURP, as the file says; without one, a new record: an equal name proves nothing."""
        return nominated_persona(row.nombre, row.curp, self.how.by, sexo=row.sexo)

    def cargo(self, row: CandidaturaRow) -> Cargo:
        """Return the office contested."""
        if row.cargo_clave not in self.offices:
            with acting():
                self.offices[row.cargo_clave] = Cargo.objects.get_or_create(
                    clave=row.cargo_clave, defaults={"nombre": row.cargo, "ambito": row.ambito, "columna": row.columna}
                )[0]
        return self.offices[row.cargo_clave]

    def territorio(self, row: CandidaturaRow) -> Territorio:
        """Return the territory contested."""
        place = row.entidad, row.lugar, row.lugar_tipo
        key = self.demarcations.key(*place)
        if key not in self.places:
            self.places[key] = register_territorio(*place, key)
        return self.places[key]

    def sujeto(self, row: CandidaturaRow) -> SujetoObligado | None:
        """Return the subject that a person said; who stands alone and is nobody known is registered with its titular.

        An independent one is called as that person, with the process where another subject is called so (ADR 0354).
        """
        key = plain(row.sujeto)
        if not row.propio or key in self.asked:
            return (self.how.sujetos or {}).get(key)
        if row.formula not in self.own:
            name = row.nombre if row.sujeto_tipo == SujetoObligado.Tipo.INDEPENDIENTE else row.sujeto
            initials = "".join(word[0] for word in plain(name).split())[:10]
            self.own[row.formula] = register_sujeto(
                row.sujeto_tipo,
                _free((str(n) for n in count(1)), self.numeros),
                _free((initials if n == 1 else f"{initials}-{n}" for n in count(1)), self.siglas),
                self._name(name),
            )
        return self.own[row.formula]

    def _name(self, name: str) -> str:
        """Return a name that no other subject has."""
        process = self.etapa.proceso.clave
        ends = ("", f" ({process})", *(f" ({process}, {n})" for n in range(2, len(self.names) + 2)))
        tried = (f"{name[: 120 - len(end)]}{end}" for end in ends)
        said = next(each for each in tried if plain(each) not in self.names)
        self.names.add(plain(said))
        return said


def _free(names: Iterable[str], taken: set[str]) -> str:
    name = next(name for name in names if name not in taken)
    taken.add(name)
    return name


def preview(data: bytes, etapa: Etapa) -> Preview:
    """Read a file and say what it would load in a stage, and which of its names somebody must say who is."""
    sheet = read_candidaturas(data, settings.JURISDICTION)
    who = {name.clave: name.sujeto for name in names_of(sheet.filas, etapa.proceso_id) if name.sujeto}
    fresh, problems = _sorted(sheet, etapa, who)
    rows = [row for row, _folio in fresh]
    formulas = {row.formula: row for row in rows if row.titular}
    capped = [row for row in formulas.values() if row.tope]
    names = names_of(rows, etapa.proceso_id)
    asked = {name.clave for name in names}
    return Preview(
        total=sheet.total,
        nuevas=len(rows),
        libros=len(formulas),
        independientes=len({row.formula for row in rows if row.propio and plain(row.sujeto) not in asked}),
        con_tope=len(capped),
        sin_acuerdo=sum(not row.acuerdo for row in capped),
        sin_dia=sum(row.aprobada_el is None for row in rows),
        cargos=_offices(rows),
        nombres=tuple(names),
        ajenas=tuple(
            unheard_of(
                etapa,
                (
                    (row.cargo_clave, row.cargo, f"fila {row.fila}, cargo", "Si no se elige en él, quite el renglón.")
                    for row in rows
                ),
            )
        ),
        problemas=(*sheet.problemas, *problems),
    )


def _offices(rows: Iterable[CandidaturaRow]) -> tuple[tuple[str, int, int], ...]:
    """Count the rows of each office, with its first one, in the order of the file."""
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.cargo, []).append(row.fila)
    return tuple((office, len(places), min(places)) for office, places in found.items())


def refuse_unready(
    seen: Preview, names: Mapping[str, SujetoObligado], acuerdo: str, fuera: Collection[str] = ()
) -> None:
    """Raise Refused where a name is nobody's and nobody left it out, a cap has no accord, or there is nothing to load.

    fuera: keys of the names whose rows somebody leaves out.
    """
    problems = [
        Problem(
            "sujeto",
            f"sujeto_{place}",
            f"Falta decir quién es «{name.nombre}».",
            "Elíjalo, regístrelo antes, o deje fuera sus renglones.",
        )
        for place, name in enumerate(seen.nombres)
        if name.clave not in names and name.clave not in fuera
    ]
    if seen.sin_acuerdo and not acuerdo.strip():
        lacking = "1 tope" if seen.sin_acuerdo == 1 else f"{seen.sin_acuerdo} topes"
        told = f"{lacking} del archivo no {'dice' if seen.sin_acuerdo == 1 else 'dicen'} su acuerdo."
        problems.append(Problem("acuerdo", "acuerdo", told, "Escriba el acuerdo que los fija."))
    if len(acuerdo) > 60:
        problems.append(Problem("acuerdo", "acuerdo", f"Tiene {len(acuerdo)} letras y caben 60.", "Abrévielo."))
    left = sum(name.renglones for name in seen.nombres if name.clave in fuera)
    if seen.nuevas <= left:
        problems.append(Problem("nada", "", "El archivo no trae ninguna candidatura nueva.", "Cargue otro."))
    if problems:
        raise Refused(*problems)


def load_file(
    data: bytes,
    etapa: Etapa,
    acuerdo: str,
    by: Usuario,
    progress: Callable[[int], None],
    fuera: Collection[str] = (),
) -> LoadReport:
    """Load a file in a stage by the names that were said, and open the concentradoras that follow, all at once.

    fuera: names whose rows do not enter because who loads it left them out; the trail says that some were.
    """
    must_administer(by)
    names = {name: subject for name, subject in said_names().items() if name not in fuera}
    with acting():
        lock_etapa(etapa.pk)
        must_administer(by)
        refuse_closed_stage(etapa)
        refuse_unready(preview(data, etapa), names, acuerdo, fuera)
        how = Load(names, acuerdo.strip(), by, progress)
        report = load_candidaturas(data, etapa, settings.JURISDICTION, how)
        pools = open_concentradoras(etapa, by)
        trail.act("cargar_candidaturas_en_parte" if fuera else "cargar_candidaturas", by, etapa)
    return replace(report, contabilidades=report.contabilidades + len(pools))


def load_rows(data: bytes, etapa: Etapa, acuerdo: str, by: Usuario) -> LoadReport:
    """Load the good rows of a file by the names kept, and open the concentradoras that follow; the rest are told.

    acuerdo: that of the caps whose row says none; where a cap has none, nothing enters. Raises PermissionError.
    """
    must_administer(by)
    with acting():
        lock_etapa(etapa.pk)
        must_administer(by)
        seen = preview(data, etapa)
        if seen.sin_acuerdo and not acuerdo.strip():
            told = f"Topes del archivo sin su acuerdo: {seen.sin_acuerdo}."
            lacking = Problem("acuerdo", "acuerdo", told, "Diga el acuerdo que los fija.")
            return LoadReport(0, seen.total, 0, (lacking,))
        report = load_candidaturas(data, etapa, settings.JURISDICTION, Load(acuerdo=acuerdo.strip(), by=by))
        if not report.buenas:
            return report
        pools = open_concentradoras(etapa, by)
        trail.act("cargar_candidaturas", by, etapa)
    return replace(report, contabilidades=report.contabilidades + len(pools))


def open_concentradoras(etapa: Etapa, by: Usuario) -> list[Contabilidad]:
    """Open the concentradora of each party and coalition of a stage that has candidacies and none. Raises Refused."""
    must_administer(by)
    kinds = (*PARTIES, *ALLIANCES)
    without = SujetoObligado.objects.filter(tipo__in=kinds, candidaturas__etapa=etapa).exclude(
        contabilidades__in=Contabilidad.objects.filter(etapa=etapa, clase=Contabilidad.Clase.CONCENTRADORA)
    )
    with acting():
        lock_etapa(etapa.pk)
        must_administer(by)
        return [
            open_contabilidad(etapa, subject, Contabilidad.Clase.CONCENTRADORA)
            for subject in without.distinct().order_by("pk")
        ]
