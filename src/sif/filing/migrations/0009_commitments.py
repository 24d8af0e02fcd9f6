"""A signature is kept when it arrives, before its acuse is made: by the service that judged it, in an act of who sends it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import REGISTRY, follows, not_ahead, of_an_act, record, seen, signed, wall

COMMITMENT, ENDED = "filing_compromiso", "filing_compromisosinefecto"
OF_THEIR_REPORT = f"{seen('informe_id', 'id FROM filing_informe')} OR {REGISTRY}"
OF_THEIRS = f"{seen('compromiso_id', f'id FROM {COMMITMENT}')} OR {REGISTRY}"


class Migration(migrations.Migration):
    dependencies = [
        ("filing", "0008_leaves_and_limits"),
        ("proceedings", "0017_acts_of_now_on_what_is_open"),
        ("disclosure", "0037_answers_after_what_they_answer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Compromiso",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("huella", models.CharField(help_text="SHA-256 de la cadena y el sello", max_length=64, unique=True)),
                ("recibido_el", models.DateTimeField()),
                ("firmado_el", models.DateTimeField(null=True)),
                ("preparada_el", models.DateTimeField()),
                ("cadena", models.TextField()),
                ("sello", models.TextField()),
                ("certificado", models.BinaryField()),
                ("rfc", models.CharField(max_length=13)),
                ("nombre", models.CharField(max_length=200)),
                ("serie", models.CharField(max_length=40)),
                ("emisor_sha256", models.CharField(max_length=64)),
                ("revocacion", models.CharField(max_length=12)),
                ("eslabon", models.PositiveBigIntegerField()),
                (
                    "informe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="compromisos", to="filing.informe"
                    ),
                ),
                (
                    "recibido_de",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"verbose_name": "compromiso de presentación"},
        ),
        migrations.CreateModel(
            name="CompromisoSinEfecto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("problemas", models.JSONField()),
                ("hecho_el", models.DateTimeField()),
                (
                    "compromiso",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sin_efecto", to="filing.compromiso"
                    ),
                ),
            ],
            options={"verbose_name": "compromiso sin efecto"},
        ),
        migrations.RunSQL(
            record(COMMITMENT)
            + record(ENDED)
            + wall(COMMITMENT, OF_THEIR_REPORT, REGISTRY)
            + wall(ENDED, OF_THEIRS, REGISTRY)
            + signed(COMMITMENT, "recibido_de_id")
            + of_an_act(ENDED)
            + follows(ENDED, "compromiso_id", COMMITMENT)
            + not_ahead(COMMITMENT, "recibido_el")
            + not_ahead(ENDED, "hecho_el")
        ),
    ]
