"""Compute the caps of an election by the formulas of law, each with its arithmetic, as the table that fixes them.

What is computed fixes nothing: its table is loaded as that of any accord (`topes`), which the council approves.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from sif.law import caps
from sif.law.parameters import NotInForce, load_parameters, uma_on, uma_stands_since
from sif.registry.candidacy_words import Words, candidacy_words
from sif.registry.candidaturas import columns_of, plain
from sif.registry.models import Ambito, Etapa, place_words
from sif.registry.table_files import Lines, cap_lines
from sif.values import InvalidMoney, Money, Problem, Refused, refusal
from sif.values.cells import csv_writer

DISTRICTS = ("DISTRITOS", "BASE")
VOTERS = ("PADRON", "PADRON ELECTORAL", "BASE")
BEFORE = ("TOPE ANTERIOR", "BASE")
MOST_DISTRICTS = 300
"""Districts of the country [CPEUM 52], all of deputies by majority: no state has more."""
WHERE = ("cargo", "entidad", "distrito", "circunscripcion", "municipio")
WHOLE = 10_000
ROUNDING_WORDS = {
    "centavos_medio": "al centavo, medio hacia arriba",
    "centavos_corte": "al centavo, cortado",
    "pesos_medio": "a pesos, medio hacia arriba",
    "pesos_corte": "a pesos, cortado",
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of a cap: the office that it is of ('': those of its table), the parameter that says its law ('': who
    computes cites it), the stage that it is of ('': any), and what it asks for.

    base: heads of the column that its table starts from. parte: a share of an earlier cap, that of LGIPE or,
    where a factor is typed, that of a local law.
    """

    cargo: str
    parametro: str
    etapa: str
    importe: bool = False
    base: tuple[str, ...] = ()
    dia_antes: bool = False
    padron: bool = False
    parte: bool = False

    def by_local_law(self, given: "CapInputs") -> bool:
        """Return whether the cap rests on a local law, which is not read here: its factor is typed with its article."""
        return self.padron or (self.parte and bool(given.factor_pb or given.articulo.strip()))


_CAMPAIGN = Etapa.Tipo.CAMPANA.value
FORMULAS: Mapping[str, Formula] = {
    "presidencia": Formula("PRESIDENCIA", "tope_presidencia_pb", _CAMPAIGN, importe=True),
    "diputacion": Formula("DIPUTACION FEDERAL MR", "tope_diputacion_divisor", _CAMPAIGN, importe=True),
    "diputacion_intermedia": Formula(
        "DIPUTACION FEDERAL MR", "tope_diputacion_divisor", _CAMPAIGN, importe=True, dia_antes=True
    ),
    "senaduria": Formula("SENADURIA MR", "tope_senaduria_distritos_maximos", _CAMPAIGN, importe=True, base=DISTRICTS),
    "precampana": Formula("", "tope_precampana_pb", Etapa.Tipo.PRECAMPANA.value, base=BEFORE, parte=True),
    "apoyo_ciudadano": Formula(
        "", "tope_apoyo_ciudadano_pb", Etapa.Tipo.APOYO_CIUDADANO.value, base=BEFORE, parte=True
    ),
    "local": Formula("", "", "", base=VOTERS, padron=True),
}


@dataclass(frozen=True, slots=True)
class CapInputs:
    """The inputs of a cap formula: its day, an amount, a table of bases, an earlier day, and what a local law sets.

    dia: the day of the UMA and of the law. importe: public money of campaign, or the cap that the formula starts from.
    dia_antes: the day of the UMA of the earlier cap. factor_pb: the local factor in basis points. articulo: the article
    that sets the local factor. corte: the day of the padrón of the table. redondeo: one of `caps.ROUNDINGS`.
    minimo_uma: the least cap in UMA, 0 for none.
    """

    dia: date
    importe: Money | None = None
    tabla: bytes = b""
    dia_antes: date | None = None
    factor_pb: int = 0
    articulo: str = ""
    corte: date | None = None
    redondeo: str = ""
    minimo_uma: int = 0


@dataclass(frozen=True, slots=True)
class ComputedCap:
    """A cap computed: its office and place as the table of an accord says them, and the arithmetic that gives it."""

    donde: tuple[str, ...]
    tope: Money
    calculo: str

    @property
    def lugar(self) -> str:
        """The place as a person reads it, «Durango, Distrito 1», or '' for every one of the office."""
        said = (place_words(name, kind) for kind, name in zip(WHERE[1:], self.donde[1:], strict=True))
        return ", ".join(filter(None, said))


@dataclass(frozen=True, slots=True)
class ComputedCaps:
    """The caps that a formula gives, and what of the law it rests on: LGIPE (federal) or a local law."""

    filas: tuple[ComputedCap, ...]
    base: str
    estatus: str
    federal: bool

    def table(self) -> bytes:
        """Write the table that an accord would bring, to be loaded as it is."""
        words = candidacy_words(settings.JURISDICTION)["columnas"]
        text = io.StringIO(newline="")
        write = csv_writer(text, ending="\n")
        write([*(words[key][0] for key in WHERE), words["tope"][-1]])
        for row in self.filas:
            write([*row.donde, row.tope])
        return text.getvalue().encode()


def compute_caps(formula: str, given: CapInputs) -> ComputedCaps:
    """Compute the caps of a formula. Raises Refused with each thing that is missing or wrong at its place."""
    kind = FORMULAS.get(formula)
    if kind is None:
        raise refusal("formula", "formula", f"La fórmula «{formula}» no se conoce.", "Elija una de la lista.")
    if problems := [*_lacking(kind, given)]:
        raise Refused(*problems)
    try:
        base, estatus = _basis(kind, given)
        rows = tuple(_computed(formula, kind, given))
    except NotInForce as unknown:
        raise refusal("dia", "dia", str(unknown), "Escriba el día del acuerdo que fija los topes.") from unknown
    except InvalidMoney as wrong:
        raise Refused(wrong.at("importe")) from wrong
    return ComputedCaps(rows, base, estatus, not kind.by_local_law(given))


def _basis(kind: Formula, given: CapInputs) -> tuple[str, str]:
    """Return what of the law a formula rests on, and whether all of it is confirmed. Raises NotInForce, Refused."""
    if kind.by_local_law(given):
        return given.articulo.strip(), "por confirmar"
    parameters = load_parameters(settings.JURISDICTION)
    law = parameters[kind.parametro].on(given.dia)
    if given.dia_antes is None or not kind.dia_antes:
        return law.base, law.estatus
    now = parameters["uma"].on(given.dia)
    try:
        then = parameters["uma"].on(given.dia_antes)
    except NotInForce as unknown:
        cure = "Escriba el día del acuerdo que fijó el tope anterior."
        raise refusal("dia_antes", "dia_antes", str(unknown), cure) from unknown
    since = "; ".join(dict.fromkeys(uma.base for uma in (then, now)))
    states = {law.estatus, *(uma.estatus for uma in (then, now))}
    estatus = "confirmado" if states == {"confirmado"} else "por confirmar"
    return f"{law.base}; entrada en vigor de la UMA: {since}", estatus


def _lacking(kind: Formula, given: CapInputs) -> Iterator[Problem]:
    if kind.importe and (given.importe is None or given.importe.centavos <= 0):
        seen = "Falta el importe base" if given.importe is None else f"El importe base {given.importe} no es positivo"
        yield Problem("importe", "importe", f"{seen}.", "Cópielo del acuerdo que lo fija.")
    if kind.base and not given.tabla:
        told = "Falta la tabla base."
        yield Problem("archivo", "archivo", told, f"Suba una con CARGO, el lugar y {kind.base[0]}.")
    if kind.dia_antes and given.dia_antes is None:
        told = "Falta el día en que se fijó el tope anterior."
        yield Problem("dia_antes", "dia_antes", told, "Escríbalo: de él sale la UMA de entonces.")
    if kind.dia_antes and given.dia_antes is not None and given.dia_antes >= given.dia:
        told = f"El tope anterior no se fijó antes del {given.dia:%d/%m/%Y}."
        yield Problem("dia_antes", "dia_antes", told, "Escriba un día anterior al del acuerdo.")
    yield from _lacking_of_local(kind, given)


def _lacking_of_local(kind: Formula, given: CapInputs) -> Iterator[Problem]:
    if kind.padron and given.corte is None:
        told = "Falta el corte del padrón."
        yield Problem("corte", "corte", told, "Escriba el día al que están contadas las personas de la tabla.")
    if kind.padron and given.corte is not None and given.corte > given.dia:
        told = f"El corte del padrón es posterior al {given.dia:%d/%m/%Y}, día del acuerdo."
        yield Problem("corte", "corte", told, "Revise uno y otro.")
    if given.minimo_uma < 0 or given.minimo_uma > WHOLE**2:
        told = "El mínimo no es un número de UMA de cero a cien millones."
        yield Problem("minimo_uma", "minimo_uma", told, "Escriba el que dice la ley local, por ejemplo 4,000.")
    elif given.minimo_uma and not kind.padron:
        told = "Esta fórmula no tiene mínimo en UMA."
        yield Problem("minimo_uma", "minimo_uma", told, "Déjelo vacío: solo es de la elección local.")
    if not kind.by_local_law(given):
        return
    if not 1 <= given.factor_pb <= 10 * WHOLE:
        told = "El factor no es un porcentaje de 0.01 a 1,000."
        yield Problem("factor", "factor", told, "Escriba el que dice la ley local: 0.15 se escribe 15.")
    if not 1 <= len(given.articulo.strip()) <= 120:
        told = "El factor no dice qué artículo y acuerdo lo fijan."
        yield Problem(
            "articulo", "articulo", told, "Escríbalos en 120 letras o menos, por ejemplo LIPEED 191 e IEPC/CG9/2025."
        )
    if given.redondeo not in caps.ROUNDINGS:
        told = "No dice cómo se redondea el tope."
        yield Problem("redondeo", "redondeo", told, "Elija pesos o centavos, como lo haga el acuerdo.")


def _computed(formula: str, kind: Formula, given: CapInputs) -> Iterator[ComputedCap]:
    day, jurisdiction, amount = given.dia, settings.JURISDICTION, given.importe or Money(0)
    if formula == "presidencia":
        rate = load_parameters(jurisdiction)[kind.parametro].on(day).valor
        yield _of(kind.cargo, caps.cap_president(amount, day, jurisdiction), f"{amount} × {_percent(rate)}")
    elif formula == "diputacion":
        parts = load_parameters(jurisdiction)[kind.parametro].on(day).valor
        yield _of(kind.cargo, caps.cap_deputy(amount, day, jurisdiction), f"{amount} ÷ {parts}")
    elif formula == "diputacion_intermedia":
        then, now = uma_on(given.dia_antes or day, jurisdiction), uma_on(day, jurisdiction)
        account = f"{amount} × {now} ÷ {then}"
        yield _of(kind.cargo, caps.cap_deputy_midterm(amount, then, now), account, _old_uma(day))
    else:
        yield from _of_table(cap_lines(given.tabla), kind, kind.by_local_law(given), _row_formula(formula, kind, given))


def _of(cargo: str, cap: Money, account: str, note: str = "") -> ComputedCap:
    return ComputedCap((cargo, "", "", "", ""), cap, f"{account} = {cap}{note}")


def _old_uma(day: date) -> str:
    """Return which UMA the accord of a day takes where that of its year is not on record; '' where it is."""
    since = uma_stands_since(day, settings.JURISDICTION)
    return f"; la UMA es la que rige desde el {since:%d/%m/%Y}: la siguiente no consta" if since else ""


type _RowFormula = Callable[[str], tuple[Money, str]]


def _row_formula(formula: str, kind: Formula, given: CapInputs) -> _RowFormula:
    """Return what computes a cap from the base of a row, with its arithmetic. It raises ValueError and InvalidMoney."""
    day, jurisdiction = given.dia, settings.JURISDICTION
    if formula == "senaduria":
        most = load_parameters(jurisdiction)[kind.parametro].on(day).valor
        deputy = given.importe or Money(0)

        def by_districts(base: str) -> tuple[Money, str]:
            districts = _whole(base)
            if districts > MOST_DISTRICTS:
                raise ValueError(f"Una entidad no tiene {districts:,} distritos: el país tiene {MOST_DISTRICTS}.")
            cap = caps.cap_senator(deputy, districts, day, jurisdiction)
            return cap, f"{deputy} × {min(districts, most)} = {cap}"

        return by_districts
    if kind.padron:
        return _by_voters(given)
    return _by_before(formula, kind, given)


def _by_voters(given: CapInputs) -> _RowFormula:
    uma = uma_on(given.dia, settings.JURISDICTION)
    told = f"padrón al {given.corte:%d/%m/%Y}; {ROUNDING_WORDS[given.redondeo]}{_old_uma(given.dia)}"

    def by_voters(base: str) -> tuple[Money, str]:
        voters = _whole(base)
        by_law, _ = caps.cap_local(voters, uma, given.factor_pb, 0, given.redondeo)
        cap, floor_rules = caps.cap_local(voters, uma, given.factor_pb, given.minimo_uma, given.redondeo)
        account = f"{voters:,} × {uma} × {_percent(given.factor_pb)} = {by_law}"
        if floor_rules:
            account += f"; rige el mínimo: {given.minimo_uma:,} × {uma} = {cap}"
        return cap, f"{account}; {told}"

    return by_voters


def _by_before(formula: str, kind: Formula, given: CapInputs) -> _RowFormula:
    day, jurisdiction = given.dia, settings.JURISDICTION
    part = {"precampana": caps.cap_precampaign, "apoyo_ciudadano": caps.cap_citizen_support}[formula]

    def by_before(base: str) -> tuple[Money, str]:
        before = Money.parse(base)
        if before.centavos <= 0:
            raise ValueError(f"El tope anterior {before} no es positivo.")
        if kind.by_local_law(given):
            cap = caps.cap_local_part(before, given.factor_pb, given.redondeo)
            return cap, f"{before} × {_percent(given.factor_pb)} = {cap}; {ROUNDING_WORDS[given.redondeo]}"
        rate = load_parameters(jurisdiction)[kind.parametro].on(day).valor
        cap = part(before, day, jurisdiction)
        return cap, f"{before} × {_percent(rate)} = {cap}"

    return by_before


def _of_table(lines: Lines, kind: Formula, by_local_law: bool, compute: _RowFormula) -> Iterator[ComputedCap]:
    words: Words = candidacy_words(settings.JURISDICTION)
    columns = _columns(lines[0][1], kind, words)
    head = plain(lines[0][1][columns["base"]])
    problems, rows = list[Problem](), list[ComputedCap]()
    seen: dict[tuple[str, ...], int] = {}
    for number, written in lines[1:]:
        cells = {key: " ".join(written[at].split()) if at < len(written) else "" for key, at in columns.items()}
        where = tuple(cells.get(key, "") for key in WHERE)
        where = (kind.cargo or where[0], *where[1:])
        first = seen.setdefault(tuple(map(plain, where)), number)
        if first != number:
            told = f"Repite el cargo y el lugar de la fila {first}."
            problems.append(Problem("repetida", f"fila {number}", told, "Quite una de las dos."))
            continue
        if wrong := [*_wrong_place(where, by_local_law, words, f"fila {number}")]:
            problems += wrong
            continue
        try:
            cap, account = compute(cells["base"])
            if cap.centavos <= 0:
                raise ValueError("El tope sale en cero.")
        except (ValueError, InvalidMoney) as bad:
            place = f"fila {number}, {head}"
            problems.append(Problem("base", place, str(bad), "Cópiela de su fuente."))
            continue
        rows.append(ComputedCap(where, cap, account))
    if not rows and not problems:
        problems.append(Problem("nada", "archivo", "La tabla no trae ningún renglón.", "Suba otra."))
    if problems:
        raise Refused(*problems)
    yield from rows


def _columns(heads: tuple[str, ...], kind: Formula, words: Words) -> Mapping[str, int]:
    """Return the place of each column. Raises Refused for one that lacks, or for the base of another formula."""
    known = {key: words["columnas"][key] for key in WHERE}
    columns = columns_of(heads, known | {"base": [*kind.base]})
    other = [head for head in heads if plain(head) in {*DISTRICTS, *VOTERS, *BEFORE} - {*kind.base}]
    if other:
        told = f"La columna {', '.join(other)} no es de esta fórmula, que parte de {kind.base[0]}."
        raise refusal("columnas", "archivo", told, f"Llámela {kind.base[0]} si eso dice, o elija otra fórmula.")
    if sum(plain(head) in kind.base for head in heads) > 1:
        told = f"Hay más de una columna de base: {', '.join(head for head in heads if plain(head) in kind.base)}."
        raise refusal("columnas", "archivo", told, "Deje una.")
    wanted = {"ENTIDAD": "entidad"} if kind.cargo else {"CARGO": "cargo"}
    missing = [name for name, key in (wanted | {kind.base[0]: "base"}).items() if key not in columns]
    if missing:
        told = f"Faltan las columnas {', '.join(missing)}."
        raise refusal("columnas", "archivo", told, "Póngales ese nombre en el primer renglón.")
    return columns


def _wrong_place(where: tuple[str, ...], by_local_law: bool, words: Words, row: str) -> Iterator[Problem]:
    """Tell what is wrong with the office and place of a row: a cap of LGIPE is of a federal office [LGIPE 357.2]."""
    office = words["cargos"].get(plain(where[0]))
    if office is None:
        yield Problem(
            "cargo", f"{row}, CARGO", f"El cargo «{where[0]}» no se conoce.", "Escríbalo como en candidaturas."
        )
    elif by_local_law and office["ambito"] == Ambito.FEDERAL:
        told = f"El cargo «{office['nombre']}» es federal y el factor es de una ley local."
        yield Problem("ambito", f"{row}, CARGO", told, "Quite la fila y calcule su tope con una fórmula federal.")
    elif not by_local_law and office["ambito"] == Ambito.LOCAL:
        told = f"El cargo «{office['nombre']}» es local y la parte que fija LGIPE es de cargos federales."
        yield Problem(
            "ambito", f"{row}, CARGO", told, "Escriba el factor y el artículo de su ley local, o quite la fila."
        )
    if plain(where[0]) == FORMULAS["senaduria"].cargo and words["entidades"].get(plain(where[1]), "NAC") == "NAC":
        seen = f"La entidad «{where[1]}» no existe." if where[1] else "La fila no dice su entidad."
        yield Problem("entidad", f"{row}, ENTIDAD", seen, "Escriba su nombre completo.")


def _whole(text: str) -> int:
    digits = text.replace(",", "")
    if not digits.isascii() or not digits.isdigit() or not 1 <= len(digits) <= 9 or not int(digits):
        raise ValueError(f"«{text[:20]}» no es un número entero de uno o más.")
    return int(digits)


def _percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d} %" if rest else f"{whole} %"
