"""A contract is registered once and never changed; its notices, each a record, amend it."""

from django.db import migrations

from sif.registry.protection import record


class Migration(migrations.Migration):
    dependencies = [("books", "0013_whole_content"), ("registry", "0006_log_of_records")]
    operations = [migrations.RunSQL(record("books_contrato"))]
