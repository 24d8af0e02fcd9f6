"""What a lot brings is checked against its lot and its póliza together with their books: one question for two."""

import django.db.models.deletion
from django.db import migrations, models

TOGETHER = """
ALTER TABLE {table} ADD CONSTRAINT {table}_de_su_lote FOREIGN KEY (lote_id, contabilidad_id)
    REFERENCES batch_lote (id, contabilidad_id) DEFERRABLE INITIALLY DEFERRED;
"""
APART = "ALTER TABLE {table} DROP CONSTRAINT {table}_de_su_lote;"


class Migration(migrations.Migration):
    dependencies = [("batch", "0003_fewer_indexes")]
    operations = [
        migrations.AddConstraint(
            "lote", models.UniqueConstraint(fields=("id", "contabilidad"), name="lote_con_su_contabilidad")
        ),
        migrations.RunSQL(
            "".join(TOGETHER.format(table=table) for table in ("batch_filalote", "batch_polizacargada")),
            "".join(APART.format(table=table) for table in ("batch_filalote", "batch_polizacargada")),
        ),
        migrations.AlterField(
            "filalote", "lote",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="filas", to="batch.lote",
            ),
        ),
        migrations.AlterField(
            "filalote", "contabilidad",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="registry.contabilidad",
            ),
        ),
        migrations.AlterField(
            "polizacargada", "lote",
            models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="polizas",
                to="batch.lote",
            ),
        ),
        migrations.AlterField(
            "polizacargada", "contabilidad",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
                related_name="polizas_cargadas", to="registry.contabilidad",
            ),
        ),
        migrations.AlterField(
            "polizacargada", "poliza",
            models.OneToOneField(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="cargada",
                to="books.poliza",
            ),
        ),
    ]  # fmt: skip
