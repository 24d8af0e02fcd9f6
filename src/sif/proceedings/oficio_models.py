"""Define the tables of oficios: proposed, withdrawn and notified."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

FIRST = Q(primero__isnull=True)
OF_ALL = Q(periodo__isnull=True)
UNTIL = "el último periodo que revisa, si otro oficio revisa los que siguen; vacío: hasta el último de la etapa"
WHOLE_PROPOSAL = FIRST & Q(valoraciones__isnull=True) | ~FIRST & Q(valoraciones__isnull=False)


class OficioPropuesto(models.Model):
    """A proposal to notify a subject, by the digest of its content; of a second oficio, with appraisals of answers."""

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="oficios_propuestos")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="oficios_propuestos")
    huella = models.CharField(max_length=64)
    propuesto_el = models.DateTimeField()
    propuesto_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    primero = models.ForeignKey("Oficio", models.PROTECT, null=True, related_name="segundos_propuestos")
    valoraciones = models.JSONField(null=True, help_text="de un segundo oficio: [{observacion, subsana, razon}]")
    periodo = models.ForeignKey("registry.Periodo", models.PROTECT, null=True, related_name="+", help_text=UNTIL)

    class Meta:
        verbose_name = "oficio propuesto"
        constraints = [
            models.CheckConstraint(condition=WHOLE_PROPOSAL, name="oficio_propuesto_con_valoraciones"),
            models.CheckConstraint(condition=FIRST | OF_ALL, name="oficio_propuesto_segundo_de_toda_la_etapa"),
        ]


class OficioRetirado(models.Model):
    """The end of a proposal of oficio that was not issued."""

    propuesto = models.OneToOneField(OficioPropuesto, models.PROTECT, related_name="retirado")
    retirado_el = models.DateTimeField()
    retirado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "oficio retirado"


class Oficio(models.Model):
    """The oficio de errores y omisiones of a subject, notified, with the last instant to answer.

    primero: of a second oficio, that whose answers it appraises; it notifies what they did not cure [LGPP 80.1.b.III].
    Of the one that informs the result of the answers to a second oficio, that second; it notifies nothing more.
    periodo: the last period that it reviews, where the reports of a campaign are reviewed apart [LGPP 80.1.d.II-III];
    None in the oficio that reviews up to the last one. It begins after the period of the oficio before.
    """

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="oficios")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="oficios")
    numero = models.CharField(max_length=40, unique=True)
    documento = models.OneToOneField("Documento", models.PROTECT, related_name="oficio")
    notificacion = models.OneToOneField("notices.Notificacion", models.PROTECT, related_name="oficio")
    observaciones = models.ManyToManyField("audit.Observacion", related_name="oficios")
    notificado_el = models.DateTimeField()
    vence_el = models.DateTimeField()
    emitido_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    propuesto = models.OneToOneField(OficioPropuesto, models.PROTECT, null=True, related_name="oficio")
    primero = models.OneToOneField("self", models.PROTECT, null=True, related_name="segundo")
    periodo = models.ForeignKey("registry.Periodo", models.PROTECT, null=True, related_name="+", help_text=UNTIL)

    class Meta:
        verbose_name = "oficio de errores y omisiones"
        constraints = [
            models.UniqueConstraint(fields=["etapa", "sujeto"], condition=FIRST & OF_ALL, name="oficio_uno_por_sujeto"),
            models.UniqueConstraint(fields=["etapa", "sujeto", "periodo"], name="oficio_uno_por_periodo"),
            models.CheckConstraint(condition=FIRST | OF_ALL, name="oficio_segundo_de_toda_la_etapa"),
        ]

    @property
    def da_plazo(self) -> bool:
        """Return whether it grants a term to answer: one that tells that all was cured, or a result, grants none."""
        return self.vence_el > self.notificado_el

    @property
    def informa(self) -> bool:
        """Return whether it informs the result of the answers to a second oficio [LGPP 80.1.b.III]."""
        return self.primero is not None and self.primero.primero_id is not None
