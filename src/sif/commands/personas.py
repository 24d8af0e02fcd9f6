"""`sif personas`: acts on people: relief, invitations by file, and the span and the accesses of an account."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.administrador import site_of
from sif.commands.arguments import Subparsers, day, person_named

if TYPE_CHECKING:
    from sif.registry.models import SujetoObligado, Usuario
    from sif.registry.relieving import Relieved

_RELIEF = """ejemplo:
  sif personas relevar PJAC --rfc PAXN800101AB1 --nombre "Nora Paz" --usuario nora.paz \\
      --referencia "CEN/SF/120/2027" --documento oficio.pdf --desde 2027-05-18 --por hugo

Quien sale pierde el acceso y quien entra lo tiene: en este momento, o al empezar el día que dice --desde. Sin cuenta,
se abre una y se imprime su enlace."""

_MANY = """ejemplos:
  sif personas invitar capturistas.csv --por hugo --revisar
  sif personas invitar capturistas.csv --por hugo
  sif personas invitar capturistas.csv --por hugo --enlaces > enlaces.csv

El primer renglón dice las columnas: nombre, usuario, funcion, sujeto (sus siglas), rfc, contabilidades (sus números,
separados por espacios), correo, desde y ultimo (el primer y el último día; vacíos, desde que se da y sin término). Se
revisan antes todos los renglones: si uno tiene un problema, a nadie se invita."""


def register(subparsers: Subparsers) -> None:
    """Add the acts of `sif personas` to the command."""
    parser = subparsers.add_parser(
        "personas",
        help="releva a un Responsable, invita a muchas personas y dice cómo se entró a una cuenta",
        epilog=_RELIEF,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    acts = parser.add_subparsers(dest="acto", metavar="ACTO", required=True)
    for add in (_add_relief, _add_invitations, _add_readings, _add_spans):
        add(acts)


def _add_relief(acts: Subparsers) -> None:
    relief = acts.add_parser(
        "relevar",
        help="releva al Responsable de un sujeto",
        epilog=_RELIEF,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    relief.add_argument("sujeto", help="siglas, número o RFC del sujeto")
    relief.add_argument("--rfc", required=True, help="RFC de quien entra")
    relief.add_argument("--nombre", default="", help="nombre completo, si no tiene cuenta")
    relief.add_argument("--usuario", default="", help="usuario con que entrará, si no tiene cuenta")
    relief.add_argument("--desde", type=day, help="día en que entra, AAAA-MM-DD; sin él, hoy")
    relief.add_argument("--referencia", required=True, help="oficio, acta o acuerdo que lo nombra")
    relief.add_argument("--documento", required=True, type=Path, metavar="PDF", help="el documento")
    relief.add_argument("--por", required=True, help="usuario que lo registra; debe administrar el sistema")
    relief.add_argument("--sitio", metavar="DIRECCIÓN", help="dirección pública de esta instalación, para el enlace")
    relief.set_defaults(run=run)


def _add_invitations(acts: Subparsers) -> None:
    many = acts.add_parser(
        "invitar",
        help="invita a las personas de un CSV",
        epilog=_MANY,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    many.add_argument("archivo", type=Path, help="CSV de personas")
    many.add_argument("--por", required=True, help="usuario que invita")
    many.add_argument("--revisar", action="store_true", help="solo dice los problemas de cada renglón")
    many.add_argument("--enlaces", action="store_true", help="imprime usuario y enlace, y no pide correo")
    many.add_argument("--sitio", metavar="DIRECCIÓN", help="dirección pública de esta instalación, para los enlaces")
    many.set_defaults(run=invite)


def _add_readings(acts: Subparsers) -> None:
    seen = acts.add_parser("accesos", help="escribe como CSV cómo se entró a una cuenta y qué se negó")
    seen.add_argument("--desde", type=day, metavar="DÍA", help="primer día, AAAA-MM-DD")
    seen.add_argument("--hasta", type=day, metavar="DÍA", help="último día, AAAA-MM-DD")
    seen.set_defaults(run=accesses)
    held = acts.add_parser("nombramientos", help="lista las funciones de una cuenta, con su número y su plazo")
    held.set_defaults(run=appointments)
    for each in (seen, held):
        each.add_argument("usuario", help="usuario de la cuenta")
        each.add_argument("--por", required=True, help="usuario que pregunta: el de la cuenta o quien la maneja")


def _add_spans(acts: Subparsers) -> None:
    longer = acts.add_parser("prolongar", help="prolonga un nombramiento con término, con su documento")
    longer.add_argument("--ultimo", required=True, type=day, metavar="DÍA", help="nuevo último día")
    longer.add_argument("--referencia", required=True, help="oficio, acta o acuerdo que lo prolonga")
    longer.add_argument("--documento", required=True, type=Path, metavar="PDF", help="el documento")
    longer.set_defaults(run=prolong)
    lent = acts.add_parser("delegar", help="delega una función de un sujeto, que no firma informes ni da funciones")
    lent.add_argument("--a", required=True, metavar="USUARIO", help="quien la recibe, que ya actúa por el sujeto")
    lent.add_argument("--desde", type=day, metavar="DÍA", help="primer día; sin él, hoy")
    lent.add_argument("--ultimo", required=True, type=day, metavar="DÍA", help="último día")
    lent.add_argument("--referencia", required=True, help="oficio, acta o acuerdo que la delega")
    lent.add_argument("--documento", required=True, type=Path, metavar="PDF", help="el documento")
    lent.set_defaults(run=delegate)
    ended = acts.add_parser("terminar", help="termina un nombramiento, ahora o al acabar un día")
    ended.add_argument("--motivo", required=True, help="por qué termina")
    ended.add_argument("--ultimo", type=day, metavar="DÍA", help="último día; sin él, en este momento")
    ended.set_defaults(run=end)
    for each in (longer, lent, ended):
        each.add_argument("numero", type=int, help="número del nombramiento")
        each.add_argument("--por", required=True, help="usuario que lo hace: quien da esa función")


def run(args: argparse.Namespace) -> int:
    """Replace a Responsable; 0 if it was done, 1 if it was refused, 2 if something named is not there."""
    database.setup_django()
    from sif.duties.selectors import subject_named
    from sif.values import Refused

    sujeto, by = subject_named(args.sujeto), person_named("personas", args.por)
    if by is None:
        return 2
    if sujeto is None:
        return _absent(f"el sujeto {args.sujeto}")
    if not args.documento.is_file():
        return _absent(f"el archivo {args.documento}")
    try:
        site = site_of(args.sitio)
    except ValueError as wrong:
        print(f"sif personas: {wrong}", file=sys.stderr)
        return 2
    try:
        made = _handed_over(args, sujeto, by)
    except (Refused, PermissionError) as refused:
        tell(refused)
        return 1
    relevo = made.relevo
    print(f"{relevo.entra.usuario.nombre} es Responsable de {relevo.sujeto.siglas} desde el {relevo.desde:%d/%m/%Y}.")
    if made.enlace:
        print(f"{site}/cuenta/invitacion/{made.enlace}/")
    return 0


def _handed_over(args: argparse.Namespace, sujeto: "SujetoObligado", by: "Usuario") -> "Relieved":
    """Record the relief that the command asks for. Raises as `hand_over`."""
    from sif.duties.handover import NewHandover, hand_over
    from sif.mail.recipients import Recipient
    from sif.registry import clock
    from sif.registry.invitations import Rol
    from sif.registry.invited import Invited
    from sif.registry.scope import everything

    who = Invited(Rol.RESPONSABLE, args.nombre, args.usuario, args.rfc, sujeto)
    paper = args.documento
    new = NewHandover(who, args.desde or clock.today(), args.referencia, paper.name, paper.read_bytes())
    with everything(by.pk):
        return hand_over(new, Recipient("", ""), lambda token: f"/cuenta/invitacion/{token}/", by)


def _absent(what: str) -> int:
    """Say what a command names and is not there; return its code."""
    print(f"sif personas: no existe {what}. Revise cómo se escribe.", file=sys.stderr)
    return 2


def invite(args: argparse.Namespace) -> int:
    """Invite the people of a file; 0 if all were, 1 if a row was refused, 2 if something named is not there."""
    database.setup_django()
    from sif.mail.inviting_many import invite_many, problems_of, read_rows
    from sif.registry.scope import everything
    from sif.values import Refused

    by = person_named("personas", args.por)
    if by is None:
        return 2
    if not args.archivo.is_file():
        return _absent(f"el archivo {args.archivo}")
    try:
        site = site_of(args.sitio)
        with everything(by.pk):
            rows = read_rows(args.archivo.read_bytes())
            if args.revisar:
                if found := problems_of(rows, by, mailed=not args.enlaces):
                    raise Refused(*found)
                print(f"{len(rows)} renglones sin problema; no se invitó a nadie.")
                return 0
            made = invite_many(rows, lambda token: f"/cuenta/invitacion/{token}/", by, mailed=not args.enlaces)
    except Refused as refused:
        tell(refused)
        return 1
    except ValueError as wrong:
        print(f"sif personas: {wrong}", file=sys.stderr)
        return 2
    if args.enlaces:
        for each in made:
            print(f"{each.renglon.celdas['usuario']},{site}/cuenta/invitacion/{each.enlace}/")
    else:
        print(f"{len(made)} invitaciones hechas; sus correos están en cola.")
    return 0


def accesses(args: argparse.Namespace) -> int:
    """Write how an account was entered; 0 if it did, 1 if whoever asks may not read it, 2 if somebody is not there."""
    database.setup_django()
    from sif.registry.accesses import accesses_of
    from sif.registry.models import Usuario
    from sif.values import csv_writer

    def written(person: Usuario, by: Usuario) -> None:
        write = csv_writer(sys.stdout, ending="\n")
        write(["cuando", "hecho", "quien", "red", "via", "segundo_factor"])
        for row in accesses_of(person, args.desde, args.hasta).iterator():
            who = row.persona.username if row.persona else ""
            factor = "" if row.factor is None else "sí" if row.factor else "no"
            write([row.ocurrido_el, row.verbo, who, row.direccion, row.via, factor])

    return _on_account(args, written)


def appointments(args: argparse.Namespace) -> int:
    """List the roles of an account; 0 if it did, 1 if whoever asks may not read it, 2 if somebody is not there."""
    database.setup_django()
    from sif.registry.accesses import appointments_seen
    from sif.registry.appointments import last_day, state_of
    from sif.registry.models import Usuario

    def listed(person: Usuario, by: Usuario) -> None:
        for row in appointments_seen(by).filter(usuario=person):
            last, of = last_day(row), f" de {row.sujeto.siglas}" if row.sujeto else ""
            until = f"hasta el {last:%d/%m/%Y}" if last else "sin término"
            print(f"{row.pk}: {row.get_rol_display()}{of}, desde el {row.desde:%d/%m/%Y}, {until}: {state_of(row)}")

    return _on_account(args, listed)


def _on_account(args: argparse.Namespace, tell_of: Callable[..., None]) -> int:
    """Tell something of an account to who may read it, by the names of both."""
    from sif.registry.accesses import may_read
    from sif.registry.scope import everything

    person, by = person_named("personas", args.usuario), person_named("personas", args.por)
    if person is None or by is None:
        return 2
    with everything(by.pk):
        if not may_read(person, by):
            print(f"sif personas: la cuenta {person.username} la lee su persona o quien la maneja.", file=sys.stderr)
            return 1
        tell_of(person, by)
    return 0


def prolong(args: argparse.Namespace) -> int:
    """Prolong an appointment; 0 if it was done, 1 if it was refused, 2 if something named is not there."""
    database.setup_django()
    from sif.duties.handover import keeping_paper
    from sif.registry import prolonging
    from sif.registry.appointments import day_after
    from sif.registry.models import Nombramiento, Usuario

    def act(found: Nombramiento, by: Usuario) -> str:
        with keeping_paper(args.referencia, args.documento.name, args.documento.read_bytes()) as paper:
            made = prolonging.prolong(found, day_after(args.ultimo), paper, by)
        return f"{made.usuario.nombre}: nombramiento {made.pk}, hasta el {args.ultimo:%d/%m/%Y}."

    if not args.documento.is_file():
        return _absent(f"el archivo {args.documento}")
    return _on_appointment(args, act)


def delegate(args: argparse.Namespace) -> int:
    """Delegate one's own role; 0 if it was done, 1 if it was refused, 2 if something named is not there."""
    database.setup_django()
    from sif.duties.handover import NewLoan, lend
    from sif.registry import clock
    from sif.registry.appointments import day_after
    from sif.registry.models import Nombramiento, Usuario
    from sif.registry.selectors import account_named

    def act(found: Nombramiento, by: Usuario) -> str:
        days = args.desde or clock.today(), day_after(args.ultimo)
        file = args.documento.name, args.documento.read_bytes()
        made = lend(found, NewLoan(account_named(args.a), *days, args.referencia, *file), by)
        return f"{made.usuario.nombre}: delegación {made.pk}, hasta el {args.ultimo:%d/%m/%Y}."

    if not args.documento.is_file():
        return _absent(f"el archivo {args.documento}")
    return _on_appointment(args, act)


def end(args: argparse.Namespace) -> int:
    """End an appointment; 0 if it was done, 1 if it was refused, 2 if something named is not there."""
    database.setup_django()
    from sif.registry import clock
    from sif.registry.appointments import day_after, end_nombramiento
    from sif.registry.models import Nombramiento, Usuario

    def act(found: Nombramiento, by: Usuario) -> str:
        ends = clock.midnight(day_after(args.ultimo)) if args.ultimo else None
        made = end_nombramiento(found, args.motivo, by, termina_el=ends)
        when = made.termina_el.astimezone(clock.legal_zone())
        return f"El nombramiento {found.pk} termina el {when:%d/%m/%Y %H:%M}."

    return _on_appointment(args, act)


def _on_appointment(args: argparse.Namespace, act: Callable[..., str]) -> int:
    """Do an act on an appointment by its number, and say what it did or why not."""
    from sif.registry.appointments import AppointmentRefused
    from sif.registry.models import Nombramiento
    from sif.registry.scope import everything
    from sif.values import Refused

    found, by = Nombramiento.objects.filter(pk=args.numero).first(), person_named("personas", args.por)
    if by is None:
        return 2
    if found is None:
        return _absent(f"el nombramiento {args.numero}")
    try:
        with everything(by.pk):
            print(act(found, by))
    except (Refused, PermissionError, AppointmentRefused) as refused:
        tell(refused)
        return 1
    return 0


def tell(refused: Exception) -> None:
    """Print what was refused, each problem at its place."""
    for each in getattr(refused, "problems", ()):
        print(f"sif personas: {each.donde or 'acto'}: {each.mensaje} {each.cura}".rstrip(), file=sys.stderr)
    if not hasattr(refused, "problems"):
        print(f"sif personas: {refused}", file=sys.stderr)
