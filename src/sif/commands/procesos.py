"""`sif procesos`: which there are and what each lacks; propose one drawn from the law, and the close of a stage."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sif.commands import database
from sif.commands.arguments import Subparsers, act_as, day, stage_named
from sif.values import Problem, Refused, Unread, read_iso_day, refusal

if TYPE_CHECKING:
    from sif.registry.models import CalendarioPropuesto, Etapa, Usuario
    from sif.registry.procesos import NewProceso, PlannedStage

_EXAMPLE = """ejemplos:
  sif procesos
  sif procesos proponer local_intermedia 2027 --entidad DUR --sin precampana --sin apoyo_ciudadano \\
    --dias campana=2027-04-04..2027-06-02 --acuerdo campana=IEPC/CG1/2027 --por hugo
  sif procesos proponer --de PEL-DUR-2026-2027 --acuerdo IEPC/CG1/2030 --por hugo --ver
  sif procesos faltantes PEL-DUR-2026-2027
  sif procesos cerrar PEL-DUR-2026-2027 --etapa campana --acuerdo IEPC/CG90/2027 --por hugo

La ley propone etapas, días y plazos; lo que fija un acuerdo se escribe encima, etapa=valor. Un acuerdo sin etapa es de
todas. Aquí se propone; lo que hacen dos personas lo confirma la otra en su página."""
_HERE = "procesos"
_ELSEWHERE = "Aquí se propone; lo abre otra persona en «Calendarios por abrir» de su «Hoy»."


def register(subparsers: Subparsers) -> None:
    """Add `sif procesos` and its acts to the command."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser(
        _HERE, help="procesos: cuáles hay, qué les falta y proponer otro", epilog=_EXAMPLE, formatter_class=as_written
    )
    parser.set_defaults(run=show)
    parser.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    acts = parser.add_subparsers(dest="acto", metavar="ACTO")
    _add_proposal(acts.add_parser("proponer", help="propone un proceso", epilog=_EXAMPLE, formatter_class=as_written))
    opened = acts.add_parser("abrir", help="abre el calendario que espera, donde basta una persona")
    opened.set_defaults(run=open_it)
    lacking = acts.add_parser("faltantes", help="lo que le falta a un proceso; 1 si le falta algo")
    lacking.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    lacking.set_defaults(run=lacks_of)
    closed = acts.add_parser("cerrar", help="propone cerrar una etapa en la que nada está abierto")
    closed.add_argument("--etapa", default="campana", help="etapa del proceso (campana)")
    closed.add_argument("--acuerdo", default="", help="acuerdo que lo ordena, si lo hay")
    closed.add_argument("--motivo", default="", help="por qué se cierra, si hace falta decirlo")
    closed.set_defaults(run=close)
    for each in (opened, lacking, closed):
        each.add_argument("clave", help="clave del proceso, por ejemplo PEL-DUR-2026-2027")
    for each in (opened, closed):
        each.add_argument("--por", required=True, help="usuario que administra y lo hace")


def _add_proposal(made: argparse.ArgumentParser) -> None:
    made.add_argument("clase", nargs="?", default="", help="clase de proceso; sin ella, la que sigue al de --de")
    made.add_argument("anio", nargs="?", type=int, default=0, help="año de la jornada o del ejercicio")
    made.add_argument("--de", default="", metavar="CLAVE", help="proceso del que se toman etapas y plazos")
    made.add_argument("--entidad", default="", help="clave de la entidad, si es local: DUR")
    made.add_argument("--jornada", type=day, metavar="DÍA", help="día en que se vota; sin él, el que fija la ley")
    made.add_argument("--clave", default="", help="clave del proceso, en lugar de la propuesta")
    made.add_argument("--nombre", default="", help="nombre del proceso, en lugar del propuesto")
    made.add_argument("--sin", action="append", default=[], metavar="ETAPA", help="etapa que no hay")
    made.add_argument("--dias", action="append", default=[], metavar="ETAPA=DÍA..DÍA", help="primer y último día")
    made.add_argument("--plazos", action="append", default=[], metavar="ETAPA=N,N,N,N,N,N", help="seis plazos en días")
    made.add_argument("--acuerdo", action="append", default=[], metavar="[ETAPA=]NÚMERO", help="acuerdo que los fija")
    made.add_argument("--ver", action="store_true", help="solo muestra el calendario y lo que está mal")
    made.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    made.add_argument("--por", required=True, help="usuario que administra y lo propone")
    made.set_defaults(run=propose)


def show(args: argparse.Namespace) -> int:
    """List the processes and the calendars that wait."""
    database.setup_django()
    from sif.registry.calendars import waiting
    from sif.registry.elections import processes
    from sif.registry.scope import everything

    with everything():
        rows: list[Any] = list(processes().order_by("anio", "clave"))
        waits = waiting()
        if args.json:
            told = {"procesos": [_process(row) for row in rows], "esperan": [each.clave for each in waits]}
            print(json.dumps(told, ensure_ascii=False))
            return 0
        for row in rows:
            print(f"{row.clave:<24} {row.nombre}: {row.candidaturas:,} candidaturas, {row.libros:,} contabilidades")
        for each in waits:
            print(f"{each.clave:<24} {each.nombre}: espera a otra persona; lo propuso {each.propuesto_por.nombre}")
    if not rows and not waits:
        print("Todavía no hay procesos.")
    return 0


def _process(row: Any) -> dict[str, object]:
    return {
        "clave": row.clave,
        "nombre": row.nombre,
        "ambito": row.ambito,
        "entidad": row.entidad,
        "anio": row.anio,
        "candidaturas": row.candidaturas,
        "contabilidades": row.libros,
    }


def propose(args: argparse.Namespace) -> int:
    """Propose a process; 1 where something of its calendar is refused, 2 if the person is not there."""

    def act(by: "Usuario") -> int:
        from sif.registry.procesos import problems_of, propose_proceso

        new = _drawn(args)
        if args.ver:
            if problems := problems_of(new):
                raise Refused(*problems)
            _tell(new, args.json)
            return 0
        made = propose_proceso(new, by)
        _tell(new, args.json)
        if not args.json:
            print(f"Propuesto: {made.clave}. {_ELSEWHERE}")
        return 0

    return act_as(_HERE, args.por, act)


def _drawn(args: argparse.Namespace) -> "NewProceso":
    """Draw the process asked for, with what was written over the law. Raises Refused."""
    from sif.registry.procesos import draft, following, stages_of

    before = _before(args.de) if args.de else None
    clase, year = following(before) if before else ("", None)
    place = before.entidad if before else ""
    new = draft(args.clase or clase, args.entidad or place, args.anio or year or 0, args.jornada)
    stages = new.etapas
    if before is not None:
        had = {each.tipo: each.plazos for each in stages_of(before)}
        stages = tuple(replace(each, plazos=had[each.tipo]) for each in stages if each.tipo in had)
    key, name = args.clave.upper() or new.clave, args.nombre or new.nombre
    return replace(new, clave=key, nombre=name, etapas=_written(args, stages))


def _before(clave: str) -> "CalendarioPropuesto":
    from sif.registry.models import CalendarioPropuesto

    found = CalendarioPropuesto.objects.filter(apertura__proceso__clave=clave).first()
    if found is None:
        raise refusal("proceso", "--de", f"No hay un proceso {clave[:40]}.", "Los dice «sif procesos».")
    return found


def _written(args: argparse.Namespace, drawn: Sequence["PlannedStage"]) -> tuple["PlannedStage", ...]:
    """Write over some stages the days, terms and accords of the command, and leave out those there are not."""
    known = [each.tipo for each in drawn]
    days, terms = _by_stage("--dias", args.dias, known, _days), _by_stage("--plazos", args.plazos, known, _terms)
    accords = _by_stage("--acuerdo", args.acuerdo, known, str, whole=True)
    for tipo in args.sin:
        _known("--sin", tipo, known)

    def written(stage: "PlannedStage") -> "PlannedStage":
        first, last = days.get(stage.tipo, (stage.inicia_el, stage.termina_el))
        said = terms.get(stage.tipo, stage.plazos), accords.get(stage.tipo, stage.acuerdo)
        return replace(stage, inicia_el=first, termina_el=last, plazos=said[0], acuerdo=said[1])

    return tuple(written(each) for each in drawn if each.tipo not in args.sin)


def _known(option: str, tipo: str, known: Sequence[str]) -> None:
    if tipo not in known:
        cure = f"Escriba una de: {', '.join(known)}." if known else "Elija otra clase."
        raise refusal("etapa", option, f"Ese proceso no tiene la etapa «{tipo[:24]}».", cure)


def _by_stage[T](
    option: str, said: Sequence[str], known: Sequence[str], read: Callable[[str], T], *, whole: bool = False
) -> dict[str, T]:
    """Read what an option says of each stage; where it may, what names none is said of all. Raises Refused."""
    found: dict[str, T] = {}
    for text in said:
        tipo, equals, value = text.partition("=")
        if not equals and whole:
            found = dict.fromkeys(known, read(text)) | found
            continue
        _known(option, tipo, known)
        try:
            found[tipo] = read(value)
        except (Unread, ValueError) as wrong:
            told = f"«{value[:40]}» no se lee en {tipo}."
            raise Refused(
                Problem("valor", option, told, "Siga el ejemplo de «sif procesos proponer --help».")
            ) from wrong
    return found


def _days(text: str) -> tuple[date, date]:
    first, _dots, last = text.partition("..")
    return read_iso_day(first), read_iso_day(last)


def _terms(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(","))


def _tell(new: "NewProceso", as_json: bool) -> None:
    """Print a process with its stages and the last day to report each period."""
    from sif.registry.procesos import periods_of

    if as_json:
        stages = [
            {
                "tipo": stage.tipo,
                "inicia_el": stage.inicia_el.isoformat(),
                "termina_el": stage.termina_el.isoformat(),
                "plazos": list(stage.plazos),
                "acuerdo": stage.acuerdo,
                "vencen": [each.vence.isoformat() for each in periods_of(new.clase, stage)],
            }
            for stage in new.etapas
        ]
        print(json.dumps({"clave": new.clave, "nombre": new.nombre, "etapas": stages}, ensure_ascii=False))
        return
    print(f"{new.clave}: {new.nombre}")
    for stage in new.etapas:
        terms = ",".join(map(str, stage.plazos))
        accord = f" ({stage.acuerdo})" if stage.acuerdo else ""
        print(f"  {stage.tipo}: {stage.inicia_el} a {stage.termina_el}, plazos {terms}{accord}")
        for each in periods_of(new.clase, stage):
            print(f"    {each.numero}. {each.desde} a {each.hasta}; se informa hasta el {each.vence} ({each.base})")


def open_it(args: argparse.Namespace) -> int:
    """Open the calendar that waits; 1 where two people open or it is refused, 2 if it or the person is not there."""

    def act(by: "Usuario") -> int:
        from django.conf import settings

        from sif.registry.calendars import waiting
        from sif.registry.procesos import open_proceso

        if settings.TWO_PEOPLE_OPEN:
            raise PermissionError(
                f"Esta instalación pide dos personas, y una terminal no prueba quién la usa. {_ELSEWHERE}"
            )
        found = next((each for each in waiting() if each.clave == args.clave), None)
        if found is None:
            print(f"sif procesos: ningún calendario {args.clave} espera. Los dice «sif procesos».", file=sys.stderr)
            return 2
        print(f"Abierto: {open_proceso(found, by).clave}.")
        return 0

    return act_as(_HERE, args.por, act)


def lacks_of(args: argparse.Namespace) -> int:
    """Say what a process lacks; 0 if nothing, 1 if something, 2 if there is no such process."""
    database.setup_django()
    from sif.registry.elections import lacks
    from sif.registry.models import Proceso
    from sif.registry.scope import everything
    from sif.web.admin.home import LACKS
    from sif.web.admin.words import STAGES

    proceso: Proceso | None = Proceso.objects.filter(clave=args.clave).first()
    if proceso is None:
        print(f"sif procesos: no hay un proceso {args.clave}. Los dice «sif procesos».", file=sys.stderr)
        return 2
    with everything():
        found = lacks(proceso)
    if args.json:
        rows = [{"clave": each.clave, "cuantos": each.cuantos, "ejemplos": list(each.ejemplos)} for each in found]
        print(json.dumps(rows, ensure_ascii=False))
        return 1 if found else 0
    for each in found:
        words, cure, _page = LACKS[each.clave]
        named = f" ({'; '.join(str(STAGES.get(name, name)) for name in each.ejemplos)})" if each.ejemplos else ""
        print(f"{words}: {each.cuantos:,}{named}. {cure}")
    if not found:
        print("No le falta nada.")
    return 1 if found else 0


def close(args: argparse.Namespace) -> int:
    """Propose to close a stage; 1 with what is open in it, 2 if the stage or the person is not there."""

    def act(by: "Usuario") -> int:
        from sif.disclosure.selectors import unpublished_things
        from sif.proceedings.closing import propose_closing

        etapa: Etapa | None = stage_named(_HERE, args.clave, args.etapa)
        if etapa is None:
            return 2
        propose_closing(etapa, args.acuerdo, args.motivo, by, unpublished_things)
        print("Propuesto: lo ejecuta otra persona que administre, en la página del proceso, «Cierre».")
        return 0

    return act_as(_HERE, args.por, act)
