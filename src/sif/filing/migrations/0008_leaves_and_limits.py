"""Leaves are read by whose books they are of, by the authority and by the cut; attempts, by who counts them.

-4 is the person of the passes that `registry.limits` opens around its statements (`scope.DOOR`).
"""

from django.db import migrations

from sif.registry.protection import REGISTRY, seen

LEAVES, ATTEMPTS = "registry_hoja", "registry_limite"
DOOR = "(SELECT sif_persona()) = -4"
WALLS = f"""
ALTER TABLE {LEAVES} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {LEAVES}_alcance ON {LEAVES} FOR SELECT USING ({seen()} OR {REGISTRY});
ALTER TABLE {ATTEMPTS} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {ATTEMPTS}_puerta ON {ATTEMPTS} USING ({DOOR}) WITH CHECK ({DOOR});
"""


class Migration(migrations.Migration):
    dependencies = [("filing", "0007_presented_by_the_service"), ("registry", "0038_restored_candidacies")]
    operations = [migrations.RunSQL(WALLS)]
