"""Créditos, PAT y resoluciones: what a subject owes and what it plans, each as a list with its form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sif.catalogs.models import Credito, Proyecto, ResolucionPorPagar
from sif.catalogs.selectors.campaign_goods import creditos, proyectos, resoluciones_por_pagar
from sif.catalogs.services.campaign_debts import (
    NewCredito,
    NewProyecto,
    NewResolucion,
    register_credito,
    register_proyecto,
    register_resolucion_por_pagar,
)
from sif.registry.models import SujetoObligado
from sif.registry.selectors import may
from sif.values import Money
from sif.web.frame import Crumb
from sif.web.party.campaign_page import (
    CampaignForm,
    attempt,
    books_thing,
    captured,
    form_page,
    must_capture_somewhere,
    rows_of_page,
)
from sif.web.party.catalog_form import MoneyField, SearchForm, day_field, exports, file_asked, text_field
from sif.web.party.eventos import asked_books, books_choices
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import Column, Empty, Link, Row, Table, Thing
from sif.web.typed import posted


class CreditForm(CampaignForm):
    """A credit as typed."""

    numero = text_field(gettext_lazy("Número de contrato"), required=True)
    acreedor = text_field(gettext_lazy("Acreedor"), required=True)
    contratado_el = day_field(gettext_lazy("Se contrató"))
    vence_el = day_field(gettext_lazy("Vence"))
    monto = MoneyField(label=gettext_lazy("Monto"))
    tasa_pb = forms.IntegerField(
        label=gettext_lazy("Tasa anual en puntos base"), initial=0, help_text=gettext_lazy("1,250 es 12.5 %.")
    )
    rows = (
        (("contabilidad", "grow"),), (("numero", ""), ("acreedor", "grow")), (("contratado_el", ""), ("vence_el", "")),
        (("monto", "amount"), ("tasa_pb", "short")),
    )  # fmt: skip

    def new(self) -> NewCredito:
        """The credit typed, once it is understood."""
        values = self.cleaned_data
        return NewCredito(
            self.text("numero"), self.text("acreedor"), values["contratado_el"], values["vence_el"],
            values["monto"] or Money(0), values["tasa_pb"],
        )  # fmt: skip


class SubjectForm(CampaignForm):
    """A record of a subject: it has no books; the subject is chosen where the person acts for several."""

    sujeto = forms.ChoiceField(label=gettext_lazy("Sujeto"))

    def __init__(self, data: Any, mesa: Mesa, **options: Any) -> None:
        super().__init__(data, mesa, **options)
        del self.fields["contabilidad"]
        field = self.fields["sujeto"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(each.pk), each.nombre) for each in _own(mesa)]

    @property
    def subject(self) -> SujetoObligado:
        """The subject chosen."""
        return next(each for each in self.mesa.sujetos if str(each.pk) == self.cleaned_data["sujeto"])


class ProjectForm(SubjectForm):
    """A project of the PAT as typed."""

    clave = text_field(gettext_lazy("Clave"), required=True)
    nombre = text_field(gettext_lazy("Proyecto"), required=True)
    rubro = forms.ChoiceField(label=gettext_lazy("Rubro"))
    anio = forms.IntegerField(label=gettext_lazy("Ejercicio"))
    rows = ((("sujeto", "grow"),), (("clave", ""), ("nombre", "grow")), (("rubro", ""), ("anio", "short")))

    def __init__(self, data: Any, mesa: Mesa, **options: Any) -> None:
        super().__init__(data, mesa, initial={"anio": mesa.ahora.year}, **options)
        field = self.fields["rubro"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(heading_words().items())

    def new(self) -> NewProyecto:
        """The project typed, once it is understood."""
        values = self.cleaned_data
        return NewProyecto(self.text("clave"), self.text("nombre"), values["rubro"], values["anio"])


class OwedForm(SubjectForm):
    """A resolution to be paid as typed."""

    clave = text_field(gettext_lazy("Resolución"), gettext_lazy("Por ejemplo INE/CG1965/2024."), required=True)
    concepto = text_field(gettext_lazy("Concepto"), required=True)
    aprobada_el = day_field(gettext_lazy("Se aprobó"))
    monto = MoneyField(label=gettext_lazy("Monto por pagar"))
    rows = ((("sujeto", "grow"),), (("clave", ""), ("concepto", "grow")), (("aprobada_el", ""), ("monto", "amount")))

    def new(self) -> NewResolucion:
        """The resolution typed, once it is understood."""
        values = self.cleaned_data
        return NewResolucion(
            self.text("clave"), self.text("concepto"), values["aprobada_el"], values["monto"] or Money(0)
        )


def heading_words() -> dict[str, str]:
    """The headings of programmed spending."""
    return {
        "actividades_especificas": _("Actividades específicas"), "liderazgo_mujeres": _("Liderazgo de las mujeres"),
        "liderazgo_jovenes": _("Liderazgos juveniles"),
    }  # fmt: skip


def _own(mesa: Mesa) -> list[SujetoObligado]:
    return [each for each in mesa.sujetos if may(mesa.usuario, "capturar", sujeto=each)]


def _views(current: str) -> list[tuple[str, str, None, bool]]:
    names = (
        ("creditos", _("Créditos")),
        ("proyectos", _("Proyectos del PAT")),
        ("resoluciones", _("Resoluciones por pagar")),
    )
    return [(words, reverse(f"party:{name}"), None, name == current) for name, words in names]


def _context(mesa: Mesa, current: str, intro: str, new: Link) -> dict[str, Any]:
    return {
        "frame": mesa.frame("creditos"), "titulo": _("Créditos, PAT y resoluciones"), "intro": intro,
        "vistas": _views(current), "nuevos": [new] if captured(mesa) else [],
    }  # fmt: skip


@require_safe
@party_page
def credits(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every credit of the person's books."""
    form = SearchForm(request.GET, _("Número o acreedor"), contabilidad=(_("Contabilidad"), books_choices(mesa)))
    found = creditos(asked_books(mesa, form.asked("contabilidad")), form.asked("q"))
    head = ("credito", "contabilidad", "numero", "acreedor", "contratado_el", "vence_el", "monto", "tasa_pb")
    if request.GET.get("formato") and (
        answer := file_asked(request, "creditos", head, (_credit_file(row) for row in found))
    ):
        return answer
    columns = (
        Column("credito", _("Crédito"), "cosa"), Column("contabilidad", _("Contabilidad")),
        Column("contratado", _("Se contrató"), "dia"), Column("vence", _("Vence"), "dia"),
        Column("tasa", _("Tasa anual"), "porcentaje"), Column("monto", _("Monto"), "dinero"),
    )  # fmt: skip
    shown, page = rows_of_page(request, found, found.count())
    rows = [
        Row(
            {
                "credito": Thing(row.acreedor, clave=row.numero), "contabilidad": books_thing(row.contabilidad),
                "contratado": row.contratado_el, "vence": row.vence_el, "tasa": row.tasa_pb, "monto": Money(row.monto),
            }
        )
        for row in shown
    ]  # fmt: skip
    empty = Empty(_("Ningún crédito responde a este filtro."))
    context = _context(
        mesa, "creditos", _("Lo que se debe a bancos y a otros; las pólizas lo nombran como auxiliar."),
        Link(_("Crédito nuevo"), reverse("party:credito_nuevo"), "plus-lg"),
    )  # fmt: skip
    context |= {
        "filtro": form,
        "tabla": Table(_("Créditos"), columns, rows, pagina=page, vacia=empty, exportar=exports(request.GET)),
    }
    return render(request, "party/campana_lista.html", context)


def _credit_file(row: Credito) -> tuple[object, ...]:
    return (
        row.pk, row.contabilidad_id, row.numero, row.acreedor, row.contratado_el, row.vence_el, Money(row.monto),
        row.tasa_pb,
    )  # fmt: skip


@require_safe
@party_page
def projects(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every project of the yearly programme of the person's subjects."""
    form = SearchForm(request.GET, _("Clave o nombre"))
    found = proyectos(mesa.sujetos, form.asked("q"))
    head = ("proyecto", "sujeto", "anio", "clave", "nombre", "rubro")
    if request.GET.get("formato") and (
        answer := file_asked(request, "proyectos", head, (_project_file(row) for row in found))
    ):
        return answer
    columns = (
        Column("proyecto", _("Proyecto"), "cosa"), Column("anio", _("Ejercicio")), Column("rubro", _("Rubro")),
        Column("sujeto", _("Sujeto")),
    )  # fmt: skip
    shown, page = rows_of_page(request, found, found.count())
    words = heading_words()
    rows = [
        Row(
            {
                "proyecto": Thing(row.nombre, clave=row.clave), "anio": str(row.anio), "rubro": words[row.rubro],
                "sujeto": row.sujeto.nombre,
            }
        )
        for row in shown
    ]  # fmt: skip
    empty = Empty(_("Ningún proyecto responde a este filtro."))
    context = _context(
        mesa, "proyectos", _("Gasto programado: cada póliza de sus cuentas nombra el proyecto."),
        Link(_("Proyecto nuevo"), reverse("party:proyecto_nuevo"), "plus-lg"),
    )  # fmt: skip
    context |= {
        "filtro": form,
        "tabla": Table(_("Proyectos del PAT"), columns, rows, pagina=page, vacia=empty, exportar=exports(request.GET)),
    }
    return render(request, "party/campana_lista.html", context)


def _project_file(row: Proyecto) -> tuple[object, ...]:
    return row.pk, row.sujeto.siglas, row.anio, row.clave, row.nombre, row.rubro


@require_safe
@party_page
def resolutions(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every resolution that the person's subjects owe."""
    form = SearchForm(request.GET, _("Clave o concepto"))
    found = resoluciones_por_pagar(mesa.sujetos, form.asked("q"))
    head = ("resolucion", "sujeto", "clave", "concepto", "aprobada_el", "monto")
    if request.GET.get("formato") and (
        answer := file_asked(request, "resoluciones", head, (_owed_file(row) for row in found))
    ):
        return answer
    columns = (
        Column("resolucion", _("Resolución"), "cosa"), Column("sujeto", _("Sujeto")),
        Column("aprobada", _("Se aprobó"), "dia"), Column("monto", _("Monto por pagar"), "dinero"),
    )  # fmt: skip
    shown, page = rows_of_page(request, found, found.count())
    rows = [
        Row(
            {
                "resolucion": Thing(row.clave, debajo=row.concepto), "sujeto": row.sujeto.nombre,
                "aprobada": row.aprobada_el, "monto": Money(row.monto),
            }
        )
        for row in shown
    ]  # fmt: skip
    empty = Empty(_("Ninguna resolución responde a este filtro."))
    context = _context(
        mesa, "resoluciones", _("Multas y reintegros que la autoridad impuso y todavía se pagan."),
        Link(_("Resolución nueva"), reverse("party:resolucion_nueva"), "plus-lg"),
    )  # fmt: skip
    title = _("Resoluciones por pagar")
    context |= {
        "filtro": form,
        "tabla": Table(title, columns, rows, pagina=page, vacia=empty, exportar=exports(request.GET)),
    }
    return render(request, "party/campana_lista.html", context)


def _owed_file(row: ResolucionPorPagar) -> tuple[object, ...]:
    return row.pk, row.sujeto.siglas, row.clave, row.concepto, row.aprobada_el, Money(row.monto)


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def new_credit(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A credit to be registered."""
    must_capture_somewhere(mesa)
    form = CreditForm(posted(request), mesa)
    act = lambda: register_credito(form.books, form.new(), mesa.usuario)  # noqa: E731 - it names what is tried
    return _new(request, form, act, ("creditos", _("Crédito nuevo"), _("Crédito registrado.")))


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def new_project(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A project to be registered."""
    _must_own(mesa)
    form = ProjectForm(posted(request), mesa)
    act = lambda: register_proyecto(form.subject, form.new(), mesa.usuario)  # noqa: E731 - it names what is tried
    return _new(request, form, act, ("proyectos", _("Proyecto nuevo"), _("Proyecto registrado.")))


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def new_resolution(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A resolution to be registered."""
    _must_own(mesa)
    form = OwedForm(posted(request), mesa)
    act = lambda: register_resolucion_por_pagar(form.subject, form.new(), mesa.usuario)  # noqa: E731 - the same
    return _new(request, form, act, ("resoluciones", _("Resolución nueva"), _("Resolución registrada.")))


def _must_own(mesa: Mesa) -> None:
    if not _own(mesa):
        raise PermissionDenied(_("Usted consulta estos libros y no captura. Pídalo a su responsable de finanzas."))


def _new(
    request: HttpRequest, form: CampaignForm, act: Callable[[], object], words: tuple[str, str, str]
) -> HttpResponse:
    page, title, done = words
    if request.method == "POST" and attempt(form, act) is not None:
        messages.success(request, done)
        return HttpResponseRedirect(reverse(f"party:{page}"))
    return form_page(
        request, form,
        {"frame": form.mesa.frame("creditos", Crumb(title)), "titulo": title, "volver": reverse(f"party:{page}"),
         "boton": _("Registrar")},
    )  # fmt: skip
