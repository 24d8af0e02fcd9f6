"""Make the roles and the database of an installation in a server of PostgreSQL, once each."""

from collections.abc import Mapping

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

OWNER, APP, COPY = "sif_owner", "sif_app", "sif_respaldo"
UNSEEN = "track_activities=off"
"""What the application's role has set, so that no session of it reads in `pg_stat_activity` what another asks."""
NO_OBJECTS = "REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC"
"""What the superuser says in each database, so that no session leaves a large object, which any other would read."""


def make_roles(admin: str, database: str, passwords: Mapping[str, str] | None = None) -> list[str]:
    """Make what is not there of the roles and the database, as the superuser of `admin`; returns what was made.

    With passwords, those of an institution: each role enters by its own, kept by SCRAM, another copies, and nobody else
    connects. Without, those of the embedded server, whose owner also makes the databases of the tests. The role of the
    application owns nothing and is no superuser.
    """
    attributes = {OWNER: "", APP: "", COPY: "REPLICATION"} if passwords else {OWNER: "CREATEDB", APP: ""}
    with psycopg.connect(admin, autocommit=True) as connection:
        if connection.execute("SHOW summarize_wal").fetchone() == ("off",):
            connection.execute("ALTER SYSTEM SET summarize_wal = on")  # incremental backups read its summaries
            connection.execute("SELECT pg_reload_conf()")
        connection.execute("SELECT pg_advisory_lock(hashtext('sif.roles'))")  # two processes that start at once
        there: dict[str, list[str]] = dict(
            connection.execute("SELECT rolname, coalesce(rolconfig, '{}') FROM pg_roles").fetchall()
        )
        made = [role for role in attributes if role not in there]
        for role in made:
            _make_role(connection, role, attributes[role], (passwords or {}).get(role))
        if UNSEEN not in there.get(APP, []):
            connection.execute(sql.SQL("ALTER ROLE {} SET track_activities = off").format(sql.Identifier(APP)))
        names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        if database not in names:
            made.append(database)
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(database), sql.Identifier(OWNER)
                )
            )
        if passwords:
            _close_database(connection, database)
        for each in {database} if passwords else {"template1", database}:  # what is made of the first has none either
            with psycopg.connect(make_conninfo(admin, dbname=each), autocommit=True) as inside:
                inside.execute(NO_OBJECTS)
        with psycopg.connect(make_conninfo(admin, dbname=database), autocommit=True) as inside:
            inside.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
            _grant(inside)
    return made


def _make_role(
    connection: "psycopg.Connection[tuple[object, ...]]", role: str, extra: str, password: str | None
) -> None:
    """Make a role that enters; its password reaches the server, and its log, as the digest that SCRAM keeps."""
    said = sql.SQL("CREATE ROLE {} LOGIN " + extra).format(sql.Identifier(role))
    if password is not None:
        kept = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        said = sql.SQL(" ").join((said, sql.SQL("PASSWORD {}").format(sql.Literal(kept))))
    connection.execute(said)


def _close_database(connection: "psycopg.Connection[tuple[object, ...]]", database: str) -> None:
    """Let nobody but the roles of the installation connect to its database."""
    name = sql.Identifier(database)
    connection.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(name))
    allowed = sql.SQL(", ").join(map(sql.Identifier, (APP, COPY)))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, allowed))


def grant_to_app(owner_conninfo: str) -> None:
    """Let the application read and write the rows (never the structure) of every table the owner makes from now on."""
    with psycopg.connect(owner_conninfo, autocommit=True) as connection:
        _grant(connection)


def _grant(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute(
        f"ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};"
        f"ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO {APP};"
    )
