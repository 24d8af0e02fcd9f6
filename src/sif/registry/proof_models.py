"""Define the record by which a person proves, with the e.firma, the RFC of an account."""

from django.conf import settings
from django.db import models


class PruebaRfc(models.Model):
    """The proof that who has an account has the e.firma of an RFC: what was signed, its seal, its certificate.

    Never changed. Writing it takes the RFC to that account, and from any other that had it.
    """

    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="pruebas_rfc")
    rfc = models.CharField(max_length=13)
    cadena = models.TextField()
    sello = models.TextField()
    certificado = models.BinaryField()
    serie = models.CharField(max_length=40)
    hecha_el = models.DateTimeField()

    class Meta:
        verbose_name = "prueba de RFC"
