"""Draw the emblems that a subject has had, each with its span."""

from django.utils.translation import gettext as translated

from sif.registry import clock
from sif.registry.emblems import emblem_on
from sif.registry.models import EmblemaSujeto, SujetoObligado


def emblems_drawn(sujeto: SujetoObligado) -> dict[str, object]:
    """Return the emblems of a subject as its sheet shows them: the one that rules, and each with its span in words."""
    rules = emblem_on(sujeto, clock.today())
    rows = sujeto.emblemas.select_related("registrado_por").order_by("-desde", "-pk")
    return {"rige": rules, "todos": [(each, _span(each, rules)) for each in rows]}


def _span(each: EmblemaSujeto, rules: EmblemaSujeto | None) -> str:
    if each.desde > clock.today():
        words = translated("Regirá desde el %(first)s")
    else:
        words = translated("Rige desde el %(first)s") if each == rules else translated("Desde el %(first)s; ya no rige")
    return words % {"first": f"{each.desde:%d/%m/%Y}"}
