"""`sif instalar`: do once what an institution needs before it serves, and check it; again, do only what is lacking."""

import argparse
import json
import os
import pwd
import sys
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from sif.commands import administrador, database, first_files, migrar
from sif.commands.environment import Check, environment_checks
from sif.commands.first_files import CannotInstall, Place
from sif.commands.roles import make_roles
from sif.values import InvalidKey, Rfc

LOCAL = "host=/var/run/postgresql user=postgres dbname=postgres"
_EXAMPLE = """ejemplo, como root:
  sif instalar --dominio sif.instituto.mx \\
    --administra "Hugo Salas Prieto" hugo.salas SAPH800101AB5 --administra "Inés Vela Luna" ines.vela VELI810202CD6

hace carpetas, configuración, roles y base de datos, llave de acuses, tablas y los enlaces de quienes administran, y
revisa la instalación. Repetida, hace solo lo que falta y no cambia nada de lo que hay. Termina con 0 si todo se cumple,
con 1 si la revisión halla faltas y con 2 si no se pudo seguir."""


@dataclass(slots=True)
class Installed:
    """The account of an installation: each step with what it made, the links, the key's fingerprint and the checks."""

    pasos: list[dict[str, str]] = field(default_factory=list)
    enlaces: list[dict[str, str]] = field(default_factory=list)
    huella: str = ""
    revision: list[dict[str, object]] = field(default_factory=list)

    def note(self, step: str, made: object, says: str) -> None:
        """Note a step, and tell it on stderr as soon as it is done."""
        self.pasos.append({"paso": step, "estado": "hecho" if made else "estaba", "que": says})
        print(f"{'hecho ' if made else 'estaba'}  {step}: {says}", file=sys.stderr, flush=True)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "instalar",
        help="hace lo que una institución necesita antes de servir, y lo revisa",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--dominio", default="", help="nombres con que entra el público, con comas")
    parser.add_argument("--proxys", default="127.0.0.1/32", help="redes del proxy con TLS (127.0.0.1/32)")
    parser.add_argument("--servidor", default=LOCAL, help=f"conexión de quien administra PostgreSQL ({LOCAL})")
    parser.add_argument("--base", default="sif", help="nombre de la base de datos (sif)")
    for name, usual, says in (
        ("configuracion", "/etc/sif", "carpeta de la configuración"),
        ("datos", "/srv/sif/datos", "carpeta de los datos"),
        ("respaldos", "/srv/respaldos/sif", "carpeta de los respaldos, en otro disco"),
    ):
        parser.add_argument(f"--{name}", type=Path, default=Path(usual), metavar="CARPETA", help=f"{says} ({usual})")
    parser.add_argument("--cuenta", default="sif", help="usuario del sistema que ejecuta SIF (sif)")
    parser.add_argument(
        "--administra",
        nargs=3,
        action="append",
        default=[],
        metavar=("NOMBRE", "USUARIO", "RFC"),
        help="una persona que administrará; dígala dos veces, una por persona",
    )
    parser.add_argument(
        "--enlaces-nuevos", action="store_true", help="da otro enlace a quien perdió el suyo sin usarlo"
    )
    parser.add_argument("--sitio", metavar="DIRECCIÓN", help="dirección pública; sin ella, la primera de --dominio")
    parser.add_argument("--json", action="store_true", help="imprime {pasos, enlaces, huella, revision} y nada más")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Install what is lacking and check the whole; 0 if all holds, 1 if a check fails, 2 if it could not go on."""
    done = Installed()
    try:
        place = _place(args)
        _keys(args)
        _machine(args, place, done)
        first_files.become(place.dueno)
        with redirect_stdout(sys.stderr):
            database.setup_django(keyed=False)
            pending = database.pending_migrations()
            migrar.run(args)
        done.note("tablas", pending, f"{pending} migraciones" if pending else "al día")
        _people(args, done)
        checks = _checks(done)
    except (CannotInstall, PermissionError) as refused:
        print(f"sif instalar: {refused}", file=sys.stderr)
        return 2
    done.revision = [asdict(each) for each in checks]
    _tell(args, done, checks)
    return 0 if all(each.bien for each in checks) else 1


def _place(args: argparse.Namespace) -> Place:
    try:
        person = pwd.getpwnam(args.cuenta) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    except KeyError as missing:
        raise CannotInstall(
            f"No existe el usuario del sistema «{args.cuenta}». Hágalo con adduser --system --group --home /srv/sif "
            f"--no-create-home {args.cuenta}, o diga otro con --cuenta."
        ) from missing
    folders = (args.configuracion, args.datos, args.respaldos)
    configuration, data, backups = (folder.absolute() for folder in folders)
    return Place(configuration, data, backups, person)


def _keys(args: argparse.Namespace) -> None:
    """Refuse an RFC of another form before anything is made: who mistypes one does not wait for the tables."""
    for _, username, rfc in args.administra:
        try:
            Rfc("".join(rfc.split()).replace("-", ""))
        except InvalidKey as wrong:
            raise CannotInstall(f"{username}: {wrong}") from wrong


def _machine(args: argparse.Namespace, place: Place, done: Installed) -> None:
    """Make folders, configuration, roles, database and key, and leave the configuration in the environment."""
    folders = first_files.make_folders(place)
    done.note("carpetas", folders, ", ".join(map(str, folders)) or str(place.datos))
    new, variables = first_files.complete_configuration(place, args.servidor, args.base, args.dominio, args.proxys)
    done.note("configuración", new, f"{place.configuracion}: {', '.join(new) or 'completa'}")
    if args.dominio and args.dominio != variables["SIF_DOMINIOS"]:
        kept = f"SIF_DOMINIOS sigue en «{variables['SIF_DOMINIOS']}» y se pidió «{args.dominio}»"
        done.note("configuración", False, f"{kept}: para cambiarla, escríbala en {place.configuracion / 'entorno'}")
    if faults := [each for each in environment_checks(variables) if not each.bien]:
        raise CannotInstall("\n".join(f"{each.que}. {each.cura}" for each in faults))
    passwords = first_files.passwords_of(variables)
    base = str(conninfo_to_dict(variables["DATABASE_URL"]).get("dbname") or args.base)
    try:
        with first_files.as_superuser(args.servidor):
            made = make_roles(args.servidor, base, passwords)
    except psycopg.OperationalError as failed:
        raise CannotInstall(
            f"PostgreSQL no recibe a quien lo administra ({' '.join(str(failed).split())}). Arránquelo y revise "
            "--servidor; su contraseña, si la pide, va en PGPASSWORD o en PGPASSFILE."
        ) from failed
    done.note("base de datos", made, ", ".join(made) or base)
    for name in ("DATABASE_URL", *first_files.OF_COMMANDS):
        try:
            psycopg.connect(variables[name]).close()
        except psycopg.OperationalError as failed:
            raise CannotInstall(
                f"El servidor no admite la conexión de {name} ({' '.join(str(failed).split())}). Si el rol es "
                f"de otra instalación, devuelva a {place.configuracion} su copia guardada; si no, revise pg_hba.conf."
            ) from failed
    key = first_files.make_key(place, variables["SIF_ACUSES_CONTRASENA"])
    done.note("llave de acuses", key, str(place.llave))
    os.environ.update(variables)


def _people(args: argparse.Namespace, done: Installed) -> None:
    """Give each person who will administer the link of the first entry, unless it was given or used.

    All or none: the links are told at the end, and one that was made before a refusal would be told to nobody.
    """
    from django.db import transaction

    from sif.registry.invitations import HOURS, Rol, administrators_invited, invite
    from sif.registry.invited import InvitationRefused, Invited
    from sif.registry.models import Usuario
    from sif.registry.scope import OPERATOR, registering

    try:
        site = administrador.site_of(args.sitio)
    except ValueError as wrong:
        raise CannotInstall(str(wrong)) from wrong
    told: list[tuple[bool, str]] = []
    with transaction.atomic():
        for name, username, rfc in args.administra:
            waits = administrators_invited().filter(invitada_por=None, username__iexact=username.strip())
            if Usuario.objects.filter(username__iexact=username.strip()).exists():
                told.append((False, f"{username} ya tiene cuenta"))
            elif waits.exists() and not args.enlaces_nuevos:
                told.append((False, f"el enlace de {username} espera; otro se da con --enlaces-nuevos"))
            else:
                try:
                    with registering(OPERATOR):
                        token = invite(Invited(Rol.ADMINISTRADOR, name, username, rfc), None)
                except InvitationRefused as refused:
                    raise CannotInstall(f"{username}: {refused} A nadie se le dio enlace.") from refused
                told.append((True, f"el enlace de {username} sirve una vez, durante {HOURS} horas"))
                done.enlaces.append({"usuario": username, "enlace": f"{site}/cuenta/invitacion/{token}/"})
    for made, says in told:
        done.note("administra", made, says)


def _checks(done: Installed) -> list[Check]:
    """Check the installation as its services see it, without what only root's commands read."""
    from sif.commands.installation import installation_checks
    from sif.filing.authority import authority_key

    for name in first_files.OF_COMMANDS:
        os.environ.pop(name, None)
    checks = installation_checks(os.environ)
    done.huella = first_files.fingerprint(authority_key().public_key())
    return checks


def _tell(args: argparse.Namespace, done: Installed, checks: list[Check]) -> None:
    if args.json:
        print(json.dumps(asdict(done), ensure_ascii=False, indent=1))
        return
    for each in done.enlaces:
        print(f"{each['usuario']}: {each['enlace']}")
    print(f"Huella de la llave de acuses, para el periódico oficial: {done.huella}")
    for check in checks:
        if not check.bien:
            print(f"FALTA  {check.que}\n       {check.cura}")
    print(f"Guarde aparte de los respaldos una copia de {args.configuracion} y de la llave: ningún respaldo las lleva.")
