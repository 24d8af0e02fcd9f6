"""What ran: each version of a rule, kept for ever, and what it judged in each run; written once."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from sif.registry.protection import refuse_change


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0005_review_walls'),
        ('books', '0003_immutable_and_walled'),
    ]

    operations = [
        migrations.CreateModel(
            name='VersionRegla',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('regla', models.CharField(max_length=8)),
                ('archivo', models.TextField(blank=True)),
                ('compilada', models.TextField()),
                ('guardada_el', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'versión de una regla',
            },
        ),
        migrations.CreateModel(
            name='ReglaCorrida',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('regla', models.CharField(max_length=8)),
                ('motor', models.CharField(max_length=40)),
                ('segundos', models.FloatField()),
                ('juzgadas', models.PositiveBigIntegerField()),
                ('hallazgo', models.PositiveBigIntegerField()),
                ('cumple', models.PositiveBigIntegerField()),
                ('no_aplica', models.PositiveBigIntegerField()),
                ('sin_dato', models.PositiveBigIntegerField()),
                ('monto_hallazgo', models.BigIntegerField()),
                ('corrida', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reglas', to='audit.corrida')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corridas', to='audit.versionregla')),
            ],
            options={
                'verbose_name': 'regla de una corrida',
                'constraints': [models.UniqueConstraint(fields=('corrida', 'regla'), name='regla_una_vez_por_corrida'), models.CheckConstraint(condition=models.Q(('juzgadas', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('hallazgo'), '+', models.F('cumple')), '+', models.F('no_aplica')), '+', models.F('sin_dato')))), name='regla_corrida_suma_lo_juzgado')],
            },
        ),
        migrations.RunSQL("".join(map(refuse_change, ["audit_versionregla", "audit_reglacorrida"]))),
    ]
