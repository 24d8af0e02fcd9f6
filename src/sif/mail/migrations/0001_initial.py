"""Addresses, messages, the letters that wait and what became of each message."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sif.registry.protection import ALL, REGISTRY, asked_by, record, seen, signed, wall

MAIL = "(SELECT sif_persona()) = -5"
OWN = f"{ALL} OR {asked_by('usuario_id')}"
WALLS = (
    record("mail_direccion")
    + record("mail_mensaje")
    + record("mail_intento")
    + wall("mail_direccion", f"{REGISTRY} OR {OWN}", OWN)
    + signed("mail_direccion", "usuario_id")
    + wall("mail_mensaje", f"{REGISTRY} OR {ALL} OR {asked_by('pedido_por_id')}", REGISTRY)
    + signed("mail_mensaje", "pedido_por_id")
    + wall("mail_intento", f"{REGISTRY} OR {seen('mensaje_id', 'id FROM mail_mensaje')}", REGISTRY)
    # a letter is read by who sends it and by nobody else, whatever their scope: its link opens an account
    + "ALTER TABLE mail_carta ENABLE ROW LEVEL SECURITY;"
    f"CREATE POLICY mail_carta_reparto ON mail_carta USING ({MAIL}) WITH CHECK ({MAIL});"
    f"CREATE POLICY mail_carta_encola ON mail_carta FOR INSERT WITH CHECK ({REGISTRY});"
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("registry", "0043_days_of_nobodys_session"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name='Mensaje',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identificador', models.CharField(help_text='el de Message-ID, fijo desde que se encola', max_length=32, unique=True)),
                ('clase', models.CharField(choices=[('invitacion', 'Invitación'), ('enlace', 'Enlace nuevo'), ('aviso', 'Aviso de una notificación'), ('direccion', 'Cambio de dirección'), ('recordatorio', 'Recordatorio de un plazo'), ('acuse', 'Acuse de un informe')], max_length=16)),
                ('para', models.CharField(blank=True, max_length=254)),
                ('idioma', models.CharField(max_length=5)),
                ('asunto', models.CharField(max_length=200)),
                ('huella', models.CharField(help_text='SHA-256 de su texto', max_length=64)),
                ('tipo', models.CharField(blank=True, max_length=30)),
                ('objeto', models.BigIntegerField(null=True)),
                ('clave', models.CharField(max_length=120, null=True, unique=True)),
                ('encolado_el', models.DateTimeField()),
                ('caduca_el', models.DateTimeField(help_text='después ya no se manda')),
                ('pedido_por', models.ForeignKey(help_text='de quién es el acto; vacío: de nadie, lo pide el calendario', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('persona', models.ForeignKey(help_text='a quién, si tiene cuenta', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'mensaje de correo',
            },
        ),
        migrations.CreateModel(
            name='Direccion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('correo', models.CharField(blank=True, max_length=254)),
                ('idioma', models.CharField(max_length=5)),
                ('hecha_el', models.DateTimeField()),
                ('usuario', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='direcciones', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'dirección de correo',
            },
        ),
        migrations.CreateModel(
            name='Intento',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resultado', models.CharField(choices=[('enviado', 'Lo aceptó el servidor'), ('pospuesto', 'Se intentará otra vez'), ('cortado', 'No se sabe si salió'), ('rechazado', 'Lo rechazó el servidor'), ('abandonado', 'Ya no se intenta'), ('devuelto', 'Devuelto'), ('sin_direccion', 'Sin dirección')], max_length=16)),
                ('codigo', models.PositiveSmallIntegerField(help_text='el que dio el servidor', null=True)),
                ('dicho', models.CharField(blank=True, help_text='las palabras del servidor', max_length=300)),
                ('hecho_el', models.DateTimeField()),
                ('mensaje', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hechos', to='mail.mensaje')),
            ],
            options={
                'verbose_name': 'intento de correo',
            },
        ),
        migrations.CreateModel(
            name='Carta',
            fields=[
                ('mensaje', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='carta', serialize=False, to='mail.mensaje')),
                ('cuerpo', models.TextField()),
                ('proximo_el', models.DateTimeField(help_text='vacío: ya no se intenta por sí sola', null=True)),
                ('tomada_el', models.DateTimeField(null=True)),
                ('intentos', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'carta que espera',
                'indexes': [models.Index(condition=models.Q(('proximo_el__isnull', False)), fields=['proximo_el'], name='carta_por_mandar')],
            },
        ),
        migrations.AddIndex(
            model_name='mensaje',
            index=models.Index(fields=['tipo', 'objeto'], name='mensaje_de_que'),
        ),
        migrations.AddIndex(
            model_name='direccion',
            index=models.Index(fields=['usuario', '-id'], name='direccion_de_persona'),
        ),
        migrations.AddIndex(
            model_name='intento',
            index=models.Index(fields=['mensaje', '-id'], name='intento_de_mensaje'),
        ),
        migrations.RunSQL(WALLS),
    ]
