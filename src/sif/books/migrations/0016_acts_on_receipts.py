"""A REPAP receipt and a CEP are signed and cancelled by acts beside their rows, which never change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import of_same_books, record, wall

ACTS = {
    "books_cancelacionrepap": ("recibo_id", "books_reciborepap"),
    "books_cancelacioncep": ("cep_id", "books_cep"),
    "books_firmacep": ("cep_id", "books_cep"),
}
# who did it was not kept before
KEPT = """
INSERT INTO books_cancelacionrepap (recibo_id, contabilidad_id, motivo, hecho_el)
    SELECT id, contabilidad_id, motivo, cancelado_el FROM books_reciborepap WHERE cancelado_el IS NOT NULL ORDER BY id;
INSERT INTO books_cancelacioncep (cep_id, contabilidad_id, motivo, hecho_el)
    SELECT id, contabilidad_id, motivo, cancelado_el FROM books_cep WHERE cancelado_el IS NOT NULL ORDER BY id;
INSERT INTO books_firmacep (cep_id, contabilidad_id, certificado_serie, certificado, sello, hecho_el)
    SELECT id, contabilidad_id, certificado_serie, coalesce(certificado, ''), sello, firmado_el FROM books_cep
    WHERE firmado_el IS NOT NULL ORDER BY id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0015_indexes_of_lines"),
        ("registry", "0009_records_of_rnp"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="CancelacionRepap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hecho_el", models.DateTimeField()),
                ("motivo", models.CharField(max_length=200)),
                (
                    "recibo",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cancelacion", to="books.reciborepap"
                    ),
                ),
                (
                    "contabilidad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.contabilidad"
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
            options={"verbose_name": "cancelación de recibo REPAP"},
        ),
        migrations.CreateModel(
            name="CancelacionCep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hecho_el", models.DateTimeField()),
                ("motivo", models.CharField(max_length=200)),
                (
                    "cep",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cancelacion", to="books.cep"
                    ),
                ),
                (
                    "contabilidad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.contabilidad"
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
            options={"verbose_name": "cancelación de CEP"},
        ),
        migrations.CreateModel(
            name="FirmaCep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hecho_el", models.DateTimeField()),
                ("certificado_serie", models.CharField(max_length=40)),
                ("certificado", models.BinaryField(help_text="con que se firmó, para comprobar el sello")),
                ("sello", models.TextField()),
                (
                    "cep",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="firma", to="books.cep"
                    ),
                ),
                (
                    "contabilidad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.contabilidad"
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
            options={"verbose_name": "firma de CEP"},
        ),
        migrations.RunSQL(KEPT),
        *(migrations.RemoveField("reciborepap", name) for name in ("cancelado_el", "motivo")),
        *(
            migrations.RemoveField("cep", name)
            for name in ("firmado_el", "certificado_serie", "certificado", "sello", "cancelado_el", "motivo")
        ),
        migrations.AddConstraint(
            "reciborepap", models.UniqueConstraint(fields=["id", "contabilidad"], name="repap_con_su_contabilidad")
        ),
        migrations.AddConstraint(
            "cep", models.UniqueConstraint(fields=["id", "contabilidad"], name="cep_con_su_contabilidad")
        ),
        migrations.RunSQL("".join(of_same_books(table, *of) for table, of in ACTS.items())),
        migrations.RunSQL("".join(map(wall, ACTS))),
        migrations.RunSQL("".join(map(record, [*ACTS, "books_reciborepap", "books_cep"]))),
    ]
