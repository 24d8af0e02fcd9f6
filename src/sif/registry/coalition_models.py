"""Define the records of a coalition: its agreement as the authority registered it, and the share of each member."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce


class ConvenioCoalicion(models.Model):
    """The agreement of a coalition or candidatura común, or an amendment of it, by its accord. Never changed.

    Each is whole: it says every member with its share from `desde` on, and the one before rules the days before. One of
    the same day as the last corrects it. `documento` is the name of the file, `sha256` names its bytes in the store.
    """

    coalicion = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="convenios")
    acuerdo = models.CharField(max_length=60)
    aprobado_el = models.DateField()
    desde = models.DateField()
    documento = models.CharField(max_length=160, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    registrado_el = models.DateTimeField()
    registrado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "convenio de coalición"
        constraints = [
            models.CheckConstraint(condition=~Q(acuerdo=""), name="convenio_con_acuerdo"),
            models.CheckConstraint(condition=Q(desde__gte=F("aprobado_el")), name="convenio_dias_en_orden"),
            models.CheckConstraint(
                condition=Q(documento="", sha256="") | ~Q(documento="") & Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="convenio_documento_con_huella",
            ),
        ]


class IntegranteCoalicion(models.Model):
    """A party's share in a coalition, in basis points, from a day until an agreement that follows it rules.

    `convenio` is null for members registered without their accord; `hasta` is a day that was known beforehand. Who asks
    what rules on a day asks `in_force_on`, which reads the agreements that follow.
    """

    coalicion = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="integrantes")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="participaciones")
    convenio = models.ForeignKey(ConvenioCoalicion, models.PROTECT, null=True, related_name="partes")
    participacion_pb = models.PositiveIntegerField()
    desde = models.DateField()
    hasta = models.DateField(default="9999-12-31")

    class Meta:
        verbose_name = "integrante de coalición"
        constraints = [
            models.UniqueConstraint(
                fields=["coalicion", "sujeto", "desde", "convenio"], nulls_distinct=False, name="integrante_unico"
            ),
            models.CheckConstraint(condition=Q(participacion_pb__lte=10_000), name="integrante_hasta_el_todo"),
            models.CheckConstraint(condition=~Q(coalicion=F("sujeto")), name="integrante_es_otro"),
        ]


def in_force_on(
    day: date | OuterRef, rows: QuerySet[IntegranteCoalicion] | None = None
) -> QuerySet[IntegranteCoalicion]:
    """Return the members in force on a day: those of the last agreement whose first day came, of each coalition.

    day: a day, or a reference to that of an outer query. rows: those asked about; every one unless told.
    """
    later = ConvenioCoalicion.objects.filter(
        coalicion=OuterRef("coalicion"), pk__gt=Coalesce(OuterRef("convenio"), 0), desde__lte=_outer(day)
    )
    asked = IntegranteCoalicion.objects.all() if rows is None else rows
    return asked.filter(~Exists(later), desde__lte=day, hasta__gt=day)


def _outer(day: date | OuterRef) -> date | OuterRef:
    return OuterRef(day) if isinstance(day, OuterRef) else day  # one query further in


def ends_of(convenios: QuerySet[ConvenioCoalicion]) -> dict[int, date]:
    """Return the first day on which each agreement no longer rules, by its number; none of those that still do."""
    later = ConvenioCoalicion.objects.filter(coalicion=OuterRef("coalicion"), pk__gt=OuterRef("pk"))
    first = later.order_by().values("coalicion").annotate(first=Min("desde")).values("first")
    rows = convenios.annotate(termina=models.Subquery(first)).values_list("pk", "termina")
    return {pk: day for pk, day in rows if day is not None}
