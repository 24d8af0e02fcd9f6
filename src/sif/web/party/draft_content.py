"""Keep a póliza as typed in its draft."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from sif.books.models import Borrador
from sif.books.services import Proposal
from sif.law.chart import Account
from sif.ledger import NewLine
from sif.values import InvalidMoney, Money, read_amount
from sif.web.party.auxiliaries import Key, names_of

HEADER = ("ventana", "subtipo", "clase", "fecha", "concepto")
LINE = ("cuenta", "auxiliar", "concepto", "cargo", "abono")
PAYMENT = ("medio", "fecha", "monto", "proveedor")
GIFT = ("aportante", "calidad", "medio", "fecha", "folio", "monto")
KEPT = ("razon", "corrige", "separado_de")
"""What a draft holds and no form changes: why it was proposed, which póliza it corrects, from which it was parted."""
MAX_LINES = 200
Content = dict[str, Any]


def blank(window: str = "") -> Content:
    """Return a póliza with nothing typed: two empty lines, today's kind of window."""
    header = {"ventana": window, "subtipo": "EG", "clase": "ordinaria", "fecha": "", "concepto": ""}
    return {**header, "lineas": [blank_line(), blank_line()], "pago": {}, "aportacion": {}, "evidencias": []}


def blank_line() -> dict[str, str]:
    """Return a line with nothing typed."""
    return dict.fromkeys(LINE, "")


def typed(post: Mapping[str, str], before: Content) -> Content:
    """Parse the form of a draft; the attached files and the reason of a proposal come from the earlier draft alone."""
    lines = []
    for number in range(1, MAX_LINES + 1):
        if f"cuenta_{number}" not in post:
            break
        lines.append({name: post.get(f"{name}_{number}", "")[:300] for name in LINE})
    return {
        **{name: post.get(name, "")[:500] for name in HEADER},
        "lineas": lines or [blank_line(), blank_line()],
        "pago": {name: post.get(f"pago_{name}", "")[:200] for name in PAYMENT},
        "aportacion": {name: post.get(f"aportacion_{name}", "")[:200] for name in GIFT},
        "evidencias": before.get("evidencias", []),
        **{name: before[name] for name in KEPT if name in before},
    }


def amount_of(text: str) -> Money:
    """Return the amount typed, zero for nothing or for what cannot be read."""
    try:
        return read_amount(text)
    except InvalidMoney:
        return Money(0)


def tidy(text: str) -> str:
    """Return the amount as it is shown again: 1234.5 becomes 1,234.50; what cannot be read stays as typed."""
    try:
        return str(Money.parse(text)).replace("−", "-") if text.strip() else ""
    except InvalidMoney:
        return text


def sums(content: Content) -> tuple[Money, Money]:
    """Debits and credits typed so far."""
    return (
        Money(sum(amount_of(line["cargo"]).centavos for line in content["lineas"])),
        Money(sum(amount_of(line["abono"]).centavos for line in content["lineas"])),
    )


def from_proposal(proposal: Proposal, only: str = "") -> Content:
    """Return the draft that a proposal opens with: nothing in it is posted until a person does.

    only: the window to begin in where the day of the proposal falls in none, as when there is but one.
    """
    poliza = proposal.poliza
    named: list[Key] = [(line.auxiliar_tipo, line.auxiliar_id) for line in poliza.lineas]
    names = names_of([*named, *(("proveedor", paid.proveedor_id) for paid in proposal.soporte.pagos)])
    files = [{"clase": e.clase, "nombre": e.nombre, "sha256": e.sha256} for e in proposal.soporte.evidencias]
    return {
        **blank(f"{poliza.periodo_id}:{poliza.tipo}" if poliza.periodo_id else only),
        "subtipo": poliza.subtipo,
        "clase": poliza.clase,
        "fecha": f"{poliza.fecha_operacion:%d/%m/%Y}",
        "concepto": poliza.concepto,
        "lineas": [line_of(line, names) for line in poliza.lineas],
        "evidencias": files,
        "razon": proposal.razon,
        "pago": _payment(proposal, names),
    }


def line_of(line: NewLine, names: Mapping[Key, str]) -> dict[str, str]:
    """Return a line as a person would type it; `names`: words of each auxiliary."""
    auxiliary = names.get((line.auxiliar_tipo, line.auxiliar_id), "") if line.auxiliar_tipo else ""
    return {
        "cuenta": line.cuenta,
        "auxiliar": auxiliary,
        "concepto": line.concepto,
        "cargo": tidy(line.cargo.plain()) if line.cargo else "",
        "abono": tidy(line.abono.plain()) if line.abono else "",
    }


def _payment(proposal: Proposal, names: Mapping[Key, str]) -> dict[str, str]:
    if not proposal.soporte.pagos:
        return {}
    paid = proposal.soporte.pagos[0]
    return {
        "medio": paid.medio,
        "fecha": f"{paid.fecha:%d/%m/%Y}",
        "monto": tidy(paid.monto.plain()),
        "proveedor": names.get(("proveedor", paid.proveedor_id or 0), ""),
    }


def with_supplier(content: Content, chart: Mapping[str, Account], words: str) -> Content:
    """Return the draft with a supplier, by the words of a line, wherever one is asked for and none was typed."""
    lines = [
        {**line, "auxiliar": words} if not line["auxiliar"] and _asks_supplier(line["cuenta"], chart) else line
        for line in content["lineas"]
    ]
    paid = content.get("pago", {})
    paid = {**paid, "proveedor": words} if paid.get("monto") and not paid.get("proveedor") else paid
    return {**content, "lineas": lines, "pago": paid}


def _asks_supplier(code: str, chart: Mapping[str, Account]) -> bool:
    account = chart.get(code)
    return account is not None and account.auxiliar == "proveedor"


def is_blank(content: Content) -> bool:
    """Return whether nobody has typed anything in it yet."""
    typed_words = [content.get(name, "") for name in ("fecha", "concepto")]
    typed_words += [value for line in content.get("lineas", []) for value in line.values()]
    return not any(typed_words) and not content.get("evidencias")


def draft_url(draft: Borrador) -> str:
    """Return the address of a draft."""
    return reverse("party:borrador", args=[draft.contabilidad_id, draft.pk])
