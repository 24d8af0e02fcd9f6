"""End the sessions that are kept by the key of their cookie: who has a copy of the table would enter with it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0028_with_their_act"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL("DELETE FROM django_session; DELETE FROM usersessions_usersession;", migrations.RunSQL.noop)
    ]
