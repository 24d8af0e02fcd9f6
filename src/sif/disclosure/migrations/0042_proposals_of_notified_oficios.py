"""A subject reads what an oficio notified to it was proposed with: of a second one, why each answer cured or did not.

Before that notice, and of what was withdrawn or waits, the proposal is of the authority alone.
"""

from django.db import migrations

from sif.registry.protection import seen, show

NOTIFIED = seen("id", "propuesto_id FROM proceedings_oficio")


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0041_before_the_vote"), ("proceedings", "0019_second_oficio")]
    operations = [migrations.RunSQL(show("proceedings_oficiopropuesto", reads=NOTIFIED))]
