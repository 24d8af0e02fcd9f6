"""Draw what sanctions the law admits against each kind of person, beside those imposed."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from sif.law.offenders import OffenderKind, SanctionForm, load_sanction_law
from sif.web.formats import percent, whole_number
from sif.web.tables import Column, Row, Table, Thing


def letters_table(day: date) -> Table:
    """The kinds of person with their largest fine, what else they may get and what another decides, on a day."""
    columns = (
        Column("persona", _("A quién"), "cosa"),
        Column("multa", _("Multa máxima"), "texto", telefono="half"),
        Column("ademas", _("Además"), "texto", telefono="wide"),
        Column("decide", _("Lo que decide otra autoridad"), "texto", telefono="wide"),
    )
    return Table(
        _("Qué sanciones admite la ley"),
        columns,
        [_row(kind, day) for kind in load_sanction_law(settings.JURISDICTION).clases.values()],
    )


def _row(kind: OffenderKind, day: date) -> Row:
    fine = kind.form("multa", day)
    others = [_other(form) for form in kind.formas if form.forma in ("un_tanto_igual", "reduccion") and form.on(day)]
    told = [form for form in kind.formas if form.forma == "vista" and form.on(day)]
    return Row(
        {
            "persona": Thing(_(kind.nombre), articulo=kind.articulo),
            "multa": Thing(_("%(umas)s UMA") % {"umas": whole_number(fine.maximo)}, debajo=_relapse(fine))
            if fine
            else _("sin texto conocido"),
            "ademas": "; ".join([_("amonestación pública, si no alcanza una UMA"), *others]),
            "decide": Thing(_(told[0].consecuencia), articulo=told[0].articulo) if told else _("nada"),
        }
    )


def _relapse(fine: SanctionForm) -> str:
    if fine.reincidencia == 10_000:
        return ""
    return _("%(umas)s si reincide") % {"umas": whole_number(fine.maximo * fine.reincidencia // 10_000)}


def _other(form: SanctionForm) -> str:
    if form.forma == "reduccion":
        return _("reducción de hasta el %(share)s de sus ministraciones") % {"share": percent(form.maximo)}
    return _("un tanto igual a lo que exceda de un tope de campaña o de un límite de aportaciones")
