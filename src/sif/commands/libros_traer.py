"""`sif libros traer`: bring in a year that another program kept, from SAT's XML or ledgers of beancount."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers, books_and_person, pieces, tell_coded

if TYPE_CHECKING:
    from sif.registry.models import Contabilidad, Usuario

_EXAMPLE = """ejemplos:
  sif libros traer --contabilidad 41220 --usuario alicia --cuentas cuentas.csv 2026-*.xml
  sif libros traer --contabilidad 41220 --usuario alicia --cuentas cuentas.csv --aplicar libro.beancount

Cada archivo se lee como un lote, con sus días, y se dice cada error con su renglón. Con --aplicar se registra entero
o nada. Las cuentas de otro programa se dicen una vez, en la página del lote o en un CSV de dos columnas sin títulos:
la de fuera y la de aquí. Un archivo repetido no cambia nada."""
_XML = (b"<", b"\xef\xbb\xbf<")


def add_verb(verbs: Subparsers) -> None:
    """Add `traer` to the verbs of `sif libros`."""
    verb = verbs.add_parser(
        "traer",
        help="trae un ejercicio que llevó otro programa",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.add_argument("archivos", type=Path, nargs="+", metavar="ARCHIVO", help="XML de pólizas del SAT, o beancount")
    verb.add_argument("--contabilidad", required=True, type=int, metavar="ID", help="en cuál se registran")
    verb.add_argument("--usuario", required=True, metavar="NOMBRE", help="quién registra; debe capturar en ella")
    verb.add_argument("--cuentas", type=Path, metavar="ARCHIVO", help="qué cuenta de aquí es cada una de fuera")
    verb.add_argument("--aplicar", action="store_true", help="registra lo que no tiene error")
    verb.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Bring in; 0 if every file has no error (and was posted, if asked), 1 if one has, 2 if something is not there."""
    database.setup_django()
    from sif.registry.scope import everything
    from sif.values import Refused

    with everything():
        found, by, missing = books_and_person([args.contabilidad], args.usuario)
        if missing or by is None:
            return _fail(f"no existe {missing[0]}. Revise cómo se escribe.", 2)
        try:
            said = _accounts(args.cuentas) if args.cuentas else {}
            with everything(by.pk):
                return max([_bring(found[args.contabilidad], path, said, by, args.aplicar) for path in args.archivos])
        except OSError as error:
            if error.filename is None:  # not of a file: the person does not capture there
                return _fail(str(error), 1)
            return _fail(f"no se puede leer {error.filename}: {error.strerror}.", 2)
        except Refused as refused:
            tell_coded(refused.problems)
            return 1


def _fail(words: str, code: int) -> int:
    print(f"sif libros traer: {words}", file=sys.stderr)
    return code


def _accounts(path: Path) -> Mapping[str, str]:
    """Return what each external account is here, as a file of two columns says."""
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[0].strip(): row[1].strip() for row in csv.reader(file) if len(row) > 1}


def _bring(books: "Contabilidad", path: Path, said: Mapping[str, str], by: "Usuario", post: bool) -> int:
    """Bring in one file and tell how it stands; 1 if it has errors."""
    from sif.batch.conta import keep_conta, pending_accounts, put_equivalences, read_conta, set_equivalences
    from sif.batch.ledger_files import keep_ledger, read_ledger
    from sif.batch.selectors import bad_rows, counts_of
    from sif.batch.services import Recibido, apply_lote

    with path.open("rb") as file:
        xml = file.read(8).startswith(_XML)
    got = (keep_conta if xml else keep_ledger)(books, (path.name, pieces(path)), by)
    if not isinstance(got, Recibido):
        print(f"{path.name}: es un catálogo o una balanza; se comparan en la página, no traen pólizas.")
        return 0
    lote = got.lote
    (read_conta if xml else read_ledger)(lote, by)
    named = {row.externa for row in pending_accounts(lote)}
    if mine := {external: code for external, code in said.items() if external in named}:
        put_equivalences(lote, set_equivalences(lote, mine, by), by)
    counts = counts_of(lote)
    for row in bad_rows(lote):
        for problem in row.problemas:
            print(f"{path.name}, renglón {row.fila}, {problem['columna']}: {problem['mensaje']} {problem['cura']}")
    for account in pending_accounts(lote):
        if account.cuenta_id is None:
            print(f"{path.name}: falta decir qué cuenta de aquí es «{account.externa}» {account.nombre}".rstrip() + ".")
    print(f"{path.name}: {counts.cosas:,} pólizas, {counts.malas:,} con error, {counts.aplicadas:,} ya registradas.")
    if counts.malas:
        return 1
    if post and counts.aplicadas < counts.cosas:
        print(f"{path.name}: registradas {apply_lote(lote, by).cosas:,} (lote {lote.pk}).")
    return 0
