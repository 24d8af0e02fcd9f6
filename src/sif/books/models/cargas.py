"""Define the table of uploads that arrive in pieces."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sif.books.models.polizas import Archivo, Poliza


class Carga(models.Model):
    """A file being uploaded in pieces: how many of its bytes arrived, and the file and póliza it ended as."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="cargas")
    poliza = models.ForeignKey(Poliza, models.PROTECT, null=True, related_name="cargas")
    clase = models.CharField(max_length=40, blank=True)
    nombre = models.CharField(max_length=255)
    bytes = models.BigIntegerField()
    recibidos = models.BigIntegerField(default=0)
    iniciada_el = models.DateTimeField()
    iniciada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    archivo = models.ForeignKey(Archivo, models.PROTECT, null=True, related_name="cargas")

    class Meta:
        verbose_name = "carga de archivo"
        constraints = [
            models.CheckConstraint(
                condition=Q(bytes__gt=0, recibidos__gte=0, recibidos__lte=F("bytes")), name="carga_bytes_en_orden"
            )
        ]
