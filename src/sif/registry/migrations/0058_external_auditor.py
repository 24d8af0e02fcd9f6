"""The external auditor whom a party designates has a role of their own: they sign its annual report beside it."""

from django.db import migrations, models

ROLES = [
    ("responsable_finanzas", "Responsable de Finanzas"),
    ("administrador_so", "Administrador del sujeto"),
    ("capturista", "Capturista"),
    ("candidatura", "Candidatura"),
    ("consulta", "Consulta"),
    ("auditor_externo", "Auditor externo"),
    ("auditor", "Auditor"),
    ("revisor", "Revisor de auditoría"),
    ("resoluciones", "Resoluciones y Normatividad"),
    ("consejero", "Consejero electoral"),
    ("secretaria", "Secretaría Ejecutiva"),
    ("administrador", "Administrador del sistema"),
]


class Migration(migrations.Migration):
    dependencies = [("registry", "0057_delegations")]
    operations = [
        migrations.AlterField("nombramiento", "rol", models.CharField(choices=ROLES, max_length=24)),
    ]
