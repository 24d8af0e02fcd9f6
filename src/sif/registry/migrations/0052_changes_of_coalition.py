"""The same person goes on for a coalition, or for a party of one, in the place of the candidacy that changes."""

from django.db import migrations

PINNED = "SET search_path = pg_catalog, public, pg_temp"

GUARD = f"""
-- Another person takes a place for the same subject; the same one changes between a coalition and who shares it.
CREATE OR REPLACE FUNCTION sif_guard_sustitucion() RETURNS trigger LANGUAGE plpgsql {PINNED} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_fincandidatura f
        JOIN registry_candidatura s ON s.id = f.candidatura_id
        JOIN registry_candidatura e ON e.id = NEW.entra_id
        JOIN registry_contabilidad c ON c.candidatura_id = e.id
        JOIN registry_sujetoobligado t ON t.id = e.sujeto_id
        JOIN registry_sujetoobligado u ON u.id = s.sujeto_id
        WHERE f.id = NEW.sale_id AND e.id <> s.id AND sif_standing_end(s.id) = f.id AND sif_standing_end(e.id) IS NULL
          AND NOT EXISTS (SELECT FROM sif_contest(s.id) o WHERE o <> s.id AND sif_standing_end(o) IS NULL)
          AND (e.etapa_id, e.cargo_id, e.territorio_id) = (s.etapa_id, s.cargo_id, s.territorio_id)
          AND CASE WHEN f.causa = 'cambio_coalicion'
              THEN e.persona_id = s.persona_id AND e.sujeto_id <> s.sujeto_id
                   AND ARRAY[t.tipo, u.tipo]::text[] <@ ARRAY['partido', 'partido_local', 'coalicion', 'comun']
                   AND ARRAY[t.tipo, u.tipo]::text[] && ARRAY['coalicion', 'comun']
              ELSE e.sujeto_id = s.sujeto_id END) THEN
        RAISE EXCEPTION 'La candidatura % no sustituye a esa: contiende por otra cosa, no tiene libros, ya terminó o hay quien contienda en ese lugar.',
            NEW.entra_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0051_relief_of_responsables")]
    operations = [migrations.RunSQL(GUARD)]
