"""`sif disponibilidad`: say when the service did not answer, seal each day, and verify days and constancias."""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sif.commands import database
from sif.commands.arguments import Subparsers, day


def register(subparsers: Subparsers) -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "disponibilidad",
        help="dice cuándo no respondió el servicio",
        epilog="Ejemplo: sif disponibilidad ver --desde 2027-06-01 --hasta 2027-06-03 --json",
    )
    acts = parser.add_subparsers(dest="acto", metavar="ACTO", required=True)
    see = acts.add_parser("ver", help="caídas, huecos y minutos sin servicio de unos días")
    see.add_argument("--desde", type=day, required=True, metavar="DIA", help="primer día, aaaa-mm-dd")
    see.add_argument("--hasta", type=day, required=True, metavar="DIA", help="último día, aaaa-mm-dd")
    see.add_argument(
        "--plazo", type=_instant, metavar="INSTANTE", help="dice además los minutos que lo precedieron en 24 h"
    )
    see.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    see.set_defaults(run=show)
    acts.add_parser("sellar", help="sella los días que terminaron; un trabajador lo hace cada hora").set_defaults(
        run=seal
    )
    verify = acts.add_parser("verificar", help="compara los días con sus sellos, o una constancia con el suyo")
    verify.add_argument(
        "archivo", nargs="?", type=Path, metavar="CONSTANCIA", help="constancia.json; sin ella, los días"
    )
    verify.set_defaults(run=check)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"«{text}» no es un instante como 2027-06-04T00:00:00-06:00") from error
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"«{text}» no dice su zona; escríbala: 2027-06-04T00:00:00-06:00")
    return found


def show(args: argparse.Namespace) -> int:
    """Print outages and gaps of some days of the legal zone; 2 for days out of order."""
    if args.hasta < args.desde:
        print("sif disponibilidad: el último día es anterior al primero. Cámbielos.", file=sys.stderr)
        return 2
    database.setup_django(keyed=False)
    from django.conf import settings

    from sif.availability.certifying import extension_of
    from sif.availability.measuring import instant_of
    from sif.availability.reading import minutes_of, read
    from sif.registry.clock import midnight

    ends = midnight(args.hasta + timedelta(days=1))
    log = read(settings.DATOS, midnight(args.desde), min(ends, datetime.now(UTC)))
    said = {
        "minutos": minutes_of(log.caidas),
        "medidos": len({each.minuto for each in log.minutos if each.fuente == "sonda"}),
        "caidas": [[instant_of(each.desde), instant_of(each.hasta), minutes_of([each])] for each in log.caidas],
        "huecos": [[instant_of(each.desde), instant_of(each.hasta), minutes_of([each])] for each in log.huecos],
        "fallas": len(log.fallas),
        "por_carga": sum(each.por_carga for each in log.minutos),
        "ilegibles": log.ilegibles,
    }
    if args.plazo is not None:
        said["antes_del_plazo"] = extension_of(log, args.plazo, timedelta(hours=24))
    if args.json:
        print(json.dumps(said, ensure_ascii=False))
        return 0
    print(
        f"Sin servicio: {said['minutos']} minutos de {said['medidos']} medidos. Fallaron {said['fallas']} peticiones; "
        f"{said['por_carga']} consultas esperaron a que otros firmaran."
    )
    if args.plazo is not None:
        print(f"En las 24 horas antes del plazo, {said['antes_del_plazo']} minutos sin servicio.")
    for name, spans in (("caída", log.caidas), ("sin medir", log.huecos)):
        for each in spans:
            print(f"{name}: de {instant_of(each.desde)} a {instant_of(each.hasta)}, {minutes_of([each])} minutos")
    return 0


def seal(_args: argparse.Namespace) -> int:
    """Seal the days that ended; 1 where there is no key to seal with, or a day cannot be sealed."""
    database.setup_django(keyed=False)
    from django.conf import settings

    from sif.availability.measuring import LOGS, folder_of
    from sif.availability.sealing import seal_ended, unread_days
    from sif.filing.authority import AuthorityMissing, authority_key
    from sif.signing.problems import SigningError

    try:
        key, now = authority_key(), datetime.now(UTC)
        folders = [folder_of(settings.DATOS, log) for log in LOGS]
        made = [each for folder in folders for each in seal_ended(folder, key, now)]
    except (AuthorityMissing, SigningError) as refused:
        print(f"sif disponibilidad: {refused}", file=sys.stderr)
        return 1
    print("\n".join(f"{each.dia}: {each.sha256}" for each in made) or "Ningún día espera sello.")
    faults = [f"{folder.name} {each.dia}: {each.codigo}" for folder in folders for each in unread_days(folder)]
    if faults:
        wanted = "Recupere su archivo del respaldo, o quítelo y vuelva a sellar."
        print("\n".join(["sif disponibilidad: no se pudieron sellar:", *faults, wanted]), file=sys.stderr)
    return 1 if faults else 0


def check(args: argparse.Namespace) -> int:
    """Verify the sealed days, or a constancia; 0 whole, 1 with what does not hold, 2 for a file that is not one."""
    database.setup_django(keyed=False)
    from django.conf import settings

    from sif.availability.certifying import FORMAT, verify_constancia
    from sif.availability.kept import log_faults
    from sif.availability.measuring import LOGS, folder_of
    from sif.availability.sealing import sealed_days
    from sif.filing.authority import authority_key

    key = authority_key().public_key()
    if args.archivo is None:
        folders = {log: folder_of(settings.DATOS, log) for log in LOGS}
        logs = {log: log_faults(folder, sealed_days(folder), key) for log, folder in folders.items()}
        faults = [f"{log} {each.dia}: {each.codigo}" for log, found in logs.items() for each in found]
        print("\n".join(faults) or "Los días están como se sellaron.")
        return 1 if faults else 0
    try:
        said = json.loads(args.archivo.read_bytes())
    except (OSError, ValueError):
        said = None
    if not isinstance(said, dict) or said.get("formato") != FORMAT:
        print(
            f"sif disponibilidad: {args.archivo} no es una constancia ({FORMAT}). Use el JSON descargado.",
            file=sys.stderr,
        )
        return 2
    wrong = verify_constancia(said, key)
    print(f"ALTERADA: {', '.join(wrong)}" if wrong else f"{said['folio']}: ÍNTEGRA, sellada por esta autoridad.")
    return 1 if wrong else 0
