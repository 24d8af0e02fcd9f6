"""An event is a list of versions; the changes that were kept of each become versions of it, in their order."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import versioned

PROTECT = django.db.models.deletion.PROTECT
TEXTS = ("nombre", "tipo", "entidad", "municipio", "lugar", "responsable", "estatus")
OTHERS = {"oneroso": "boolean", "fecha": "date", "hora_inicio": "time", "hora_fin": "time"}
CAST = {**dict.fromkeys(TEXTS, "text"), **OTHERS}
NAMES = ", ".join(CAST)
SAID = ", ".join(f"(d.despues ->> '{name}')::{kind}" for name, kind in CAST.items())
FIRST = ", ".join(f"{name} = (f.antes ->> '{name}')::{kind}" for name, kind in CAST.items())
VERSIONS = f"""
UPDATE catalogs_evento SET identidad = id, version = 1;
DO $$ DECLARE d record; previa bigint; BEGIN
    FOR d IN SELECT x.*, e.numero, row_number() OVER own AS lugar_en_la_historia,
            coalesce(lead(x.antes) OVER own, to_jsonb(e)) AS despues
            FROM catalogs_cambioevento x JOIN catalogs_evento e ON e.id = x.evento_id
            WINDOW own AS (PARTITION BY x.evento_id ORDER BY x.id) ORDER BY x.evento_id, x.id LOOP
        previa := CASE d.lugar_en_la_historia WHEN 1 THEN d.evento_id ELSE previa END;
        INSERT INTO catalogs_evento (contabilidad_id, numero, {NAMES}, identidad, version, reemplaza_a_id, motivo,
                                     registrada_el, registrada_por_id)
            VALUES (d.contabilidad_id, d.numero, {SAID}, d.evento_id, d.lugar_en_la_historia + 1, previa,
                    coalesce(nullif(d.motivo, ''), 'Se realizó'), d.hecho_el, d.hecho_por_id)
            RETURNING id INTO previa;
    END LOOP;
END $$;
UPDATE catalogs_evento e SET {FIRST} FROM (
    SELECT DISTINCT ON (evento_id) evento_id, antes FROM catalogs_cambioevento ORDER BY evento_id, id) f
    WHERE e.id = f.evento_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
AUTHOR = models.ForeignKey(
    editable=False, null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
)
NOW = models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)
BEFORE = models.OneToOneField(
    blank=True, editable=False, null=True, on_delete=PROTECT, related_name="reemplazada_por", to="catalogs.evento"
)
UNIQUE = models.UniqueConstraint(
    condition=models.Q(reemplaza_a=None), fields=["contabilidad", "numero"], name="evento_numero_unico"
)


class Migration(migrations.Migration):
    dependencies = [
        ("catalogs", "0009_people_and_suppliers_are_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RenameField("evento", "registrado_el", "registrada_el"),
        migrations.RenameField("evento", "registrado_por", "registrada_por"),
        migrations.AlterField("evento", "registrada_el", NOW),
        migrations.AlterField("evento", "registrada_por", AUTHOR),
        migrations.AddField("evento", "identidad", models.BigIntegerField(db_default=0, editable=False)),
        migrations.AddField("evento", "version", models.PositiveIntegerField(db_default=0, editable=False)),
        migrations.AddField("evento", "reemplaza_a", BEFORE),
        migrations.AddField("evento", "motivo", models.CharField(blank=True, db_default="", max_length=300)),
        migrations.RemoveConstraint("evento", "evento_numero_unico"),
        migrations.AddConstraint("evento", UNIQUE),
        migrations.RunSQL(VERSIONS),
        migrations.RunSQL(versioned("catalogs_evento")),
        migrations.DeleteModel("CambioEvento"),
    ]
