"""Define the two ways in which a record changes: a version, or an act beside it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Version(models.Model):
    """One version of something: rows of one `identidad` in order of `version`; the current one replaces all others.

    The database gives `identidad` and `version`, refuses a second row that replaces the same one, and from the second
    version on wants the reason and its author. Current rows are those with `reemplazada_por=None`; what cites a row
    shows for ever what it showed that day. A table of these is made so by `protection.versioned`.
    """

    identidad = models.BigIntegerField(db_default=0, editable=False)
    version = models.PositiveIntegerField(db_default=0, editable=False)
    reemplaza_a = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="reemplazada_por"
    )
    motivo = models.CharField(max_length=300, blank=True, db_default="")
    registrada_el = models.DateTimeField(db_default=Now(), editable=False)
    registrada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True


class Act(models.Model):
    """An act on what another row registered, inserted once beside it: in which books, when and by whom.

    The author is null only where the act was done before its author was kept.
    """

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="+")
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class Cancellable(models.Model):
    """A record that an act named `cancelacion`, with its reason, may leave without effect."""

    class Meta:
        abstract = True

    @property
    def cancelado_el(self) -> datetime | None:
        """Return when it was left without effect; None while it has effect."""
        act = getattr(self, "cancelacion", None)
        return act.hecho_el if act else None

    @property
    def motivo(self) -> str:
        """Return why it was left without effect; '' while it has effect."""
        act = getattr(self, "cancelacion", None)
        return act.motivo if act else ""
