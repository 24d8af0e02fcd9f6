"""`sif calendario`: when reports are due, and the days of their review up to the vote of the Consejo General."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sif.commands.arguments import Subparsers
from sif.commands.environment import jurisdiction
from sif.law.calendar import (
    SECOND_ANSWER,
    UNCONFIRMED,
    Course,
    Milestone,
    accord_calendar,
    load_accords,
    load_stages,
    period_calendars,
    review_calendar,
    stage_terms,
)
from sif.law.cuts import Cut, cuts
from sif.law.days import UnknownTerm
from sif.law.duties import Due, Duty, due_of, load_duties, standing_of
from sif.law.elections import federal_election
from sif.law.processes import ProcessKind, has_year, load_kinds, proposed_days, voting_day
from sif.values import read_iso_day

_EXAMPLE = """ejemplos:
  sif calendario --etapa trimestral --ejercicio 2026
  sif calendario --etapa anual --ejercicio 2025 --json
  sif calendario --etapa anual --ejercicio 2025 --sujeto agrupacion
  sif calendario --etapa anual --ejercicio 2025 --segundo-oficio 2026-08-03
  sif calendario --etapa campana --ejercicio 2027
  sif calendario --etapa campana --fin 2018-06-27
  sif calendario --etapa campana --fin 2018-06-27 --plazos 3,10,5,10,6,6 --json
  sif calendario --etapa campana --fin 2024-05-29 --plazos 11,5,15,7,3,7 --inicio-revision 2024-06-04
  sif calendario --acuerdo INE/CG502/2023

Con --ejercicio se toman los días que la ley propone para el proceso federal de ese año, y cada informe de campaña abre
su propia revisión. Con --inicio-revision los plazos se cuentan desde ese día y son oficio, respuesta, dictamen,
comisión, presentación al Consejo y consejo; si son siete, el primero es el del informe. Un día con «?» está por
confirmar."""
_TITLES = {
    "informe": "Informe",
    "oficio": "Oficio de errores y omisiones",
    "respuesta": "Respuesta",
    SECOND_ANSWER: "Segunda respuesta",
    "dictamen": "Dictamen",
    "comision": "Comisión de Fiscalización",
    "consejo": "Consejo General",
}
_DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
_SUBJECTS = {"partido": "IA", "agrupacion": "IA-APN"}
_REPORTED = {"trimestral": "IT", "formacion": "IM"}
"""Stages whose periods have a report each, and a term of their own: the duty that dates them."""


def register(subparsers: Subparsers) -> None:
    """Add `sif calendario` to the command."""
    parser = subparsers.add_parser(
        "calendario",
        help="calcula cuándo vencen los informes y los días de su revisión",
        description="Calcula los días de los informes y de su revisión: los de la ley, los dados o los de un acuerdo.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--etapa", help=f"una de: {', '.join(_stages())}")
    parser.add_argument("--fin", help="último día de la etapa o del trimestre, AAAA-MM-DD")
    parser.add_argument("--ejercicio", help="año que se informa, o el de la elección federal, AAAA")
    parser.add_argument("--sujeto", choices=tuple(_SUBJECTS), help="de quién es el informe anual; si no, de un partido")
    parser.add_argument("--plazos", help="días en lugar de los de la ley, separados por comas: 3,10,5,10,6,6")
    parser.add_argument(
        "--inicio-revision", dest="inicio_revision", help="día desde el que se cuenta el oficio, AAAA-MM-DD"
    )
    parser.add_argument(
        "--acuerdo", help=f"acuerdo que fija los plazos; se conocen {', '.join(load_accords(jurisdiction()))}"
    )
    parser.add_argument(
        "--segundo-oficio", dest="segundo_oficio", help="día en que se notificó el segundo oficio del anual, AAAA-MM-DD"
    )
    parser.add_argument("--sin-errores", dest="sin_errores", action="store_true", help="no hubo errores que contestar")
    parser.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    parser.set_defaults(run=run)


def _stages() -> list[str]:
    return ["trimestral", *load_stages(jurisdiction())]


def run(args: argparse.Namespace) -> int:
    """Print the days of the reports and their review; 0, or 2 when the options cannot be read."""
    try:
        milestones = _milestones(args)
    except UnknownTerm as error:
        print(f"sif calendario: {error}", file=sys.stderr)
        return 2
    if args.json:
        shape = {"hitos": [{"hito": m.hito, "fecha": m.fecha.isoformat()} for m in milestones]}
        print(json.dumps(shape, ensure_ascii=False))
        return 0
    width = max(map(len, _TITLES.values()))
    for m in milestones:
        moved = f"  (por ley, {m.movida_de})" if m.movida_de else ""
        doubt = "?" if m.estatus == UNCONFIRMED else " "
        print(f"{_TITLES[m.hito]:<{width}}  {_DAYS[m.fecha.weekday()]} {m.fecha}{doubt} {m.base}{moved}")
    return 0


def _milestones(args: argparse.Namespace) -> list[Milestone]:
    end = _day(args.fin, "--fin") if args.fin is not None else None
    if args.acuerdo is not None:
        if args.etapa or args.plazos or args.inicio_revision or args.ejercicio:
            raise UnknownTerm("--acuerdo ya trae etapa, plazos e inicio; dé solo --acuerdo y, si hace falta, --fin.")
        return accord_calendar(args.acuerdo, end, jurisdiction=jurisdiction())
    if args.etapa is None or (end is None) == (args.ejercicio is None):
        raise UnknownTerm(
            "faltan --etapa y --fin, o --etapa y --ejercicio (uno de los dos), o --acuerdo. "
            "Ejemplo: --etapa campana --fin 2018-06-27."
        )
    if args.etapa not in _stages():
        raise UnknownTerm(f"La etapa «{args.etapa}» no se conoce; son {', '.join(_stages())}.")
    year = None if args.ejercicio is None else _year(args.ejercicio)
    if args.etapa in _REPORTED:
        if args.plazos or args.inicio_revision or args.sujeto or args.segundo_oficio or args.sin_errores:
            raise UnknownTerm(f"«{args.etapa}» solo tiene el día de cada informe: dé --fin o --ejercicio y nada más.")
        return _reports(load_duties(jurisdiction())[_REPORTED[args.etapa]], args.etapa, end, year)
    etapa = _calendar_of(args)
    if year is not None:
        return _of_year(args, etapa, year)
    assert end is not None
    start = _day(args.inicio_revision, "--inicio-revision") if args.inicio_revision is not None else None
    if start is not None and start <= end:
        raise UnknownTerm(f"--inicio-revision es {start} y debe ser posterior al fin de la etapa, {end}.")
    return review_calendar(
        etapa, end, _terms(args.plazos), start, course=_course(args, etapa), jurisdiction=jurisdiction()
    )


def _calendar_of(args: argparse.Namespace) -> str:
    """Return the calendar of review: that of the agrupaciones, where the annual report is of one."""
    if args.sujeto is None:
        return str(args.etapa)
    if args.etapa != "anual":
        raise UnknownTerm(f"--sujeto es del informe anual y llegó con «{args.etapa}». Quítelo.")
    return load_duties(jurisdiction())[_SUBJECTS[args.sujeto]].revision


def _course(args: argparse.Namespace, etapa: str) -> Course:
    second = _day(args.segundo_oficio, "--segundo-oficio") if args.segundo_oficio is not None else None
    if second is not None and stage_terms(etapa, second, jurisdiction()).linked:
        raise UnknownTerm(f"--segundo-oficio es del informe anual (LGPP 80.1.b.III) y llegó con «{etapa}». Quítelo.")
    if second is not None and args.sin_errores:
        raise UnknownTerm("--sin-errores dice que no hubo oficio y --segundo-oficio que hubo dos. Deje uno.")
    return Course(segundo_oficio=second, no_errors=args.sin_errores)


def _reports(duty: Duty, etapa: str, end: date | None, year: int | None) -> list[Milestone]:
    """Return the last day of each report of a year, or of the one whose period ends on a day.

    None of them where an election suspends them, which is told on the error output.
    """
    asked = year if year is not None else end.year if end is not None else 0
    periods = [cut for cut in _cuts(duty, asked) if end is None or cut.hasta == end]
    if not periods:
        raise UnknownTerm(f"--fin es {end} y no es el último día de un periodo de «{etapa}»; escriba ese día.")
    found = []
    for cut in periods:
        due = due_of(duty, {"corte": cut.hasta}, jurisdiction())
        standing = standing_of(duty, cut, due.fecha, jurisdiction=jurisdiction())
        if standing.estado == "suspendida":
            print(
                f"sif calendario: el informe del {cut.desde} al {cut.hasta} se suspende ({standing.base}): en "
                f"{cut.hasta.year} hay elección federal.",
                file=sys.stderr,
            )
        else:
            found.append(_report(cut, due, standing.nota))
    return found


def _cuts(duty: Duty, year: int) -> list[Cut]:
    return cuts(duty.corte, date(year, 1, 1), date(year, 12, 31))


def _report(cut: Cut, due: Due, nota: str) -> Milestone:
    assert due.fecha is not None
    doubt = UNCONFIRMED if nota else due.estatus
    return Milestone("informe", due.fecha, f"del {cut.desde} al {cut.hasta} ({due.base})", estatus=doubt)


def _of_year(args: argparse.Namespace, etapa: str, year: int) -> list[Milestone]:
    """Return the reviews of a year: of 31 December, or of the days that the law proposes for its federal process."""
    if args.inicio_revision is not None:
        raise UnknownTerm("--inicio-revision se cuenta desde un día que se da: use --fin en lugar de --ejercicio.")
    terms, course = _terms(args.plazos), _course(args, etapa)
    if etapa.startswith("anual"):
        return review_calendar(etapa, date(year, 12, 31), terms, course=course, jurisdiction=jurisdiction())
    estatus, days = _federal_days(etapa, year)
    ends = [
        cut.hasta
        for cut in cuts("treinta" if stage_terms(etapa, days[1], jurisdiction()).by_report else "etapa", *days)
    ]
    reviews = period_calendars(etapa, ends, terms, jurisdiction=jurisdiction())
    if course.no_errors:
        reviews[-1] = review_calendar(etapa, ends[-1], terms, course=course, jurisdiction=jurisdiction())
    flat = [day for review in reviews for day in review]
    if estatus == UNCONFIRMED:
        flat = [replace(day, estatus=UNCONFIRMED) for day in flat]
    return sorted(flat, key=lambda day: day.fecha) if len(reviews) > 1 else flat


def _federal_days(etapa: str, year: int) -> tuple[str, tuple[date, date]]:
    """Return how sure the days of a stage of the federal process of a year are, and its first and last day."""
    for kind in _federal_kinds(year):
        for tipo, stage in kind.etapas.items():
            if stage.revision == etapa:
                return stage.estatus, proposed_days(kind, year, voting_day(kind, year))[tipo]
    following = next(y for y in range(year, year + 4) if federal_election(y, jurisdiction()))
    raise UnknownTerm(
        f"En {year} la ley no tiene un proceso federal con «{etapa}»: dé --fin, el último día de la etapa. "
        f"La elección federal siguiente es en {following}."
    )


def _federal_kinds(year: int) -> Sequence[ProcessKind]:
    return [
        kind
        for kind in load_kinds(jurisdiction()).values()
        if kind.ambito == "federal" and has_year(kind, year, jurisdiction())
    ]


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 2015 <= int(text) <= 2100):
        raise UnknownTerm(f"--ejercicio es «{text}» y se quiere un año de 2015 a 2100, por ejemplo 2026.")
    return int(text)


def _day(text: str, option: str) -> date:
    try:
        fecha = read_iso_day(text)
    except ValueError:
        raise UnknownTerm(f"{option} es «{text}» y se quiere un día AAAA-MM-DD, por ejemplo 2018-06-27.") from None
    if not 1990 <= fecha.year <= 2100:
        raise UnknownTerm(f"{option} es {text}; se calculan días de 1990 a 2100.")
    return fecha


def _terms(text: str | None) -> list[int] | None:
    if text is None:
        return None
    numbers = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in numbers):
        raise UnknownTerm(
            f"--plazos es «{text}» y se quieren días enteros separados por comas, por ejemplo 3,10,5,10,6,6."
        )
    return [int(part) for part in numbers]
