"""Where goods that enter the warehouse come from, and the certificate with which a CEP was signed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0007_evidencia_ultima")]
    operations = [
        migrations.AddField(
            "movimientoinventario",
            "origen",
            models.CharField(
                blank=True,
                choices=[("compra", "Compra"), ("aportacion", "Aportación"), ("transferencia", "Transferencia")],
                help_text="de las entradas",
                max_length=14,
            ),
        ),
        migrations.AddField(
            "cep", "certificado", models.BinaryField(help_text="con que se firmó, para comprobar el sello", null=True)
        ),
    ]
