"""The chart of accounts on screen: five segments, nature, auxiliary, and the evidence each asks for or admits."""

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from sif.books.accounts import chart_of_process
from sif.books.models import Cuenta
from sif.law.chart import Account, account_evidence, load_evidence_classes
from sif.registry.models import Proceso
from sif.web.columns import Column, file_asked, panel
from sif.web.fields import set_choices
from sif.web.goto import plain
from sif.web.lazy import law_words
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import Empty, Thing, file_links

KINDS: dict[str, str | Promise] = {
    "proveedor": gettext_lazy("Proveedor"),
    "aportante": gettext_lazy("Aportante"),
    "persona": pgettext_lazy("auxiliar", "Persona"),
    "cuenta_bancaria": gettext_lazy("Cuenta bancaria"),
    "contabilidad": gettext_lazy("Contabilidad"),
    "contrato": gettext_lazy("Contrato"),
    "casa": gettext_lazy("Casa de campaña"),
    "evento": gettext_lazy("Evento"),
    "inventario": gettext_lazy("Artículo de almacén"),
    "activo_fijo": gettext_lazy("Activo fijo"),
    "credito": gettext_lazy("Crédito"),
    "proyecto": gettext_lazy("Proyecto"),
    "resolucion": gettext_lazy("Resolución por pagar"),
}


class ChartFilter(forms.Form):
    """Words or a code, the process whose accounts are added, and whether groups are shown."""

    q = forms.CharField(required=False)
    proceso = forms.ChoiceField(required=False)
    nivel = forms.ChoiceField(required=False)

    def __init__(self, data: object, processes: Iterable[Proceso]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["q"].label = _("Código o palabras")
        self.fields["proceso"].label, self.fields["nivel"].label = _("Proceso"), _("Nivel")
        levels = [
            ("", _("Todas")),
            ("ultimo", _("Solo las que reciben movimientos")),
            ("agregadas", _("Agregadas por el proceso")),
        ]
        choices = {"proceso": [(str(p.pk), p.nombre) for p in processes], "nivel": levels}
        for name, offered in choices.items():
            set_choices(self, name, offered)


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the chart of a process, searched; ?formato=csv or xlsx gives what is on screen as a file."""
    processes = list({etapa.proceso_id: etapa.proceso for etapa in mesa.etapas}.values())
    form = ChartFilter(request.GET, processes)
    form.is_valid()
    asked = form.cleaned_data
    chosen = next((p for p in processes if str(p.pk) == asked.get("proceso")), processes[0] if processes else None)
    added = {row.pk: row for row in Cuenta.objects.filter(proceso=chosen)} if chosen else {}
    chart = chart_of_process(chosen.pk if chosen else 0)
    found = [each for each in chart.values() if _answers(each, asked, added)]
    columns = _columns(found, added)
    if file := file_asked(request, "catalogo", found, columns):
        return file
    nothing = Empty(_("Ninguna cuenta responde a este filtro."), _("Busque por palabras del nombre o por su código."))
    export = file_links(request.GET) if found else ()
    context = {
        "frame": mesa.frame("catalogo"),
        "filtro": form,
        "cuantas": len(chart),
        "agregadas": len(added),
        "tabla": panel(_("Catálogo de cuentas"), found, columns, vacia=nothing, exportar=export),
    }
    return render(request, "party/cuentas_contables.html", context)


def _answers(account: Account, asked: dict[str, str], added: dict[str, Cuenta]) -> bool:
    if asked.get("nivel") == "ultimo" and not account.capturable:
        return False
    if asked.get("nivel") == "agregadas" and account.codigo not in added:
        return False
    seen = plain(f"{account.codigo} {account.codigo.replace('-', '')} {account.nombre} {account.rubro}")
    return all(word in seen for word in plain(asked.get("q") or "").split())


def _evidence(account: Account) -> tuple[list[str], list[str]]:
    """Names of the classes it asks for and of those it only admits, in force or to come."""
    names = load_evidence_classes(settings.JURISDICTION)
    rows = account_evidence(account.codigo, settings.JURISDICTION) if account.capturable else []
    asked = list(dict.fromkeys(law_words(names[row.clase].nombre) for row in rows if row.obligatoria))
    admitted = dict.fromkeys(law_words(names[row.clase].nombre) for row in rows if not row.obligatoria)
    return asked, [name for name in admitted if name not in asked]


def _columns(found: list[Account], added: dict[str, Cuenta]) -> tuple[Column, ...]:
    evidence = {each.codigo: _evidence(each) for each in found}

    def name(account: Account) -> Thing:
        own = added.get(account.codigo)
        under = _("agregada por el proceso, %(base)s") % {"base": own.base} if own else account.rubro
        return Thing(account.nombre, debajo=under, clave_debajo=account.codigo)

    def nature(account: Account) -> str:
        return _("Deudora") if account.naturaleza == "D" else _("Acreedora")

    def books(account: Account) -> str:
        return str(KINDS.get(account.auxiliar, account.auxiliar)) if account.auxiliar else _("ninguno")

    def classes(key: str, label: str, place: int) -> Column:
        return Column(
            key,
            label,
            show=lambda each: ", ".join(evidence[each.codigo][place]) or _("ninguna"),
            written=lambda each: "; ".join(evidence[each.codigo][place]),
        )

    return (
        Column("cuenta", _("Cuenta"), "cosa", "codigo", show=name),
        Column("nombre", where="file"),
        Column("naturaleza", _("Naturaleza"), show=nature, phone="third"),
        Column("rubro", where="file"),
        Column(
            "ultimo_nivel",
            _("Último nivel"),
            show=lambda each: _("Sí") if each.capturable else _("No, es grupo"),
            written=lambda each: "sí" if each.capturable else "no",
            phone="third",
        ),
        Column("auxiliar", _("Auxiliar"), show=books, phone="third"),
        classes("obligatorias", _("Evidencia obligatoria"), 0),
        classes("admitidas", _("También admite"), 1),
        Column("oficial", written=lambda each: "sí" if each.oficial else "no", where="file"),
        Column("acuerdo", written=lambda each: added[each.codigo].base if each.codigo in added else "", where="file"),
    )
