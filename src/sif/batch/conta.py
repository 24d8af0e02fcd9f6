"""Import SAT's contabilidad electrónica: pólizas as a lot; catálogo and balanza as a comparison."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sif.batch.cells import Cells, read_cell
from sif.batch.conta_files import read_accounts, read_balances, read_document, read_polizas
from sif.batch.files import kept, stored_file
from sif.batch.kinds import POLIZAS, Columna
from sif.batch.models import EquivalenciaCuenta, FilaLote, Lote
from sif.batch.polizas import Fila
from sif.batch.sat import CuentaSat, DocumentoSat, PolizaSat, SaldoSat, TransaccionSat
from sif.batch.selectors import applied_keys
from sif.batch.services import Progress, Recibido, counted, fill_lote, lock_lote, must_capture, open_lote, review_lote
from sif.books.accounts import cash_beginnings
from sif.books.models import Cuenta
from sif.books.receptor import rfcs_of
from sif.books.selectors import accounts_of, balanza
from sif.books.services import Handed
from sif.law.chart import Account
from sif.registry import clock
from sif.registry.models import Contabilidad, Periodo, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import windows_open
from sif.values import Money, Problem, Refused, Unread, read_iso_day, refusal

SAT = "sat"
"""The origin of a lot that came as SAT's XML."""
_ACCOUNT = Columna("cuenta", "cuenta", "")


@dataclass(frozen=True, slots=True)
class Comparada:
    """An account of the file beside ours. Amounts are None in a catalogue; `iguales` says that nothing differs."""

    externa: str
    nombre: str
    cuenta: str
    nombre_cuenta: str
    archivo: tuple[Money, Money, Money] | None = None
    libros: tuple[Money, Money, Money] | None = None

    @property
    def iguales(self) -> bool:
        """Return whether the file and the books agree on the account."""
        return bool(self.cuenta and self.externa) and self.archivo == self.libros


@dataclass(frozen=True, slots=True)
class Comparacion:
    """A catálogo or a balanza of the file beside the books; the rows that differ come first."""

    documento: DocumentoSat
    filas: tuple[Comparada, ...]


def keep_conta(contabilidad: Contabilidad, archivo: tuple[str, Iterable[bytes]], by: Usuario) -> Recibido | Comparacion:
    """Keep pólizas as a lot that is still to be read, by `read_conta`; compare a catálogo or a balanza with the books.

    Raises Refused, PermissionError.
    """
    must_capture(contabilidad, by)
    name, chunks = archivo
    with kept(chunks, Handed(contabilidad, by)) as file:
        if file.forma != "xml":
            raise refusal("tipo", "archivo", "No es un XML.", "Las plantillas se cargan en «Carga por lotes».")
        document = read_document(file.path)
        own = rfcs_of([contabilidad.sujeto])[contabilidad.sujeto_id]
        if own and document.rfc not in own:
            told = f"El archivo es de {document.rfc} y este sujeto es {' o '.join(own)}."
            raise refusal("ajeno", "raíz, RFC", told, "Cargue el suyo.")
        if document.clase == "catalogo":
            return _compare_chart(contabilidad, document, read_accounts(file.path, document))
        if document.clase == "balanza":
            return _compare_balances(contabilidad, document, read_balances(file.path, document))
        return Recibido(*open_lote(contabilidad, POLIZAS, by, nombre=name, guardado=file, origen=SAT))


def read_conta(lote: Lote, by: Usuario, *, progress: Progress | None = None) -> None:
    """Read and review the pólizas of a kept XML; nothing is done to a lot that was. Raises Refused."""
    read_kept(lote, by, PolizaRows, lambda path: read_polizas(path, read_document(path)), progress)


def read_kept(
    lote: Lote,
    by: Usuario,
    reader_of: "type[PolizaRows]",
    polizas_of: Callable[[Path], Iterable[PolizaSat]],
    progress: Progress | None,
) -> None:
    """Read and review a lot from its kept file, by whoever reads its pólizas and makes rows of them. Raises Refused."""
    must_capture(lote.contabilidad, by)
    if lote.estado != Lote.Estado.RECIBIDO:
        return
    with stored_file(lote.sha256) as chunks, kept(chunks, Handed(lote.contabilidad, by)) as file, acting():
        reader = reader_of(lote.contabilidad)
        fill_lote(lote, counted(reader.rows(polizas_of(file.path)), progress), by)
        reader.remember()


class PolizaRows:
    """Turns the pólizas of a file into rows of a lot of these books."""

    def __init__(self, contabilidad: Contabilidad) -> None:
        self.books = contabilidad
        self.accounts = accounts_of(contabilidad)
        self.known = equivalences(contabilidad)
        self.unknown: dict[str, str] = {}
        self.periods: list[Periodo] = list(contabilidad.etapa.periodos.all())
        self.windows = {window.periodo_id: window.tipo for window in reversed(windows_open(contabilidad))}

    def rows(self, polizas: Iterable[PolizaSat]) -> Iterator[Fila]:
        """Yield the rows, numbered from 1 as the transactions of the file."""
        number = 0
        for each in polizas:
            header = self._header(each)
            for place, line in enumerate(each.transacciones, 1):
                number += 1
                problems = [*_left_out(line), *(self._outside(each) if place == 1 else ())]
                yield Fila(number, each.numero.upper(), self.cells_of(header, line, place), problems)

    def _outside(self, each: PolizaSat) -> Iterator[Problem]:
        """Tell a day that these books do not have."""
        day = _day(each.fecha)
        if day is not None and not any(period.desde <= day <= period.hasta for period in self.periods):
            yield Problem(
                "fecha_fuera",
                "fecha_operacion",
                f"El {day:%d/%m/%Y} no cae en el ejercicio de estos libros.",
                "Cárguela en los de su ejercicio, o corrija la fecha.",
            )

    def _header(self, each: PolizaSat) -> Cells:
        day = _day(each.fecha)
        period = next((p for p in self.periods if day and p.desde <= day <= p.hasta), None)
        return {
            "poliza_tmp": each.numero,
            "periodo": str(period.numero) if period else "",
            "tipo": self.windows.get(period.pk, "normal") if period else "normal",
            "subtipo": self._subtype(each),
            "fecha_operacion": each.fecha,
            "descripcion": each.concepto,
        }

    def _subtype(self, each: PolizaSat) -> str:
        """Money in, money out, or neither: SAT's format does not say it."""
        in_hand = cash_beginnings()
        money = [line for line in each.transacciones if self._account(line.cuenta).startswith(in_hand)]
        if any(line.debe for line in money) == any(line.haber for line in money):
            return "DR"
        return "IG" if any(line.debe for line in money) else "EG"

    def _account(self, external: str) -> str:
        return account_for(external, self.accounts, self.known)

    def cells_of(self, header: Cells, line: TransaccionSat, place: int) -> Cells:
        """Return the cells of one line of a póliza, with the account of ours where it is known."""
        code = self._account(line.cuenta)
        if not code:
            self.unknown.setdefault(line.cuenta, line.nombre)
        cells = {
            **header,
            "linea": str(place),
            "cuenta": code or line.cuenta,
            "concepto": line.concepto,
            "cargo": line.debe.plain() if line.debe else "",
            "abono": line.haber.plain() if line.haber else "",
            "uuid_cfdi": line.uuids[0] if line.uuids else "",
            "cuenta_externa": line.cuenta,
            "tercero": line.rfc,
            "clabe": line.clabe,
        }
        return complete(cells, self.accounts)

    def remember(self) -> None:
        """Keep the accounts that nobody has said an equivalent of, so that they can be asked."""
        EquivalenciaCuenta.objects.bulk_create(
            (
                EquivalenciaCuenta(contabilidad=self.books, externa=external[:100], nombre=name[:200])
                for external, name in self.unknown.items()
            ),
            ignore_conflicts=True,
        )


def _left_out(line: TransaccionSat) -> Iterator[Problem]:
    if len(line.uuids) > 1:
        yield Problem(
            "varios_cfdi",
            "uuid_cfdi",
            f"La transacción ampara {len(line.uuids)} CFDI y una línea lleva uno.",
            "Guarde la fila para usar el primero, y registre los demás en su propia póliza.",
        )


def _day(text: str) -> date | None:
    try:
        return read_iso_day(text)
    except ValueError:
        return None


def complete(cells: Cells, accounts: Mapping[str, Account]) -> Cells:
    """Return the cells with the auxiliary that their account asks for, if the file says it."""
    account = accounts.get(cells.get("cuenta", ""))
    kind = account.auxiliar if account else ""
    said = {"proveedor": "tercero", "persona": "tercero", "aportante": "tercero", "cuenta_bancaria": "clabe"}.get(kind)
    named = (cells.get(said, "") if said else "") or cells.get("clave", "")
    if kind and named and not cells.get("auxiliar_id"):
        cells = {**cells, "auxiliar_tipo": kind, "auxiliar_id": named}
    return {name: text for name, text in cells.items() if text}


def account_for(external: str, accounts: Mapping[str, Account], known: Mapping[str, str]) -> str:
    """The account of ours that an external one stands for: the one said, or the one with its code; '' if neither."""
    if external in known:
        return known[external]
    try:
        code = str(read_cell(_ACCOUNT, external) or "")
    except Unread:
        return ""
    return code if code in accounts else ""


def equivalences(contabilidad: Contabilidad) -> dict[str, str]:
    """Return the external accounts of some books that have an equivalent, and which."""
    rows = EquivalenciaCuenta.objects.filter(contabilidad=contabilidad, cuenta__isnull=False)
    return {row.externa: str(row.cuenta_id) for row in rows}


def set_equivalences(lote: Lote, said: Mapping[str, str], by: Usuario) -> list[int]:
    """Keep which account of ours each external one stands for; `put_equivalences` puts it in the rows of the lot.

    Returns the numbers of what was kept. Raises Refused.
    """
    must_capture(lote.contabilidad, by)
    accounts = accounts_of(lote.contabilidad)
    wrong = [
        Problem("cuenta", external, f"«{code}» no es una cuenta de último nivel.", "Elíjala de la lista.")
        for external, code in said.items()
        if code not in accounts or not accounts[code].capturable
    ]
    if wrong:
        raise Refused(*wrong)
    with acting():
        return [
            EquivalenciaCuenta.objects.update_or_create(
                contabilidad=lote.contabilidad,
                externa=external,
                defaults={"cuenta": Cuenta.objects.get(pk=code), "fijada_el": clock.now(), "fijada_por": by},
            )[0].pk
            for external, code in said.items()
        ]


def put_equivalences(lote: Lote, numbers: Iterable[int], by: Usuario) -> None:
    """Put these equivalences in the rows of a lot and review it again. Raises Refused, PermissionError."""
    accounts = accounts_of(lote.contabilidad)
    with acting():
        pending = FilaLote.objects.filter(lote=lock_lote(lote)).exclude(clave__in=applied_keys(lote))
        for each in EquivalenciaCuenta.objects.filter(contabilidad=lote.contabilidad, pk__in=list(numbers)):
            for row in pending.filter(celdas__cuenta_externa=each.externa):
                changed = {**row.celdas, "cuenta": str(each.cuenta_id)}
                if row.original is None:
                    row.original = row.celdas
                row.celdas = complete({k: v for k, v in changed.items() if k not in _AUXILIARY}, accounts)
                row.save(update_fields=["celdas", "original"])
        review_lote(lote, by)


_AUXILIARY = ("auxiliar_tipo", "auxiliar_id")


def pending_accounts(lote: Lote) -> list[EquivalenciaCuenta]:
    """Return the external accounts that a lot names, those without an equivalent first."""
    named = set(FilaLote.objects.filter(lote=lote).values_list("celdas__cuenta_externa", flat=True).distinct())
    rows = EquivalenciaCuenta.objects.filter(contabilidad=lote.contabilidad, externa__in=[n for n in named if n])
    return sorted(rows, key=lambda row: (row.cuenta_id is not None, row.externa))


def _compare_chart(books: Contabilidad, document: DocumentoSat, rows: Iterable[CuentaSat]) -> Comparacion:
    accounts, known = accounts_of(books), equivalences(books)
    found = [
        Comparada(row.numero, row.nombre, code, accounts[code].nombre if code in accounts else "")
        for row in rows
        for code in [account_for(row.numero, accounts, known)]
    ]
    told = {row.cuenta for row in found}
    ours = [Comparada("", "", row.cuenta, row.nombre) for row in balanza(books.pk) if row.cuenta not in told]
    return Comparacion(document, tuple(sorted([*found, *ours], key=lambda row: row.iguales)))


def _compare_balances(books: Contabilidad, document: DocumentoSat, rows: Iterable[SaldoSat]) -> Comparacion:
    accounts, known = accounts_of(books), equivalences(books)
    month = min(document.mes, 12)
    last = date(document.anio, month, monthrange(document.anio, month)[1])
    in_month = balanza(books.pk, desde=date(document.anio, month, 1), hasta=last)
    all_time = balanza(books.pk, hasta=last)

    def ours(code: str) -> tuple[Money, Money, Money]:
        prefix, sign = accounts[code].prefix, 1 if accounts[code].naturaleza == "D" else -1
        moved = [row for row in in_month if row.cuenta.startswith(prefix)]
        stood = [row for row in all_time if row.cuenta.startswith(prefix)]
        balance = sum(row.cargos.centavos - row.abonos.centavos for row in stood) * sign
        return (
            Money(sum(row.cargos.centavos for row in moved)),
            Money(sum(row.abonos.centavos for row in moved)),
            Money(balance),
        )

    found = [
        Comparada(
            row.numero,
            "",
            code,
            accounts[code].nombre if code else "",
            (row.debe, row.haber, row.final),
            ours(code) if code else None,
        )
        for row in rows
        for code in [account_for(row.numero, accounts, known)]
    ]
    told = {row.cuenta for row in found}
    missing = [
        Comparada("", "", row.cuenta, row.nombre, None, ours(row.cuenta)) for row in all_time if row.cuenta not in told
    ]
    return Comparacion(document, tuple(sorted([*found, *missing], key=lambda row: row.iguales)))
