"""Refuse an hour said by a computer that no clock says: PostgreSQL keeps some that nobody reads back.

What ends a commitment enters in the scope of the registry alone, which is always of an act: its policy of acts asked
nothing more.
"""

from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("filing", "0009_commitments")]
    operations = [
        migrations.AddConstraint(
            "compromiso",
            models.CheckConstraint(
                condition=Q(firmado_el__isnull=True)
                | Q(firmado_el__gte=datetime(2000, 1, 1, tzinfo=UTC), firmado_el__lt=datetime(2200, 1, 1, tzinfo=UTC)),
                name="compromiso_hora_de_un_reloj",
            ),
        ),
        migrations.RunSQL("DROP POLICY filing_compromisosinefecto_acto ON filing_compromisosinefecto"),
    ]
