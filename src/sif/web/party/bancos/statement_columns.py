"""Map the columns, days, amounts and balances of a sheet of a bank."""

from collections.abc import Sequence
from datetime import date, datetime

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.banks.readers import SHEETS, ColumnMap, SheetHint
from sif.banks.readers.sheet import FIELDS, date_formats
from sif.banks.reading import format_of, propose_map
from sif.banks.selectors import remembered_map
from sif.values import InvalidMoney, Money, Problem, Refused
from sif.web.party.bancos.account_page import account_crumbs, account_of, account_url, load, show
from sif.web.party.bancos.kept_statement import received
from sif.web.party.mesa import Mesa, party_page
from sif.web.typed import DayField


def field_words() -> dict[str, str]:
    """Return the datum of each column, in words."""
    return {
        "fecha": _("Fecha"),
        "descripcion": _("Descripción"),
        "referencia": _("Referencia"),
        "monto": _("Importe con signo"),
        "cargo": _("Cargo (sale)"),
        "abono": _("Abono (entra)"),
        "saldo": _("Saldo"),
        "id_banco": _("Folio del banco"),
        "moneda": _("Moneda"),
    }


class ColumnsForm(forms.Form):
    """A choice of column for each datum; how days and amounts are written; what a sheet does not say."""

    use_required_attribute = False

    def __init__(self, data: QueryDict | None, titles: Sequence[str], initial: ColumnMap | None) -> None:
        super().__init__(data, initial=initial.as_dict() if initial else None)
        choices = [("", _("Ninguna")), *((title, title) for title in dict.fromkeys(titles) if title)]
        for name, words in field_words().items():
            self.fields[name] = forms.ChoiceField(choices=choices, required=name == "fecha", label=words)
        examples = [(each, f"{datetime(2026, 4, 30):{each}}") for each in date_formats()]  # noqa: DTZ001 - an example
        self.fields["formato_fecha"] = forms.ChoiceField(choices=examples, label=_("El 30 de abril se escribe"))
        marks = [(".", "1,234.50"), (",", "1.234,50")]
        self.fields["decimal"] = forms.ChoiceField(choices=marks, label=_("Los importes se escriben"))
        for name, words in (("desde", _("Estado desde")), ("hasta", _("Estado hasta"))):
            field = DayField(required=False, label=words, input_formats=["%d/%m/%Y", "%Y-%m-%d"])
            field.help_text = _("Día/mes/año. Vacío: el primero y el último movimiento.")
            self.fields[name] = field
        for name, words in (("saldo_inicial", _("Saldo inicial")), ("saldo_final", _("Saldo final"))):
            self.fields[name] = forms.CharField(
                required=False, label=words, help_text=_("Solo si el archivo no trae columna de saldo.")
            )

    def clean_saldo_inicial(self) -> Money | None:
        """Return the opening balance as Money."""
        return _money(self.cleaned_data["saldo_inicial"])

    def clean_saldo_final(self) -> Money | None:
        """Return the closing balance as Money."""
        return _money(self.cleaned_data["saldo_final"])

    def mapa(self) -> ColumnMap:
        """Return the map that was said."""
        return ColumnMap(**{name: self.cleaned_data[name] for name in (*FIELDS, "formato_fecha", "decimal")})

    def hint(self) -> SheetHint:
        """Return the data that the file lacks, as typed: first and last days, opening and closing balances."""
        names = ("desde", "hasta", "saldo_inicial", "saldo_final")
        said: dict[str, date | Money | None] = {name: self.cleaned_data[name] for name in names}
        return SheetHint(**said)  # type: ignore[arg-type]


def _money(text: str) -> Money | None:
    try:
        return Money.parse(text) if text.strip() else None
    except InvalidMoney as error:
        raise forms.ValidationError(str(error)) from error


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def columns(request: HttpRequest, mesa: Mesa, number: int, sha256: str) -> HttpResponse:
    """Name the columns of a sheet just received and load it; the bank's map is remembered."""
    cuenta = account_of(mesa, number)
    name, data = received(request, sha256)
    try:
        if format_of(data) not in SHEETS:  # it was long to read, and nobody knew yet what it is
            return HttpResponseRedirect(reverse("party:banco_cuentas", args=[number, sha256]))
        proposed, titles, sample = propose_map(data)
    except Refused as refused:
        return show(request, mesa, cuenta, refused.problems, 422)
    known = remembered_map(cuenta)
    usable = known if known and known.fecha in titles else proposed
    form = ColumnsForm(request.POST if request.method == "POST" else None, titles, usable)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            return load(request, mesa, cuenta, (name, data), mapa=form.mapa(), hint=form.hint())
        except Refused as refused:
            problems = refused.problems[:20]
        except PermissionError as refused:
            raise PermissionDenied(str(refused)) from refused
    context = {
        "frame": mesa.frame("bancos", *account_crumbs(cuenta), etapa=cuenta.contabilidad.etapa),
        "cuenta": cuenta,
        "form": form,
        "titulos": titles,
        "muestra": [row[: len(titles)] for row in sample],
        "nombre": name,
        "problemas": problems,
        "volver": account_url(cuenta),
    }
    return render(request, "party/banco_columnas.html", context, status=422 if problems or form.errors else 200)
