"""A candidacy says from which day it contends, by the accord that approved it; both are corrected as its other facts."""

from django.db import migrations, models
from django.db.models import Q

PINNED = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
NAMES = ("persona_id", "cargo_id", "territorio_id", "folio", "aprobada_el", "acuerdo_aprobacion")
CORRECTABLE = f"""
CREATE OR REPLACE FUNCTION sif_correct() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF NEW.sujeto_id IS NOT NULL THEN
        UPDATE registry_sujetoobligado SET (numero, siglas, nombre, rfc) = (
            NEW.despues ->> 'numero', NEW.despues ->> 'siglas', NEW.despues ->> 'nombre', NEW.despues ->> 'rfc')
            WHERE id = NEW.sujeto_id;
    ELSE
        UPDATE registry_candidatura SET
            (persona_id, cargo_id, territorio_id, folio, aprobada_el, acuerdo_aprobacion) = (
            (NEW.despues ->> 'persona_id')::bigint, (NEW.despues ->> 'cargo_id')::bigint,
            (NEW.despues ->> 'territorio_id')::bigint, NEW.despues ->> 'folio',
            (NEW.despues ->> 'aprobada_el')::date, NEW.despues ->> 'acuerdo_aprobacion')
            WHERE id = NEW.candidatura_id;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER registry_candidatura_inmutable ON registry_candidatura;
CREATE TRIGGER registry_candidatura_inmutable BEFORE UPDATE OR DELETE ON registry_candidatura FOR EACH ROW
    EXECUTE FUNCTION sif_refuse_uncorrected('candidatura_id', {", ".join(repr(name) for name in NAMES)});
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0039_cache_in_acts")]
    operations = [
        migrations.AddField(model_name="candidatura", name="aprobada_el", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="candidatura", name="acuerdo_aprobacion", field=models.CharField(max_length=60, null=True)
        ),
        migrations.AddConstraint(
            model_name="candidatura",
            constraint=models.CheckConstraint(
                condition=Q(acuerdo_aprobacion=None) | Q(aprobada_el__isnull=False) & ~Q(acuerdo_aprobacion=""),
                name="candidatura_acuerdo_con_su_dia",
            ),
        ),
        migrations.RunSQL(CORRECTABLE),
    ]
