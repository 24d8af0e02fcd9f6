"""`sif ensayo`: mint invented e.firmas and invoices with which an installation in rehearsal signs and records."""

import argparse
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers
from sif.signing.problems import SigningError
from sif.values import InvalidKey, Money, Rfc

if TYPE_CHECKING:
    from sif.signing.minting import MintedAuthority

_YEARS = timedelta(days=4 * 365)
_EXAMPLE = """ejemplos:
  sif ensayo efirma --rfc TEPB800101AB3 --nombre "Bruno Tello Paz" efirmas/
  sif ensayo cfdi --emisor IPR150312Q47 --receptor PDS140101AB1 --monto 53824.00 facturas/
  sif ensayo cfdi --emisor IPR150312Q47 --receptor PDS140101AB1 --monto 53824.00 \\
    --contabilidad 12 --entidad DUR facturas/

La autoridad que los emite se hace una vez en SIF_DATOS/certificados y solo esta instalación le cree. En producción la
orden se niega: ahí se firma con la e.firma del SAT."""


def register(subparsers: Subparsers) -> None:
    """Add `ensayo` and its verbs to the command."""
    group = subparsers.add_parser(
        "ensayo",
        help="e.firmas y CFDI inventados para ensayar",
        description="Hace e.firmas y CFDI inventados, sin validez legal, para ensayar en una instalación de prueba.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = group.add_subparsers(dest="verbo", required=True, metavar="VERBO")
    pair = verbs.add_parser("efirma", help="deja el par .cer y .key de una persona, y su contraseña")
    pair.add_argument("--rfc", required=True, type=_person, help="RFC de la persona, el mismo de su cuenta")
    pair.add_argument("--nombre", required=True, help="su nombre")
    pair.add_argument("carpeta", type=Path, metavar="CARPETA", help="dónde dejarlos")
    pair.set_defaults(run=run, make=_efirma)
    invoice = verbs.add_parser("cfdi", help="deja el XML de una factura, con timbre")
    invoice.add_argument("--emisor", required=True, type=_rfc, metavar="RFC", help="RFC de quien factura")
    invoice.add_argument("--receptor", required=True, type=_rfc, metavar="RFC", help="RFC del sujeto que la recibe")
    invoice.add_argument("--monto", required=True, type=_amount, help="total, con dos decimales; sin IVA")
    invoice.add_argument("--nombre-emisor", default="PROVEEDOR DE ENSAYO", metavar="NOMBRE", help="quién factura")
    invoice.add_argument("--nombre-receptor", default="SUJETO DE ENSAYO", metavar="NOMBRE", help="quién recibe")
    invoice.add_argument("--concepto", default="Volantes de campaña", help="qué se factura")
    invoice.add_argument("--contabilidad", type=int, metavar="N", help="número de una campaña local: complemento INE")
    invoice.add_argument("--entidad", metavar="CLAVE", help="entidad de esa campaña, por ejemplo DUR")
    invoice.add_argument("carpeta", type=Path, metavar="CARPETA", help="dónde dejarlo")
    invoice.set_defaults(run=run, make=_cfdi)


def run(args: argparse.Namespace) -> int:
    """Make what was asked; 0, or 2 where the installation is in production or a file is there already."""
    if args.verbo == "cfdi" and (args.contabilidad is None) != (args.entidad is None):
        told = "El complemento INE lleva --contabilidad y --entidad. Escriba ambas o ninguna."
        print(f"sif ensayo: {told}", file=sys.stderr)
        return 2
    database.setup_django()
    from sif.filing.authority import AuthorityMissing, demonstration_authority

    try:
        made = args.make(args, demonstration_authority())
    except (AuthorityMissing, SigningError) as refused:
        print(f"sif ensayo: {refused}", file=sys.stderr)
        return 2
    except FileExistsError as there:
        print(f"sif ensayo: ya está {there.filename}. Bórrelo o elija otra carpeta.", file=sys.stderr)
        return 2
    print(f"{made} Es de ensayo: no tiene validez legal.")
    return 0


def _efirma(args: argparse.Namespace, authority: "MintedAuthority") -> str:
    from sif.signing.minting import mint_fiel

    begins = datetime.now(UTC) - timedelta(days=1)
    pair = mint_fiel(authority, args.rfc, "", args.nombre.strip(), begins, begins + _YEARS)
    cer, key = args.carpeta / f"{args.rfc}.cer", args.carpeta / f"{args.rfc}.key"
    _write({cer: pair.cer, key: pair.key})
    return f"{cer} y {key}: e.firma de {args.nombre.strip()}; su contraseña es {pair.password}."


def _cfdi(args: argparse.Namespace, authority: "MintedAuthority") -> str:
    from sif.cfdi.document import ComplementoIne, EntidadIne
    from sif.cfdi.write import Contribuyente, Factura, Linea, Sealer, build_cfdi
    from sif.signing.minting import mint_csd

    now = datetime.now(UTC)
    span = (now - timedelta(days=30), now + _YEARS)
    sealer = Sealer.open(*mint_csd(authority, args.emisor, "", args.nombre_emisor, *span))
    pac = Sealer.open(*mint_csd(authority, "SPC190101AB1", "", "Certificadora de ensayo", *span))
    ine = None
    if args.contabilidad is not None:
        place = EntidadIne(args.entidad, "Local", (args.contabilidad,))
        ine = ComplementoIne("1.1", "Campaña", "", None, (place,))
    folio = str(uuid.uuid4()).upper()
    factura = Factura(
        uuid=folio,
        serie="E",
        folio=folio[:8],
        fecha=now - timedelta(hours=2),
        emisor=Contribuyente(args.emisor, args.nombre_emisor),
        receptor=Contribuyente(args.receptor, args.nombre_receptor, "603"),
        lineas=(Linea(args.concepto, 1000, args.monto, "82121500", iva_pb=0),),
        ine=ine,
    )
    path = args.carpeta / f"{folio}.xml"
    _write({path: build_cfdi(factura, sealer, pac)})
    return f"{path}: CFDI de {args.emisor} a {args.receptor} por {args.monto}."


def _write(files: dict[Path, bytes]) -> None:
    """Write private files, none where one of them is there already. Raises FileExistsError."""
    from sif.registry.files import write_whole

    for path in files:
        if path.exists():
            raise FileExistsError(17, "ya está", str(path))
    for path, data in files.items():
        write_whole(path, data, once=True)


def _rfc(text: str) -> str:
    """Return an RFC in capitals. Raises ArgumentTypeError."""
    try:
        return Rfc(text).text
    except InvalidKey as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _person(text: str) -> str:
    """Return the RFC of a person. Raises ArgumentTypeError."""
    if Rfc(_rfc(text)).is_company:
        raise argparse.ArgumentTypeError(f"«{text}» es de una empresa: la e.firma es de una persona, con RFC de 13")
    return _rfc(text)


def _amount(text: str) -> Money:
    """Return an amount above zero. Raises ArgumentTypeError."""
    try:
        amount = Money.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"«{text}» no es un monto, por ejemplo 53824.00") from error
    if amount.centavos <= 0:
        raise argparse.ArgumentTypeError(f"«{text}» no es mayor que cero")
    return amount
