"""`sif informe`: prepare the report of a period, and present it signed with an e.firma on the officer's own machine."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers
from sif.commands.firmar import PASSWORD_VARIABLE, read_bytes, read_password, sign_all
from sif.signing.problems import SigningError

if TYPE_CHECKING:
    from sif.filing.models import Informe, Presentacion
    from sif.registry.models import Contabilidad, Periodo, Usuario

_EXAMPLE = """ejemplos:
  sif informe preparar --contabilidad 41201 --periodo 1
  sif informe preparar --contabilidad 41202 --periodo 1 --sin-movimientos
  sif informe preparar --contabilidad 41300 --periodo 4 --tipo IA
  sif informe presentar --contabilidad 41201 --periodo 1 --cer mi_efirma.cer --key mi_efirma.key
  sif informe anexos --contabilidad 41201 --periodo 1 --carpeta anexos
  sif informe raices --carpeta publicado

Preparar congela las cifras que dan las cuentas. El último trimestre de un ejercicio tiene dos informes, el suyo (IT) y
el del año (IA): --tipo dice cuál. Presentar las firma con la e.firma del Responsable de Finanzas y deja
en una carpeta acuse.json, acuse.pdf, informe.json, informe.pdf y los anexos. La contraseña se pregunta, o se toma de la
variable SIF_CONTRASENA o de --contrasena-archivo; ni ella ni la llave se guardan. «anexos» compara los de un informe
con lo que hoy dan los libros de su corte y sale con 1 si alguno sería distinto, que no es falta."""


class Unusable(ValueError):
    """An argument that names a missing record; the message gives the cure."""


def register(subparsers: Subparsers) -> None:
    """Add `sif informe` to the command."""
    parser = subparsers.add_parser(
        "informe",
        help="prepara y presenta el informe de un periodo",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO", required=True)
    prepare = verbs.add_parser("preparar", help="congela las cifras de un periodo en una versión del informe")
    present = verbs.add_parser("presentar", help="lo firma con e.firma, lo presenta y guarda su acuse")
    for verb in (prepare, present):
        verb.add_argument(
            "--sin-movimientos", action="store_true", help="declara que el periodo no tuvo movimiento alguno"
        )
    present.add_argument("--cer", required=True, type=Path, help="certificado .cer de la e.firma")
    present.add_argument("--key", required=True, type=Path, help="llave .key de la e.firma")
    present.add_argument("--contrasena-archivo", metavar="ARCHIVO", type=Path, help="primer renglón: la contraseña")
    annexes = verbs.add_parser(
        "anexos", help="guarda los anexos de un informe y los compara con los libros de su corte"
    )
    for verb in (prepare, present, annexes):
        verb.add_argument("--contabilidad", required=True, type=int, metavar="ID", help="número de la contabilidad")
        verb.add_argument("--periodo", required=True, type=int, metavar="N", help="número del periodo en su etapa")
        verb.add_argument(
            "--tipo", default="", metavar="CLAVE", help="clave del informe (IC, IT, IA…); sin ella, el del periodo"
        )
        verb.add_argument("--carpeta", type=Path, metavar="DIR", help="dónde dejar los archivos")
        verb.add_argument("--json", action="store_true", help="un solo objeto JSON en la salida")
    annexes.add_argument("--version", type=int, metavar="N", help="la versión; sin ella, la última")
    heads = verbs.add_parser("raices", help="publica la cabeza del registro de acuses y escribe raices.json")
    heads.add_argument("--carpeta", type=Path, default=Path(), metavar="DIR", help="dónde dejar raices.json")
    prepare.set_defaults(run=_guarded(_prepare))
    present.set_defaults(run=_guarded(_present))
    annexes.set_defaults(run=_guarded(_compare))
    heads.set_defaults(run=_guarded(_heads))


def _guarded(verb: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Return the verb with every book in sight; 1 when the act is refused, 2 when what was given cannot be used."""

    def run(args: argparse.Namespace) -> int:
        database.setup_django()
        from django.db import ProgrammingError

        from sif.filing.authority import AuthorityMissing
        from sif.registry.scope import everything
        from sif.values import Refused

        try:
            with everything():
                return verb(args)
        except (SigningError, AuthorityMissing, Unusable) as error:
            print(f"sif informe: {error}", file=sys.stderr)
        except Refused as refused:
            for found in refused.problems:
                print(f"sif informe: [{found.codigo}] {found.donde}: {found.mensaje} {found.cura}", file=sys.stderr)
            return 1
        except ProgrammingError as error:
            if "does not exist" not in str(error):
                raise
            print(
                "sif informe: la base de datos no tiene sus tablas al día. Ejecute antes: sif migrar", file=sys.stderr
            )
        except (EOFError, UnicodeDecodeError):
            print(f"sif informe: no llegó la contraseña. Escríbala, o use {PASSWORD_VARIABLE}.", file=sys.stderr)
        except OSError as error:
            print(f"sif informe: no se puede usar {error.filename}: {error.strerror}.", file=sys.stderr)
        return 2

    return run


def _target(args: argparse.Namespace) -> tuple["Contabilidad", "Periodo", "Usuario"]:
    """Return the books, the period and the Responsable de Finanzas who answers for them. Raises Unusable."""
    from sif.registry.models import Contabilidad
    from sif.registry.selectors import responsable_of

    books = (
        Contabilidad.objects.filter(pk=args.contabilidad)
        .select_related("sujeto", "etapa__proceso", "candidatura__persona", "candidatura__cargo")
        .first()
    )
    if books is None:
        raise Unusable(f"No hay una contabilidad {args.contabilidad}. Revise el número de seis cifras.")
    period = books.etapa.periodos.filter(numero=args.periodo).first()
    if period is None:
        numbers = books.etapa.periodos.order_by("numero").values_list("numero", flat=True)
        known = ", ".join(map(str, numbers)) or "ninguno"
        raise Unusable(f"La etapa no tiene un periodo {args.periodo}; los que tiene: {known}.")
    responsable = responsable_of(books.sujeto)
    if responsable is None:
        raise Unusable(f"{books.sujeto.nombre} no tiene Responsable de Finanzas; registre su nombramiento.")
    return books, period, responsable


def _prepare(args: argparse.Namespace) -> int:
    from sif.filing.services import informe_pdf, prepare_informe
    from sif.registry.scope import everything

    books, period, responsable = _target(args)
    with everything(responsable.pk):
        informe = prepare_informe(books, period, responsable, tipo=args.tipo, sin_movimientos=args.sin_movimientos)
    written = _write(args.carpeta, {"informe.pdf": informe_pdf(informe), **_content(informe)}) if args.carpeta else []
    _say(args, _shape(informe) | {"archivos": written}, f"Informe {informe.folio} preparado. {_figures(informe)}")
    return 0


def _present(args: argparse.Namespace) -> int:
    from sif.filing.sealing import sealed
    from sif.filing.services import acuse_of, acuse_pdf, informe_pdf
    from sif.signing.acuse import acuse_bytes

    act, is_new = _act(args)
    informe = act.informe
    files = {
        "acuse.json": acuse_bytes(acuse_of(act)),
        "acuse.pdf": sealed(acuse_pdf(act)),
        "informe.pdf": sealed(informe_pdf(informe)),
        **_content(informe),
    }
    folder = args.carpeta or Path(informe.folio)
    written = _write(folder, files)
    received = act.acuse["recibido_el"]
    said = "presentado" if is_new else "ya estaba presentado"
    text = f"Informe {informe.folio} {said}, recibido el {received}. {_figures(informe)} Acuse en {folder}."
    _say(args, _shape(informe) | {"recibido_el": received, "hoja": act.hoja, "archivos": written}, text)
    return 0


def _act(args: argparse.Namespace) -> tuple["Presentacion", bool]:
    """The presentation, new or the one that this stage already had; a key is read only if something is to be signed."""
    from sif.filing.owed import report_of
    from sif.filing.preparing import presented_in, stage_now
    from sif.filing.services import cadena_of, prepare_informe, present
    from sif.registry import clock

    books, period, responsable = _target(args)
    report = report_of(books, period, args.tipo)
    if report and (done := presented_in(books, period, stage_now(books, period), report.tipo)):
        return done.presentacion, False
    pair = (read_bytes(args.cer), read_bytes(args.key))
    password = read_password(args.contrasena_archivo)
    informe = prepare_informe(books, period, responsable, tipo=args.tipo, sin_movimientos=args.sin_movimientos)
    cert, sellos = sign_all([cadena_of(informe, pair[0])], pair, password, clock.now())
    return present(informe, cert.der, sellos[0], responsable), True


def _compare(args: argparse.Namespace) -> int:
    """Compare each annex with what the books, as they stood at the cut, give today; 1 unless all are equal."""
    from sif.filing.annexes import remade
    from sif.filing.owed import report_of
    from sif.filing.selectors import informes_of

    books, period, _responsable = _target(args)
    report = report_of(books, period, args.tipo)
    versions = informes_of(books, period, report.tipo) if report else None
    if versions is not None and args.version is not None:
        versions = versions.filter(version=args.version)
    informe = versions.first() if versions is not None else None
    if informe is None:
        raise Unusable("No hay un informe de ese tipo, periodo y versión. Prepárelo antes con «sif informe preparar».")
    written = _write(args.carpeta, _annexes(informe)) if args.carpeta else []
    found = [asdict(each) | {"igual": same} for each, same in remade(informe)]
    said = {
        True: "los libros de su corte lo dan igual",
        False: "lo registrado después lo daría distinto",
        None: "ya no se adjunta a ningún informe, y no se compara",
    }
    lines = [
        f"  {each['archivo']}, {each['renglones']} renglones, {each['sha256']}: " + said[each["igual"]]
        for each in found
    ]
    shape: dict[str, object] = {"folio": informe.folio, "anexos": found, "archivos": written}
    _say(args, shape, "\n".join([f"Informe {informe.folio}: {len(found)} anexos.", *lines]))
    return 0 if all(each["igual"] for each in found) else 1


def _heads(args: argparse.Namespace) -> int:
    from sif.filing.services import publish_head, raices

    head = publish_head()
    data = (json.dumps(raices(), ensure_ascii=False, indent=2) + "\n").encode()
    _write(args.carpeta, {"raices.json": data})
    covered = f"{head.tamano} acuses, raíz {head.raiz}" if head else "todavía no hay acuses"
    print(f"{args.carpeta / 'raices.json'}: {covered}.")
    return 0


def _content(informe: "Informe") -> dict[str, bytes]:
    """Return the content and its annexes under the names of the acuse, so that `sif acuse verificar` finds them."""
    from sif.filing.presenting import CONTENT_NAME
    from sif.signing.chain import canonical_json

    return {CONTENT_NAME: canonical_json(informe.contenido), **_annexes(informe)}


def _annexes(informe: "Informe") -> dict[str, bytes]:
    """Return the annexes of a version under their names. Raises FileChanged."""
    from sif.books.services import read_file
    from sif.filing.annexes import annexes_in

    return {each.archivo: read_file(each.sha256) for each in annexes_in(informe)}


def _write(folder: Path, files: dict[str, bytes]) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        partial = folder / f".{name}.parcial"
        partial.write_bytes(data)
        partial.replace(folder / name)
    return [str(folder / name) for name in files]


def _shape(informe: "Informe") -> dict[str, object]:
    from sif.values import Money

    return {
        "folio": informe.folio,
        "tipo": informe.tipo,
        "version": informe.version,
        "etapa": informe.etapa_captura,
        "ingresos": Money(informe.ingresos).plain(),
        "egresos": Money(informe.egresos).plain(),
        "contenido_sha256": informe.contenido_sha256,
    }


def _figures(informe: "Informe") -> str:
    from sif.values import Money

    return f"Ingresos ${Money(informe.ingresos)}, egresos ${Money(informe.egresos)}."


def _say(args: argparse.Namespace, shape: dict[str, object], text: str) -> None:
    print(json.dumps(shape, ensure_ascii=False) if args.json else text)
