"""Each hallazgo names its matter, which the run that finds it writes; those of before are given theirs.

The leaf of a hallazgo of before was written without its matter, and bears out the row without it (`tables.FILLED`).
"""

import django.db.models.deletion
from django.db import migrations, models

from sif.registry.protection import ALL, REGISTRY, wall

FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO audit_asunto (etapa_id, contabilidad_id, regla, clave)
    SELECT DISTINCT ON (i.etapa_id, h.regla, h.clave) i.etapa_id, h.contabilidad_id, h.regla, h.clave
    FROM audit_hallazgo h JOIN audit_corrida c ON c.id = h.corrida_id JOIN audit_instantanea i ON i.id = c.instantanea_id
    ORDER BY i.etapa_id, h.regla, h.clave, h.id
    ON CONFLICT (etapa_id, regla, clave) DO NOTHING;
ALTER TABLE audit_hallazgo DISABLE TRIGGER audit_hallazgo_inmutable;
UPDATE audit_hallazgo h SET asunto_id = a.id
    FROM audit_corrida c, audit_instantanea i, audit_asunto a
    WHERE c.id = h.corrida_id AND i.id = c.instantanea_id
        AND a.etapa_id = i.etapa_id AND a.regla = h.regla AND a.clave = h.clave;
ALTER TABLE audit_hallazgo ENABLE TRIGGER audit_hallazgo_inmutable;
SET CONSTRAINTS ALL DEFERRED;
"""
WITHOUT_ACT = "DROP POLICY audit_asunto_acto ON audit_asunto;"
"""No request has the scope that writes a matter now, in an act or between them."""


class Migration(migrations.Migration):
    dependencies = [("audit", "0013_looks"), ("disclosure", "0026_records_by_acts")]
    operations = [
        migrations.AddField(
            model_name="hallazgo",
            name="asunto",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="hallazgos", to="audit.asunto"
            ),
        ),
        migrations.RunSQL(FILL),
        migrations.AlterField(
            model_name="hallazgo",
            name="asunto",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="hallazgos", to="audit.asunto"
            ),
        ),
        migrations.RemoveConstraint(model_name="hallazgo", name="hallazgo_unico"),
        migrations.AddConstraint(
            model_name="hallazgo",
            constraint=models.UniqueConstraint(
                fields=("corrida", "asunto"), include=("id", "regla", "contabilidad", "estado", "monto"), name="hallazgo_unico"
            ),
        ),
        migrations.RunSQL(wall("audit_asunto", f"{ALL} OR {REGISTRY}", REGISTRY) + WITHOUT_ACT),
    ]
