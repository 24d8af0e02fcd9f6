"""Interpret a typed póliza: one that can be posted, or every problem with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from sif.books.models import Comprobante
from sif.books.services import NewAportacion, NewEvidencia, NewPago, Support
from sif.law.chart import Account, account_code
from sif.ledger import NewLine, NewPoliza
from sif.ledger.poliza import AUXILIARIES, KINDS
from sif.registry.models import Contabilidad
from sif.registry.selectors import Reach
from sif.values import InvalidMoney, Money, Problem, Unread, read_amount, read_day
from sif.web.goto import plain
from sif.web.party.auxiliaries import Auxiliary, match
from sif.web.party.draft_content import LINE, Content


@dataclass
class Understood:
    """The parsed draft: its póliza and support where there are no problems, and the words below each line."""

    poliza: NewPoliza | None = None
    soporte: Support = field(default_factory=Support)
    problemas: list[Problem] = field(default_factory=list)
    nombres: dict[str, str] = field(default_factory=dict)


@dataclass
class Reader:
    """Reads the values of one draft, keeping each problem with its place."""

    books: Contabilidad
    accounts: Mapping[str, Account]
    reach: Reach
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    met: dict[tuple[str, str], list[Auxiliary]] = field(default_factory=dict)

    def refuse(self, code: str, place: str, seen: str, cure: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, place, seen, cure))

    def day(self, text: str, place: str) -> date:
        """Return a day typed as dd/mm/aaaa or ISO; the first of all days when it cannot be read."""
        try:
            return day_of(text)
        except Unread as wrong:
            self.problems.append(wrong.at(place, "fecha"))
            return date.min

    def money(self, text: str, place: str) -> Money:
        """Return an amount; zero for an empty one."""
        try:
            return read_amount(text)
        except InvalidMoney as wrong:
            self.problems.append(wrong.at(place))
            return Money(0)

    def auxiliary(self, text: str, kind: str, place: str) -> int | None:
        """Return the number of the auxiliary of a kind that the text means, if only one is meant."""
        if (kind, text) not in self.met:  # a supplier is named in several lines of a póliza
            self.met[kind, text] = match(self.books, kind, text, self.reach)
        found = self.met[kind, text]
        if len(found) == 1:
            self.names[place] = found[0].nombre
            return found[0].numero
        if not found:
            self.refuse(
                "auxiliar",
                place,
                _("«%(seen)s» no está en el catálogo de %(kind)s.")
                % {"seen": text, "kind": _(AUXILIARIES[kind]).lower()},
                _("Elíjalo de la lista por su clave o su nombre."),
            )
        else:
            few = "; ".join(each.words for each in found[:4])
            seen = _("«%(seen)s» puede ser varios: %(few)s.") % {"seen": text, "few": few}
            self.refuse("auxiliar", place, seen, _("Escriba su clave."))
        return None


def day_of(text: str) -> date:
    """Return a day typed as 18/05/2026 or 2026-05-18. Raises Unread."""
    seen = text.strip()
    try:
        return read_day(seen)
    except Unread as wrong:
        words = _("«%(seen)s» no es una fecha.") % {"seen": seen} if seen else _("Falta la fecha.")
        raise Unread(words, _("Escriba día/mes/año, por ejemplo 18/05/2026.")) from wrong


def account_of(text: str, accounts: Mapping[str, Account]) -> Account:
    """Return the account typed by its code, with or without dashes, or by words of its name. Raises Unread."""
    seen = text.strip()
    if whole := account_code(seen):
        if whole in accounts:
            return accounts[whole]
        raise Unread(_("La cuenta «%(code)s» no está en el catálogo.") % {"code": whole}, _("Búsquela por nombre."))
    wanted = plain(seen)
    if not wanted:
        raise Unread(_("Falta la cuenta."), _("Escriba su código o palabras de su nombre."))
    usable = [account for account in accounts.values() if account.capturable]
    found = [a for a in usable if plain(a.nombre) == wanted] or [a for a in usable if wanted in plain(a.nombre)]
    found = found or [a for a in usable if all(word in plain(a.nombre) for word in wanted.split())]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Unread(_("Ninguna cuenta se llama «%(seen)s».") % {"seen": seen}, _("Elíjala de la lista."))
    few = "; ".join(f"{account.codigo} {account.nombre}" for account in found[:4])
    raise Unread(_("«%(seen)s» puede ser: %(few)s.") % {"seen": seen, "few": few}, _("Escriba el código."))


def understand(content: Content, reader: Reader, comprobante: Comprobante | None) -> Understood:
    """Read a draft whole. A póliza comes back only when every typed value was understood."""
    period, _sep, kind = content["ventana"].partition(":")
    if not (period.isdecimal() and len(period) < 10 and kind in KINDS):
        reader.refuse("periodo", "periodo", _("Falta en qué periodo se registra."), _("Elija uno de los abiertos."))
    day = reader.day(content["fecha"], "fecha de operación")
    lines = tuple(_lines(content, reader))
    support = _support(content, reader, comprobante)
    if reader.problems:
        return Understood(None, support, reader.problems, reader.names)
    poliza = NewPoliza(
        reader.books.pk,
        int(period),
        kind,
        content["subtipo"],
        day,
        content["concepto"].strip(),
        lines,
        clase=content["clase"] or "ordinaria",
    )
    return Understood(poliza, support, reader.problems, reader.names)


def _lines(content: Content, reader: Reader) -> Iterator[NewLine]:
    for number, line in enumerate(content["lineas"], 1):
        if any(line[name].strip() for name in LINE):
            yield _line(line, number, reader)


def _line(line: Mapping[str, str], number: int, reader: Reader) -> NewLine:
    place = f"línea {number}"
    account: Account | None = None
    try:
        account = account_of(line["cuenta"], reader.accounts)
        reader.names[f"{place}, cuenta"] = account.nombre
    except Unread as wrong:
        reader.problems.append(wrong.at(f"{place}, cuenta", "cuenta"))
    kind, found = "", None
    if account and line["auxiliar"].strip():
        kind = account.auxiliar
        if kind:
            found = reader.auxiliary(line["auxiliar"], kind, f"{place}, auxiliar")
        else:
            seen = _("La cuenta «%(name)s» no lleva auxiliar.") % {"name": account.nombre}
            reader.refuse("auxiliar", f"{place}, auxiliar", seen, _("Deje vacío el auxiliar."))
    return NewLine(
        account.codigo if account else "",
        reader.money(line["cargo"], f"{place}, cargo"),
        reader.money(line["abono"], f"{place}, abono"),
        line["concepto"].strip(),
        kind,
        found,
    )


def _support(content: Content, reader: Reader, comprobante: Comprobante | None) -> Support:
    used = ((comprobante.pk, Money(comprobante.total)),) if comprobante else ()
    files = tuple(NewEvidencia(e["clase"], e["nombre"], e["sha256"]) for e in content["evidencias"])
    return Support(used, tuple(_payment(content, reader)), tuple(_gift(content, reader)), files)


def _payment(content: Content, reader: Reader) -> Iterator[NewPago]:
    paid = content.get("pago") or {}
    if not paid.get("monto", "").strip():
        return
    supplier = None
    if paid["proveedor"].strip():
        supplier = reader.auxiliary(paid["proveedor"], "proveedor", "pago, proveedor")
    yield NewPago(
        supplier,
        paid["medio"] or "transferencia",
        reader.day(paid["fecha"], "pago, fecha"),
        reader.money(paid["monto"], "pago, monto"),
    )


def _gift(content: Content, reader: Reader) -> Iterator[NewAportacion]:
    gift = content.get("aportacion") or {}
    if not gift.get("monto", "").strip():
        return
    if not gift["folio"].strip():
        reader.refuse("folio", "aportación, folio", _("Falta el folio del recibo."), _("Escríbalo como está impreso."))
    donor = reader.auxiliary(gift["aportante"], "aportante", "aportación, aportante")
    yield NewAportacion(
        donor or 0,
        gift["calidad"] or "simpatizante",
        gift["medio"] or "transferencia",
        reader.day(gift["fecha"], "aportación, fecha"),
        gift["folio"].strip(),
        reader.money(gift["monto"], "aportación, monto"),
    )
