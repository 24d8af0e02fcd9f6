"""Draw what sanctions the law admits against each kind of person, beside those imposed."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from sif.law.offenders import OffenderKind, SanctionForm, load_sanction_law, uma_day_rule
from sif.law.parameters import uma_on, uma_stands_since
from sif.values import Money
from sif.web.columns import Column, panel
from sif.web.formats import long_day, percent, whole_number
from sif.web.lazy import law_words
from sif.web.tables import Table, Thing


def letters_table(day: date) -> Table:
    """Return the kinds of person with their largest fine, what else they may get and what another decides, on a day."""
    columns = (
        Column("persona", _("A quién"), "cosa", show=lambda kind: Thing(_(kind.nombre), articulo=kind.articulo)),
        Column("multa", _("Multa máxima"), show=lambda kind: _fine(kind, day), phone="half"),
        Column("ademas", _("Además"), show=lambda kind: _besides(kind, day), phone="wide"),
        Column("decide", _("Lo que decide otra autoridad"), show=lambda kind: _told(kind, day), phone="wide"),
    )
    return panel(_("Qué sanciones admite la ley"), load_sanction_law(settings.JURISDICTION).clases.values(), columns)


@dataclass(frozen=True, slots=True)
class UmaNote:
    """Value of a UMA on a day, and the rule of the day that gives that of a fine, with its basis and article.

    desde: since when that value stands, where it is over a year old and the one after it is not on record; else ''.
    """

    vale: Money
    desde: str
    regla: str
    base: str
    articulo: str
    estatus: str


def uma_note(day: date) -> UmaNote:
    """Return what the figures in UMA of the letters are worth on a day, by the rule in force."""
    rule = uma_day_rule(day, settings.JURISDICTION)
    since = uma_stands_since(day, settings.JURISDICTION)
    return UmaNote(
        uma_on(day, settings.JURISDICTION),
        long_day(since) if since else "",
        law_words(rule.dice),
        rule.base,
        rule.articulo,
        rule.lapso.estatus,
    )


def _fine(kind: OffenderKind, day: date) -> object:
    fine = kind.form("multa", day)
    if not fine:
        return _("sin texto conocido")
    return Thing(_("%(umas)s UMA") % {"umas": whole_number(fine.maximo)}, debajo=_relapse(fine))


def _besides(kind: OffenderKind, day: date) -> str:
    others = [_other(form) for form in kind.formas if form.forma in ("un_tanto_igual", "reduccion") and form.on(day)]
    return "; ".join([_("amonestación pública, si no alcanza una UMA"), *others])


def _told(kind: OffenderKind, day: date) -> object:
    told = next((form for form in kind.formas if form.forma == "vista" and form.on(day)), None)
    return Thing(_(told.consecuencia), articulo=told.articulo) if told else _("nada")


def _relapse(fine: SanctionForm) -> str:
    if fine.reincidencia == 10_000:
        return ""
    return _("%(umas)s si reincide") % {"umas": whole_number(fine.maximo * fine.reincidencia // 10_000)}


def _other(form: SanctionForm) -> str:
    if form.forma == "reduccion":
        return _("reducción de hasta el %(share)s de sus ministraciones") % {"share": percent(form.maximo)}
    return _("un tanto igual a lo que exceda de un tope de campaña o de un límite de aportaciones")
