"""Créditos, PAT, presupuesto y resoluciones: what a subject owes and what it plans, each as a list with its form."""

from django import forms
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from sif.books.accounts import chart_of_process
from sif.books.models import PartidaPresupuesto
from sif.books.selectors import presupuesto
from sif.books.services.presupuesto import (
    NewPartida,
    NewTraspaso,
    record_partida,
    spending_accounts,
    transfer_partida,
)
from sif.catalogs.selectors.campaign_goods import creditos, proyectos, resoluciones_por_pagar
from sif.catalogs.services.campaign_debts import (
    NewCredito,
    NewProyecto,
    NewResolucion,
    register_credito,
    register_proyecto,
    register_resolucion_por_pagar,
)
from sif.registry.folding import Folded
from sif.values import Money
from sif.web.columns import Column
from sif.web.fields import MoneyField, day_field, set_choices, text_field
from sif.web.filters import choice, words
from sif.web.party.desk import (
    BooksForm,
    PartyListing,
    PartyRecord,
    SubjectForm,
    SubjectRecord,
    books_columns,
    books_filter,
    captured,
)
from sif.web.party.mesa import Mesa
from sif.web.tables import Link

HEADINGS = {
    "actividades_especificas": _("Actividades específicas"),
    "liderazgo_mujeres": _("Liderazgo de las mujeres"),
    "liderazgo_jovenes": _("Liderazgos juveniles"),
}
"""Headings of programmed spending."""


class DebtListing(PartyListing):
    """The four lists of one page."""

    page = "creditos"
    tabs = (
        (_("Créditos"), "party:creditos"),
        (_("Proyectos del PAT"), "party:proyectos"),
        (_("Presupuesto"), "party:presupuesto"),
        (_("Resoluciones por pagar"), "party:resoluciones"),
    )


class Credits(DebtListing):
    """Credits of the person's books, the first to fall due first."""

    title, file_name = _("Créditos"), "creditos"
    intro = _("Lo que se debe a bancos y a otros; las pólizas lo nombran como auxiliar.")
    filters = {"q": words(_("Número o acreedor"), "numero", "acreedor"), "contabilidad": books_filter()}
    order = "vence_el"
    columns = (
        Column("credito", source="pk", where="file"),
        Column("acreedor", _("Crédito"), "cosa", sort=Folded("acreedor")),
        Column("numero", _("Número"), "clave", under="acreedor"),
        *books_columns(),
        Column("contratado_el", _("Se contrató"), "dia", sort=True),
        Column("vence_el", _("Vence"), "dia", sort=True),
        Column("tasa_pb", _("Tasa anual"), "porcentaje"),
        Column("monto", _("Monto"), "dinero", sort=True, total=True),
    )
    empty = _("Todavía no hay créditos.")
    create = Link(_("Crédito nuevo"), "party:credito_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select the credits of the person's books."""
        return creditos(self.seat.libros)


class Projects(DebtListing):
    """Projects of the yearly programme, the last year first."""

    title, file_name = _("Proyectos del PAT"), "proyectos"
    intro = _("Gasto programado: cada póliza de sus cuentas nombra el proyecto.")
    filters = {
        "q": words(_("Clave o nombre"), "clave", "nombre"),
        "rubro": choice(_("Rubro"), "rubro", HEADINGS.items()),
    }
    order = "-anio"
    columns = (
        Column("proyecto", source="pk", where="file"),
        Column("nombre", _("Proyecto"), "cosa", sort=Folded("nombre")),
        Column("clave", _("Clave"), "clave", under="nombre"),
        Column("anio", _("Ejercicio"), "texto", sort=True),
        Column("rubro", _("Rubro"), words=HEADINGS, sort=True),
        Column("sujeto", _("Sujeto"), source="sujeto__nombre", sort=Folded("sujeto__nombre")),
    )
    empty = _("Todavía no hay proyectos.")
    create = Link(_("Proyecto nuevo"), "party:proyecto_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select the projects of the person's subjects."""
        return proyectos(self.seat.sujetos)


class Budget(DebtListing):
    """Lines of the budgets of the person's books, those that others amended too, the last first."""

    title, file_name = _("Presupuesto"), "presupuesto"
    intro = _(
        "Lo que el órgano del sujeto aprobó gastar por cuenta o por proyecto; la última partida de cada uno es la que "
        "rige. «Ejercicio del presupuesto», en Libros y estados, lo compara con lo devengado."
    )
    filters = {
        "q": words(_("Cuenta o acuerdo"), "cuenta_id", "cuenta__nombre", "acuerdo"),
        "contabilidad": books_filter(),
    }
    order = "-partida"
    columns = (
        Column("partida", source="pk", where="file", sort=True),
        Column("nombre", _("Cuenta"), "cosa", source="cuenta__nombre"),
        Column("cuenta", _("Código"), "clave", source="cuenta_id", under="nombre"),
        Column("proyecto", _("Proyecto"), source="proyecto__nombre"),
        *books_columns(),
        Column("aprobada_el", _("Se aprobó o modificó"), "dia", sort=True),
        Column("acuerdo", _("Acuerdo"), under="aprobada_el"),
        Column("monto", _("Monto"), "dinero", sort=True),
    )
    empty = _("Todavía no hay presupuesto.")
    create = Link(_("Partida nueva"), "party:partida_nueva")

    def query(self) -> QuerySet[Model]:
        """Select the lines of the budgets of the person's books."""
        return presupuesto(self.seat.libros)

    @cached_property
    def first_steps(self) -> tuple[Link, ...]:
        """Return the links to the forms of a new line and, once there is one, of a transfer between lines."""
        steps = super().first_steps
        if not steps or not presupuesto(each.pk for each in captured(self.seat)).exists():
            return steps
        return (*steps, Link(_("Traspaso entre partidas"), reverse("party:partida_traspaso"), "arrow-left-right"))


class Owed(DebtListing):
    """Fines and refunds that the person's subjects still pay, the last approved first."""

    title, file_name = _("Resoluciones por pagar"), "resoluciones"
    intro = _("Multas y reintegros que la autoridad impuso y todavía se pagan.")
    filters = {"q": words(_("Clave o concepto"), "clave", "concepto")}
    order = "-aprobada_el"
    columns = (
        Column("resolucion", source="pk", where="file"),
        Column("clave", _("Resolución"), "cosa", sort=True),
        Column("concepto", _("Concepto"), under="clave"),
        Column("sujeto", _("Sujeto"), source="sujeto__nombre", sort=Folded("sujeto__nombre")),
        Column("aprobada_el", _("Se aprobó"), "dia", sort=True),
        Column("monto", _("Monto por pagar"), "dinero", sort=True, total=True),
    )
    empty = _("Todavía no hay resoluciones por pagar.")
    create = Link(_("Resolución nueva"), "party:resolucion_nueva")

    def query(self) -> QuerySet[Model]:
        """Select the resolutions of the person's subjects."""
        return resoluciones_por_pagar(self.seat.sujetos)


class CreditForm(BooksForm):
    """A credit as typed."""

    makes = NewCredito
    numero = text_field(_("Número de contrato"), required=True)
    acreedor = text_field(_("Acreedor"), required=True)
    contratado_el, vence_el = day_field(_("Se contrató")), day_field(_("Vence"))
    monto = MoneyField(label=_("Monto"))
    tasa_pb = forms.IntegerField(label=_("Tasa anual en puntos base"), initial=0, help_text=_("1,250 es 12.5 %."))
    layout = ("contabilidad:grow", "numero acreedor:grow", "contratado_el vence_el", "monto:amount tasa_pb:short")


class ProjectForm(SubjectForm):
    """A project of the yearly programme as typed."""

    makes = NewProyecto
    clave, nombre = text_field(_("Clave"), required=True), text_field(_("Proyecto"), required=True)
    rubro = forms.ChoiceField(label=_("Rubro"), choices=HEADINGS.items())
    anio = forms.IntegerField(label=_("Ejercicio"))
    layout = ("sujeto:grow", "clave nombre:grow", "rubro anio:short")

    def offer(self, seat: Mesa) -> None:
        """Begin with the current year."""
        super().offer(seat)
        self.fields["anio"].initial = seat.ahora.year


class LineForm(BooksForm):
    """The account and the project of a line of a budget, with the agreement of an organ, as typed."""

    places = {"proyecto_id": "proyecto"}
    cuenta = forms.ChoiceField(
        label=_("Cuenta"),
        help_text=_("Una cuenta de gastos, o el grupo que las contiene."),
        error_messages={"required": _("Elija una cuenta.")},
    )
    proyecto = forms.ChoiceField(
        label=_("Proyecto del PAT"), required=False, help_text=_("Solo en cuentas de gasto programado.")
    )
    aprobada_el = day_field(_("Se aprobó o modificó"))
    acuerdo = text_field(_("Acuerdo"), _("Qué órgano y en qué sesión o documento."), required=True)

    def offer(self, seat: Mesa) -> None:
        """Offer the accounts of spending of the person's books, and the projects of their subjects."""
        super().offer(seat)
        charts = [chart_of_process(number) for number in sorted({each.etapa.proceso_id for each in captured(seat)})]
        spending = {code: each.nombre for chart in charts for code, each in spending_accounts(chart).items()}
        offered = ((code, f"{code} {name}") for code, name in sorted(spending.items()))
        set_choices(self, "cuenta", [("", _("Elija")), *offered])
        projects = ((each.pk, f"{each.anio} · {each.clave} {each.nombre}") for each in proyectos(seat.sujetos))
        set_choices(self, "proyecto", [("", _("Ninguno")), *projects])


class BudgetForm(LineForm):
    """A line of a budget as typed."""

    makes = NewPartida
    monto = MoneyField(
        label=_("Monto"), help_text=_("Si la cuenta ya tiene partida, lo que queda aprobado en total desde ahora.")
    )
    layout = ("contabilidad:grow", "cuenta:grow", "proyecto:grow", "monto:amount aprobada_el", "acuerdo:grow")


class TransferForm(LineForm):
    """A transfer between lines of a budget as typed."""

    makes = NewTraspaso
    places = {"proyecto_id": "proyecto", "origen_id": "origen"}
    origen = forms.ChoiceField(
        label=_("Partida que da"), error_messages={"required": _("Elija la partida que da el monto.")}
    )
    monto = MoneyField(label=_("Monto que pasa"))
    layout = (
        "contabilidad:grow",
        "origen:grow",
        "cuenta:grow",
        "proyecto:grow",
        "monto:amount aprobada_el",
        "acuerdo:grow",
    )

    def offer(self, seat: Mesa) -> None:
        """Offer, besides, each line of the budgets of the person's books, with what it has now."""
        super().offer(seat)
        self.fields["cuenta"].label = _("Cuenta que recibe")
        rows = presupuesto(each.pk for each in captured(seat)).select_related("cuenta", "proyecto")
        last = {(row.contabilidad_id, row.cuenta_id, row.proyecto_id): row for row in rows.order_by("pk")}
        set_choices(self, "origen", [("", _("Elija")), *((row.pk, _line_words(row)) for row in last.values())])


def _line_words(row: PartidaPresupuesto) -> str:
    """Return a line of a budget in words: its books, its account, its project and its amount."""
    project = f" · {row.proyecto.nombre}" if row.proyecto else ""
    return f"{row.contabilidad_id} · {row.cuenta_id} {row.cuenta.nombre}{project} · {Money(row.monto).in_pesos()}"


class OwedForm(SubjectForm):
    """A resolution to be paid as typed."""

    makes = NewResolucion
    clave = text_field(_("Resolución"), _("Por ejemplo INE/CG1965/2024."), required=True)
    concepto = text_field(_("Concepto"), required=True)
    aprobada_el = day_field(_("Se aprobó"))
    monto = MoneyField(label=_("Monto por pagar"))
    layout = ("sujeto:grow", "clave concepto:grow", "aprobada_el monto:amount")


class NewCredit(PartyRecord):
    """Register a credit."""

    page, back, form_class = "creditos", "party:creditos", CreditForm
    title, done = _("Crédito nuevo"), _("Crédito registrado.")

    def save(self, form: CreditForm) -> object:
        """Register it in the books chosen."""
        return register_credito(form.books, form.made(), self.seat.usuario)


class NewProject(SubjectRecord):
    """Register a project of the yearly programme."""

    page, back, form_class = "creditos", "party:proyectos", ProjectForm
    title, done = _("Proyecto nuevo"), _("Proyecto registrado.")

    def save(self, form: ProjectForm) -> object:
        """Register it for the subject chosen."""
        return register_proyecto(form.subject, form.made(), self.seat.usuario)


class NewBudget(PartyRecord):
    """Record a line of a budget, or amend one."""

    page, back, form_class = "creditos", "party:presupuesto", BudgetForm
    title, done = _("Partida nueva"), _("Partida registrada.")

    def save(self, form: BudgetForm) -> object:
        """Record it in the books chosen."""
        chosen = form.cleaned_data["proyecto"]
        return record_partida(form.books, form.made(proyecto_id=int(chosen) if chosen else None), self.seat.usuario)


class NewTransfer(PartyRecord):
    """Move an amount from one line of a budget to another."""

    page, back, form_class = "creditos", "party:presupuesto", TransferForm
    title, done = _("Traspaso entre partidas"), _("Traspaso registrado.")

    def save(self, form: TransferForm) -> object:
        """Record both lines in the books chosen."""
        chosen, given = form.cleaned_data["proyecto"], int(form.cleaned_data["origen"])
        made = form.made(proyecto_id=int(chosen) if chosen else None, origen_id=given)
        return transfer_partida(form.books, made, self.seat.usuario)


class NewOwed(SubjectRecord):
    """Register a resolution to be paid."""

    page, back, form_class = "creditos", "party:resoluciones", OwedForm
    title, done = _("Resolución nueva"), _("Resolución registrada.")

    def save(self, form: OwedForm) -> object:
        """Register it for the subject chosen."""
        return register_resolucion_por_pagar(form.subject, form.made(), self.seat.usuario)
