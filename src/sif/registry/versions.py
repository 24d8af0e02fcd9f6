"""A record that changes by versions: each row is one, and the row that it replaces stays as it was."""

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
