"""Quién vio los datos: each look at whole personal keys of the subject, for who answers for it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.proceedings.looks import ToldLook, told_looks
from sif.registry.looks import AskedLooks, looks_of
from sif.registry.masks import may_look
from sif.registry.models import Mirada
from sif.web.party.catalog_form import file_asked
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import Column, Empty, Row, Table, Thing, file_links, page_number, pager_for
from sif.web.typed import day_filter

HEAD = ("mirada_el", "usuario", "persona", "tipo", "objeto", "renglones", "campos", "motivo", "sujeto")


def kind_words() -> dict[str, str]:
    """Name the catalogues whose keys are masked."""
    return {"aportante": _("Aportante"), "persona": _("Gente"), "proveedor": _("Proveedor")}


def field_words() -> dict[str, str]:
    """Name the personal keys."""
    return {"curp": _("CURP"), "rfc": _("RFC"), "clave_elector": _("Clave de elector"), "clabe": _("CLABE")}


class LooksFilter(forms.Form):
    """The filter of looks, kept in the address; what is not understood is not asked."""

    def __init__(self, data: Any, people: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["tipo"] = forms.ChoiceField(
            label=_("De quién"), required=False, choices=[("", _("Todos")), *kind_words().items()]
        )
        self.fields["persona"] = forms.TypedChoiceField(
            label=_("Quién miró"), required=False, coerce=int, empty_value=None,
            choices=[("", _("Todas")), *((str(number), name) for number, name in people)],
        )  # fmt: skip
        self.fields["desde"], self.fields["hasta"] = day_filter(_("Desde")), day_filter(_("Hasta"))
        self.is_valid()

    def asked(self) -> AskedLooks:
        """What was asked."""
        found = self.cleaned_data
        return AskedLooks(found.get("tipo") or "", found.get("persona"), found.get("desde"), found.get("hasta"))


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The looks at the keys of the person's subjects; ?formato= gives the filtered set as a file."""
    subjects = [each.pk for each in mesa.sujetos if may_look(mesa.usuario, each.pk)]
    if not subjects:
        raise PermissionDenied(_("Quién vio los datos lo consulta el responsable de finanzas del sujeto."))
    everyone = looks_of(subjects, AskedLooks()).order_by("persona__nombre")
    people = list(everyone.values_list("persona_id", "persona__nombre").distinct())
    form = LooksFilter(request.GET, people)
    rows = looks_of(subjects, form.asked())
    if request.GET.get("formato") in ("csv", "xlsx"):
        both = (*map(_file_row, rows), *map(_told_file_row, told_looks(subjects)))
        answer = file_asked(request, "miradas", HEAD, iter(both))
        assert answer is not None
        return answer
    context = {
        "frame": mesa.frame("miradas"), "filtro": form, "tabla": _table(request, rows),
        "autoridad": _told_table(told_looks(subjects)),
    }  # fmt: skip
    return render(request, "party/miradas.html", context)


def _file_row(row: Mirada) -> tuple[object, ...]:
    return (
        row.mirada_el, row.persona.username, row.persona.named_at(row.mirada_el), row.tipo,
        row.objeto, row.renglones, row.campos, row.motivo, row.sujeto.siglas,
    )  # fmt: skip


def _table(request: HttpRequest, rows: Any) -> Table:
    columns = (
        Column("quien", _("Quién miró"), "cosa"),
        Column("que", _("De quién")),
        Column("campos", _("Datos vistos")),
        Column("motivo", _("Para qué")),
        Column("cuando", _("Cuándo"), "momento"),
    )
    page = pager_for(page_number(request.GET), rows.count())
    kinds, fields = kind_words(), field_words()
    drawn = [
        Row(
            {
                "quien": Thing(row.persona.named_at(row.mirada_el), clave_debajo=row.persona.username),
                "que": _whose(row, kinds), "campos": ", ".join(fields[each] for each in row.campos.split(",")),
                "motivo": row.motivo, "cuando": row.mirada_el,
            }
        )
        for row in rows[max(0, page.desde - 1) : page.hasta]
    ]  # fmt: skip
    nothing = Empty(
        _("Nadie ha visto datos completos."),
        _("Aquí queda cada vez que alguien pide ver completa una CURP, un RFC, una clave de elector o una CLABE."),
    )
    return Table(
        _("Quién vio los datos"), columns, drawn, pagina=page, vacia=nothing,
        exportar=file_links(request.GET) if drawn else (),
    )  # fmt: skip


def _whose(row: Mirada, kinds: dict[str, str]) -> str:
    name = kinds.get(row.tipo, row.tipo)
    if row.objeto is None:
        return _("%(kind)s: archivo de %(n)d") % {"kind": name, "n": row.renglones}
    return f"{name} {row.objeto}"


def _told_file_row(row: ToldLook) -> tuple[object, ...]:
    return (
        row.cuando, row.usuario, row.quien, "autoridad", row.contabilidad, 1, ",".join(row.campos), row.motivo,
        row.sujeto,
    )  # fmt: skip


def _told_table(looks: list[ToldLook]) -> Table:
    columns = (
        Column("quien", _("Quién miró"), "cosa"),
        Column("contabilidad", _("Contabilidad"), "clave"),
        Column("que", _("Qué vio")),
        Column("motivo", _("Para qué")),
        Column("cuando", _("Cuándo"), "momento"),
    )
    fields = field_words()
    drawn = [
        Row(
            {
                "quien": Thing(row.quien, clave_debajo=row.usuario), "contabilidad": str(row.contabilidad),
                "que": ", ".join(fields[each] for each in row.campos) or _("Papeles de una operación"),
                "motivo": row.motivo, "cuando": row.cuando,
            }
        )
        for row in looks
    ]  # fmt: skip
    nothing = Empty(
        _("De lo que vio la autoridad no hay nada que decir todavía."),
        _("Se dice cuando se notifica el oficio de errores y omisiones de la etapa, o se aprueba su resolución."),
    )
    return Table(_("Lo que vio la autoridad"), columns, drawn, vacia=nothing)
