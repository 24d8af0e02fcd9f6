"""A link is taken back by an act beside it; the database itself lets one standing link claim a line or a movement."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import of_same_books, record, wall

RECORDS = ("banks_enlacedeshecho", "banks_enlace", "banks_ladobanco", "banks_ladolibros")
KEPT = """
INSERT INTO banks_enlacedeshecho (enlace_id, contabilidad_id, hecho_el, hecho_por_id)
    SELECT id, contabilidad_id, deshecho_el, deshecho_por_id FROM banks_enlace WHERE deshecho_el IS NOT NULL ORDER BY id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
OLD = "".join(
    f"DROP TRIGGER {table}_se_queda ON {table};" for table in ("banks_enlace", "banks_ladobanco", "banks_ladolibros")
)


def claim(side: str, column: str, claimed: str) -> str:
    """The trigger by which a line or a movement has one standing link: its row is locked, then its sides are read.

    As the owner of the tables, since the ordinary role may lock no record; each read sees what others committed.
    """
    return f"""
CREATE FUNCTION {side}_reclama() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM public.{claimed} WHERE id = NEW.{column} FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM public.{side} s WHERE s.{column} = NEW.{column} AND NOT EXISTS (
            SELECT FROM public.banks_enlacedeshecho d WHERE d.enlace_id = s.enlace_id)) THEN
        RAISE EXCEPTION 'Otro enlace vigente ya reclama la fila % de {claimed}.', NEW.{column}
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {side}_reclama BEFORE INSERT ON {side} FOR EACH ROW EXECUTE FUNCTION {side}_reclama();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("banks", "0004_records"),
        ("registry", "0009_records_of_rnp"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="EnlaceDeshecho",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hecho_el", models.DateTimeField()),
                (
                    "contabilidad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.contabilidad"
                    ),
                ),
                (
                    "enlace",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deshecho", to="banks.enlace"
                    ),
                ),
                (
                    "hecho_por",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "enlace bancario deshecho"},
        ),
        migrations.RunSQL(KEPT),
        migrations.RemoveConstraint("enlace", "enlace_deshecho_por_alguien"),
        migrations.RemoveConstraint("ladobanco", "linea_en_un_solo_enlace"),
        migrations.RemoveConstraint("ladolibros", "movimiento_en_un_solo_enlace"),
        migrations.RemoveField("enlace", "deshecho_el"),
        migrations.RemoveField("enlace", "deshecho_por"),
        migrations.RemoveField("ladobanco", "vigente"),
        migrations.RemoveField("ladolibros", "vigente"),
        migrations.AddConstraint(
            "enlace", models.UniqueConstraint(fields=["id", "contabilidad"], name="enlace_con_su_contabilidad")
        ),
        migrations.RunSQL(of_same_books("banks_enlacedeshecho", "enlace_id", "banks_enlace")),
        migrations.RunSQL(claim("banks_ladobanco", "linea_id", "banks_lineabancaria")),
        migrations.RunSQL(claim("banks_ladolibros", "movimiento_id", "books_movimiento")),
        migrations.RunSQL(wall("banks_enlacedeshecho")),
        migrations.RunSQL(OLD + "".join(map(record, RECORDS))),
    ]
