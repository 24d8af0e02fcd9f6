"""Define the records of candidacies that end: the act that ends one, and who takes its place."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class FinCandidatura(models.Model):
    """The act that ends a candidacy: why, the first day on which it no longer contends, its accord. Never changed.

    `causa` is a key of `bajas.yaml`; `presentada_el`, the day of a resignation. Its books stay: they record what took
    place before that day and owe the reports of the days they ran.
    """

    candidatura = models.OneToOneField("registry.Candidatura", models.PROTECT, related_name="fin")
    causa = models.CharField(max_length=20)
    desde = models.DateField()
    presentada_el = models.DateField(null=True)
    acuerdo = models.CharField(max_length=60)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "fin de candidatura"
        constraints = [
            models.CheckConstraint(condition=~Q(acuerdo=""), name="fin_candidatura_con_acuerdo"),
            models.CheckConstraint(
                condition=Q(causa="renuncia", presentada_el__isnull=False, presentada_el__lte=F("desde"))
                | ~Q(causa="renuncia") & Q(presentada_el__isnull=True),
                name="fin_candidatura_renuncia_presentada",
            ),
        ]


class SustitucionCandidatura(models.Model):
    """The act by which one candidacy takes the place of another that ended, with books of its own. Never changed."""

    sale = models.OneToOneField(FinCandidatura, models.PROTECT, related_name="sustitucion")
    entra = models.OneToOneField("registry.Candidatura", models.PROTECT, related_name="sustituye")
    acuerdo = models.CharField(max_length=60)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "sustitución de candidatura"
        constraints = [models.CheckConstraint(condition=~Q(acuerdo=""), name="sustitucion_con_acuerdo")]
