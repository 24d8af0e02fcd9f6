import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import record

RECORDS = "".join(record(f"registry_{name}") for name in ("invitacion", "cierreinvitacion"))


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0007_versions_of_donors'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitacion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('huella', models.CharField(max_length=64, unique=True)),
                ('rol', models.CharField(blank=True, max_length=24)),
                ('contabilidades', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list)),
                ('nombre', models.CharField(blank=True, max_length=120)),
                ('username', models.CharField(blank=True, max_length=150)),
                ('rfc', models.CharField(blank=True, max_length=13)),
                ('hecha_el', models.DateTimeField()),
                ('vence_el', models.DateTimeField()),
                ('invitada_por', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sujeto', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.sujetoobligado')),
                ('usuario', models.ForeignKey(help_text='a quién renueva; vacío: cuenta nueva', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'invitación',
            },
        ),
        migrations.CreateModel(
            name='CierreInvitacion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cerrada_el', models.DateTimeField()),
                ('usada_por', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invitacion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cierre', to='registry.invitacion')),
            ],
            options={
                'verbose_name': 'cierre de invitación',
            },
        ),
        migrations.AddConstraint(
            model_name='invitacion',
            constraint=models.CheckConstraint(condition=models.Q(('usuario__isnull', False), models.Q(('username', ''), _negated=True), _connector='OR'), name='invitacion_para_alguien'),
        ),
        migrations.RunSQL(RECORDS, migrations.RunSQL.noop),
    ]
