"""Build the context of the capture page, and the list of drafts."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from sif.books.folios import attached, attached_to
from sif.books.models import Borrador, Plantilla, Poliza, Recepcion
from sif.books.services.posting_checks import Desk, review
from sif.law.chart import Account
from sif.registry.models import Contabilidad
from sif.registry.selectors import contabilidades_of
from sif.values import Problem
from sif.web.columns import Column, panel
from sif.web.frame import Crumb
from sif.web.party.auxiliaries import Auxiliary, find
from sif.web.party.captura.aside import aside, chart_data, spans, touched
from sif.web.party.captura.conflicts import other_of
from sif.web.party.captura.draft_form import CaptureForm
from sif.web.party.draft_content import draft_url, sums
from sif.web.party.draft_parser import Understood
from sif.web.party.invoice_supplier import unregistered
from sif.web.party.mesa import Mesa, books_crumb, books_name
from sif.web.tables import Empty, Table, Thing


def context(
    mesa: Mesa, row: Borrador, meant: Understood, problems: list[Problem], *, checked: bool
) -> dict[str, object]:
    """Return the context of the template of a draft.

    checked: the person asked for the problems of the draft.
    """
    if checked and not problems:
        problems = meant.problemas or _review(mesa, row, meant)
    books, chart = row.contabilidad, mesa.chart(row.contabilidad)
    windows = mesa.windows(books)
    form = CaptureForm(row.contenido, windows, meant.nombres)
    general, received = form.tell(problems), _received(row)
    said = [each for invoice in received for each in invoice.problemas]
    return {
        **aside(mesa, row, meant),
        "frame": mesa.frame("polizas", books_crumb(books), Crumb(_("Póliza nueva")), etapa=books.etapa),
        "form": form,
        "filas": form.rows(),
        "generales": general,
        "hay_problemas": bool(problems),
        "comprobado": checked and not problems,
        "nombre": books_name(books),
        "cuentas": _accounts(chart),
        "auxiliares": _listed(mesa, row, chart),
        "catalogo": chart_data(books, chart),
        "plantillas": _templates(books),
        "razon": row.contenido.get("razon", ""),
        "problemas_cfdi": [*map(attached, attached_to(received).values()), *(Problem(**each) for each in said)],
        "sin_proveedor": unregistered(received, mesa),
        "periodos": spans(windows),
        "corrige": row.contenido.get("corrige"),
        "otra": other_of(row),
    }


def _accounts(chart: dict[str, Account]) -> list[Account]:
    return [account for account in chart.values() if account.capturable]


def _listed(mesa: Mesa, row: Borrador, chart: dict[str, Account]) -> list[Auxiliary]:
    """For whoever has no script: some auxiliaries of each kind that the accounts typed ask for."""
    kinds = {chart[code].auxiliar for code in touched(row, chart)} - {""} or {"proveedor", "cuenta_bancaria"}
    return [each for kind in sorted(kinds) for each in find(row.contabilidad, kind, "", mesa.alcance)]


def _templates(books: Contabilidad) -> list[Plantilla]:
    return list(Plantilla.objects.filter(sujeto=books.sujeto_id, retirada_el__isnull=True).order_by("nombre"))


def _review(mesa: Mesa, row: Borrador, meant: Understood) -> list[Problem]:
    assert meant.poliza is not None
    corrected = (row.contenido.get("corrige") or {}).get("asiento")
    replaced = Poliza.objects.filter(contabilidad=row.contabilidad, eslabon=corrected) if corrected else ()
    desk = Desk(row.contabilidad, mesa.usuario, mesa.ahora, replaced=frozenset(each.pk for each in replaced))
    return review(desk, meant.poliza, meant.soporte)


def _received(row: Borrador) -> list[Recepcion]:
    """Return the reception of the invoice that a draft is of."""
    if row.comprobante is None:
        return []
    rows = row.contabilidad.recepciones.filter(comprobante=row.comprobante)
    return list(rows.select_related("comprobante", "contabilidad__sujeto")[:1])


def drafts_table(rows: Iterable[Borrador], mesa: Mesa) -> Table:
    """Drafts, the last saved first; each leads to its page for who captures in its books."""
    writes = set(contabilidades_of(mesa.usuario, "capturar").values_list("pk", flat=True))
    columns = (
        Column(
            "borrador",
            _("Borrador"),
            "cosa",
            show=lambda row: Thing(
                row.contenido.get("concepto") or _("Sin concepto"),
                draft_url(row) if row.contabilidad_id in writes else "",
                debajo=row.comprobante.emisor_nombre if row.comprobante else "",
            ),
        ),
        Column("contabilidad", _("Contabilidad"), "clave", show=lambda row: str(row.contabilidad_id)),
        Column("monto", _("Cargos"), "dinero", show=lambda row: sums(row.contenido)[0]),
        Column("guardado", _("Guardado"), "momento", "guardado_el"),
        Column("quien", _("Por"), source="guardado_por__nombre"),
    )
    return panel(
        _("Borradores"), rows, columns, vacia=Empty(_("No hay borradores."), _("Lo que se escribe se guarda aquí."))
    )
