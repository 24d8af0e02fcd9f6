"""What is notified and what is kept as a document enter under the pass of an act, and not only with one that cites them.

That is asked when the transaction ends: within one that goes back a page had them.
"""

from django.db import migrations

from sif.registry.protection import of_an_act


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0014_votes_counted_by_who_may"),
        ("notices", "0003_records"),
        ("registry", "0033_pass_of_an_act"),
    ]
    operations = [migrations.RunSQL(of_an_act("proceedings_documento") + of_an_act("notices_notificacion"))]
