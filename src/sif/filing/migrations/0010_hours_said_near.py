"""Refuse an hour said by a computer that is far from the arrival of what it signed: some are not hours of any clock."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import F, Q

FAR = timedelta(days=3660)


class Migration(migrations.Migration):
    dependencies = [("filing", "0009_commitments")]
    operations = [
        migrations.AddConstraint(
            "compromiso",
            models.CheckConstraint(
                condition=Q(firmado_el__isnull=True)
                | Q(firmado_el__gte=F("recibido_el") - FAR, firmado_el__lte=F("recibido_el") + FAR),
                name="compromiso_firmado_cerca",
            ),
        )
    ]
