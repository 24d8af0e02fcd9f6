"""What the page of capture shows beside the grid: sums, evidence asked for, preflight, and the list of drafts."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from sif.books.models import Borrador, ClaseEvidencia, CuentaEvidencia
from sif.books.selectors import spent_against_cap
from sif.books.services.revision import Desk, review
from sif.law.chart import load_chart
from sif.law.parameters import value_on
from sif.ledger import NewPoliza
from sif.registry.selectors import windows_open
from sif.values import Money, Problem
from sif.web.frame import Crumb
from sif.web.party.auxiliaries import auxiliaries_of
from sif.web.party.capture_form import CaptureForm
from sif.web.party.mesa import Mesa, books_crumb, books_name
from sif.web.party.typed import draft_url, sums
from sif.web.party.understood import Understood, Unreadable, account_of, day_of
from sif.web.tables import Column, Empty, Row, Table, Thing


def context(mesa: Mesa, row: Borrador, meant: Understood, problems: list[Problem], *, checked: bool) -> dict[str, Any]:
    """Everything the template of a draft needs; `checked`: the person asked what is wrong."""
    if checked and not problems:
        problems = meant.problemas or _review(mesa, row, meant)
    books = row.contabilidad
    form = CaptureForm(row.contenido, windows_open(books), meant.nombres)
    general = form.tell(problems)
    debits, credits = sums(row.contenido)
    names = dict(ClaseEvidencia.objects.values_list("pk", "nombre"))
    return {
        "frame": mesa.frame("polizas", books_crumb(books), Crumb(_("Póliza nueva")), etapa=books.etapa),
        "borrador": row, "form": form,
        "filas": form.rows(), "generales": general, "hay_problemas": bool(problems), "cargos": debits,
        "abonos": credits, "diferencia": Money(abs((debits - credits).centavos)), "por_abonar": debits > credits,
        "comprobado": checked and not problems, "nombre": books_name(books), "tarde": _days_late(mesa, row),
        "cuentas": [a for a in load_chart(settings.JURISDICTION).values() if a.capturable],
        "auxiliares": auxiliaries_of(books), "clases": sorted(names.items(), key=lambda pair: pair[1]),
        "evidencias": [(e, names.get(e["clase"], e["clase"])) for e in row.contenido["evidencias"]],
        "piden": _asked(row, names), "llega": _reach(row, meant), "razon": row.contenido.get("razon", ""),
        "problemas_cfdi": _invoice_problems(row),
    }  # fmt: skip


def _review(mesa: Mesa, row: Borrador, meant: Understood) -> list[Problem]:
    assert meant.poliza is not None
    return review(Desk(row.contabilidad, mesa.usuario, mesa.ahora), meant.poliza, meant.soporte)


def _invoice_problems(row: Borrador) -> list[Problem]:
    if row.comprobante is None:
        return []
    received = row.contabilidad.recepciones.filter(comprobante=row.comprobante).first()
    return [Problem(**problem) for problem in received.problemas] if received else []


def _days_late(mesa: Mesa, row: Borrador) -> int:
    """How many days after its term the operation would be registered today [RF 38.1]; 0 in time or without a date."""
    try:
        day = day_of(row.contenido["fecha"])
        limit = value_on("plazo_registro_dias", day)
    except (Unreadable, LookupError, ValueError):
        return 0
    return max(0, (mesa.ahora.date() - day).days - limit)


def _accounts(row: Borrador) -> list[str]:
    chart = load_chart(settings.JURISDICTION)
    found = []
    for line in row.contenido["lineas"]:
        try:
            found.append(account_of(line["cuenta"], chart).codigo)
        except Unreadable:
            continue
    return found


def _asked(row: Borrador, names: dict[str, str]) -> list[tuple[str, str]]:
    """Evidence that the accounts touched ask for and that is not attached: its name and the account."""
    held = {evidence["clase"] for evidence in row.contenido["evidencias"]}
    try:
        day = day_of(row.contenido["fecha"])
    except Unreadable:
        return []
    asked = CuentaEvidencia.objects.filter(
        cuenta__in=_accounts(row), obligatoria=True, desde__lte=day, hasta__gt=day
    ).values_list("clase_id", "cuenta_id")
    missing: dict[str, str] = {}
    for clase, cuenta in asked:
        if clase not in held:
            missing.setdefault(clase, cuenta)
    return [(names.get(clase, clase), cuenta) for clase, cuenta in sorted(missing.items())]


def _reach(row: Borrador, meant: Understood) -> tuple[Money, Money] | None:
    """(spent with this póliza, cap) of its books, when both are known."""
    if meant.poliza is None:
        return None
    spent = spent_against_cap([row.contabilidad])[row.contabilidad_id]
    return (spent.egresos + _expense(meant.poliza), spent.tope) if spent.tope else None


def _expense(poliza: NewPoliza) -> Money:
    chart = load_chart(settings.JURISDICTION)
    lines = [line for line in poliza.lineas if line.cuenta in chart and chart[line.cuenta].es_gasto]
    return Money(sum(line.cargo.centavos - line.abono.centavos for line in lines))


def drafts_table(rows: Iterable[Borrador]) -> Table:
    """Drafts, the last saved first."""
    columns = (
        Column("borrador", _("Borrador"), "cosa"),
        Column("contabilidad", _("Contabilidad"), "clave"),
        Column("monto", _("Cargos"), "dinero"),
        Column("guardado", _("Guardado"), "momento"),
        Column("quien", _("Por")),
    )
    drawn = [
        Row(
            {
                "borrador": Thing(
                    row.contenido.get("concepto") or _("Sin concepto"), draft_url(row),
                    debajo=row.comprobante.emisor_nombre if row.comprobante else "",
                ),
                "contabilidad": str(row.contabilidad_id), "monto": sums(row.contenido)[0],
                "guardado": row.guardado_el, "quien": row.guardado_por.nombre,
            }
        )
        for row in rows
    ]  # fmt: skip
    return Table(
        _("Borradores"), columns, drawn, vacia=Empty(_("No hay borradores."), _("Lo que se escribe se guarda aquí."))
    )
