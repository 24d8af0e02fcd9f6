"""Let a dictamen have another project of resolución where the council rejected the one before, and no other way."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

GUARD = """
CREATE FUNCTION sif_guard_sustituye() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.sustituye_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM proceedings_resolucion r JOIN proceedings_resolucionvotada v ON v.resolucion_id = r.id
        WHERE r.id = NEW.sustituye_id AND r.dictamen_id = NEW.dictamen_id AND v.estado = 'rechazada') THEN
        RAISE EXCEPTION 'La resolución % sólo sustituye a la que el Consejo rechazó del mismo dictamen.', NEW.numero
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proceedings_resolucion_sustituye BEFORE INSERT ON proceedings_resolucion
    FOR EACH ROW EXECUTE FUNCTION sif_guard_sustituye();
"""


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0017_acts_of_now_on_what_is_open")]
    operations = [
        migrations.AlterField(
            "resolucion",
            "dictamen",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="resoluciones", to="proceedings.dictamen"
            ),
        ),
        migrations.AddField(
            "resolucion",
            "sustituye",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sustituta",
                to="proceedings.resolucion",
            ),
        ),
        migrations.AlterField(
            "sancion",
            "conclusion",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sanciones", to="proceedings.conclusion"
            ),
        ),
        migrations.AddConstraint(
            "resolucion",
            models.UniqueConstraint(
                fields=["dictamen"], condition=Q(sustituye__isnull=True), name="resolucion_primera_de_su_dictamen"
            ),
        ),
        migrations.AddConstraint(
            "sancion",
            models.UniqueConstraint(fields=["resolucion", "conclusion"], name="sancion_una_por_conclusion"),
        ),
        migrations.RunSQL(GUARD),
    ]
