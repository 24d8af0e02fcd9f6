"""Acts that are written once: the database refuses to change or delete them."""

from django.db import migrations

from sif.registry.protection import refuse_change

IMMUTABLE = ["audit_instantanea", "audit_corrida", "audit_cobertura", "audit_hallazgo", "audit_descarte"]


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_initial"), ("books", "0003_immutable_and_walled")]
    operations = [migrations.RunSQL("".join(map(refuse_change, IMMUTABLE)))]
