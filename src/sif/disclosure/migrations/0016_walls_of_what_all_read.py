"""What everybody reads is written by whoever may: credentials and statuses by their service, invoices by somebody known.

An authenticator and a linked identity are of one person: they alone make and erase theirs. Entering marks them as used
before anybody is known, so they may be changed then, but not what proves: that is of its person too.
"""

from django.db import migrations

from sif.registry.protection import ALL, REGISTRY, SOMEBODY, asked_by, hold, publish, read_by_all

OF_THEIR_SERVICE = [
    "account_emailaddress", "account_emailconfirmation", "auth_group", "auth_group_permissions", "auth_permission",
    "batch_claveapi", "batch_revocacionclave", "books_estatuscomprobante", "django_content_type",
    "socialaccount_socialapp", "socialaccount_socialtoken",
]  # fmt: skip
OF_THE_AUTHORITY = [
    "audit_versionregla", "books_claseevidencia", "books_cuenta", "books_cuentaevidencia", "catalogs_lista69b",
    "catalogs_situacion69b", "registry_cargo", "registry_territorio",
]  # fmt: skip
OF_SOMEBODY = [
    "books_archivo", "books_comprobante", "books_conceptocomprobante", "books_hojaine", "books_nominacomprobante",
    "books_pagodocumento", "books_relacioncomprobante", "registry_persona", "registry_proveedor",
]  # fmt: skip
THEIRS = f"{REGISTRY} OR {asked_by('user_id')}"
OF_A_PERSON = ["mfa_authenticator", "socialaccount_socialaccount"]

FACTORS = """
-- Without its person a factor is only marked as used: of recovery codes, one that was not becomes so.
CREATE FUNCTION sif_guard_factor() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.data IS NOT DISTINCT FROM OLD.data OR public.sif_registro() OR public.sif_persona() = OLD.user_id THEN
        RETURN NEW;
    END IF;
    IF NEW.data - 'used_mask' IS DISTINCT FROM OLD.data - 'used_mask'
       OR (OLD.data ->> 'used_mask')::bigint & ~(NEW.data ->> 'used_mask')::bigint IS DISTINCT FROM 0 THEN
        RAISE EXCEPTION 'El factor % es de otra persona: solo ella lo cambia, después de entrar.', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mfa_authenticator_de_su_persona BEFORE UPDATE ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION sif_guard_factor();
"""


def used_before_entering(table: str) -> str:
    """The policy by which a credential is marked as used while nobody is known; triggers say what may change."""
    return f"CREATE POLICY {table}_candado ON {table} FOR UPDATE USING (true) WITH CHECK (true);"


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0015_withdrawals_of_two_people"),
        ("registry", "0021_scope_of_the_registry"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("audit", "0012_versions_of_observaciones"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("batch", "0006_revocations"),
        ("books", "0017_comprobantes_are_records"),
        ("catalogs", "0010_events_are_versions"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [
        migrations.RunSQL(
            "".join(read_by_all(table, REGISTRY) for table in OF_THEIR_SERVICE)
            + publish(*OF_THE_AUTHORITY)
            + "".join(read_by_all(table, SOMEBODY, changes=ALL) for table in OF_SOMEBODY)
        ),
        migrations.RunSQL("".join(read_by_all(t, THEIRS) + used_before_entering(t) for t in OF_A_PERSON)),
        migrations.RunSQL(
            FACTORS
            + hold("mfa_authenticator", "user_id", "type")
            + hold("socialaccount_socialaccount", "user_id", "provider", "uid")
        ),
    ]
