"""Who confirms, issues, closes, counts or publishes what another proposed has an RFC, as the database also holds."""

from django.db import migrations

from sif.registry.protection import second_eye

EYES = (
    second_eye("audit_propuestaresuelta", "hecho_por_id", "NEW.sentido <> 'retirada'")
    + second_eye("audit_observacionsinefecto", "hecho_por_id")
    + second_eye("proceedings_oficio", "emitido_por_id")
    + second_eye("proceedings_dictamencerrado", "cerrado_por_id")
    + second_eye("proceedings_resolucionvotada", "contada_por_id")
    + second_eye("disclosure_publicacion", "publicada_por_id")
    + second_eye("disclosure_publicacionretirada", "hecho_por_id")
)


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0016_walls_of_what_all_read"),
        ("audit", "0012_versions_of_observaciones"),
        ("proceedings", "0009_who_opened_a_dictamen"),
        ("registry", "0022_one_account_by_rfc"),
    ]
    operations = [migrations.RunSQL(EYES)]
