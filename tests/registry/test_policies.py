"""Every condition of every policy holds something: each mutant of it, made from the catalogue, shows or hides a row.

As a superuser, in a transaction that is undone: each table gets a row of subject, books and person OURS, whose keys
name rows that are there as well, and an orphan, past every check. Then, as the role of the application, people of other
scopes look at them and try to write them, with the policy as it stands and with each of its mutants.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from django.db import connection

from conditions import bare, mutants, split
from seeds import is_of_today
from sif.registry.scope import mint
from sif.registry.tables import IN_ACTS
from sif.registry.walls import OF_A_PROGRAM, READ, WRITTEN_BY, tables

OURS, THEIRS, ORPHAN, PUBLIC, ABSENT = 30_001, 30_002, 30_011, 30_012, 30_099
ROOTS = {"filing_cabezaarbol", "registry_cabeza", "registry_corte", "registry_sellocorte", "registry_sellobitacora"}
ALL_SEE = {name for name in tables() if re.fullmatch(r"disclosure_[a-z]+publicad[oa]", name)} | ROOTS | set(READ)
CREDENTIALS = {"mfa_authenticator", "socialaccount_socialaccount"}
LOCKED = CREDENTIALS | {
    "registry_contabilidad",
    "registry_etapa",
    "registry_proceso",
    "registry_sujetoobligado",
    "registry_usuario",
    "django_session",
}
WALLED = sorted(tables() - set(OF_A_PROGRAM))
STRANGERS = [("", THEIRS), (f"s{THEIRS}", THEIRS), (str(THEIRS), THEIRS)]
PROBES = [*STRANGERS, (f"s{THEIRS}", OURS), (f"s{OURS}", THEIRS), (f"s{OURS}", OURS), ("todo", THEIRS)]
PROBES += [("", 0), ("todo", 0), ("registro", THEIRS)]
CHOSEN: dict[str, dict[str, object]] = {"proceedings_resolucionvotada": {"estado": "aprobada"}}
LONE: dict[str, dict[str, object]] = {"registry_alcancepersona": {"identidad": ABSENT - 1}}
"""Of the orphan: the person of nobody is reached by nobody, and the authority reads her all the same."""
FILL = {
    "N": lambda n: n,
    "S": str,
    "B": lambda n: False,
    "D": lambda n: f"{1990 + n % 100}-04-10",
    "A": lambda n: [],
    "I": lambda n: f"10.0.{n // 256 % 256}.{n % 256}",
}
FILL_TYPE = {
    "jsonb": lambda n: {},
    "bytea": lambda n: f"\\x{n:08x}",
    "uuid": lambda n: f"{n:032x}",
    "time": lambda n: "12:00",
}
Profile = list[tuple[int, ...]]


@dataclass
class Catalogue:
    """A session of a superuser over the migrated database, with a row of OURS in each walled table."""

    cursor: Any
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def ask(self, sql: str, params: Any = None) -> Any:
        self.cursor.execute(sql, params)
        return self.cursor.fetchall() if self.cursor.description else []

    def fill(self) -> None:
        """Put the rows, past triggers, references and checks; undone with the session."""
        self.ask("SET LOCAL lock_timeout = '20s'; SET LOCAL session_replication_role = replica")
        for table in WALLED:
            other = THEIRS if table == "registry_contabilidad" else ORPHAN
            made = [self._row(table, number) | CHOSEN.get(table, {}) for number in (OURS, other)]
            made[1] |= {name: ABSENT for name, value in made[1].items() if value == ORPHAN and name != "id"}
            made[1] |= LONE.get(table, {})
            if "secreta" in made[0]:
                made = [each | {"secreta": True} for each in made] + [self._row(table, PUBLIC)]
            self.ask(f"DELETE FROM {table}")  # what the migrations put there
            self.rows[table] = made
            for each in made:
                self._put(table, each)

    def _columns(self, table: str) -> Any:
        return self.ask(
            "SELECT attname, typname, typcategory, CASE WHEN typname IN ('varchar', 'bpchar') THEN atttypmod - 4 END"
            " FROM pg_attribute JOIN pg_type t ON t.oid = atttypid WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = ''",
            [table],
        )

    def _row(self, table: str, number: int) -> dict[str, object]:
        """A row whose every number is this one, so that its keys name the rows of the other tables."""
        row: dict[str, object] = {}
        for name, kind, category, length in self._columns(table):
            value: Any = (FILL_TYPE.get(kind) or FILL[category])(number)
            row[name] = value[-length:] if length and length > 0 else value
        return row

    def _put(self, table: str, row: dict[str, object]) -> None:
        checks = self.ask("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", [table])
        for (name,) in checks:
            self.ask(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        self.ask(*self._insert(table, row))

    def _insert(self, table: str, row: dict[str, object]) -> tuple[str, list[str]]:
        names = ", ".join(f'"{name}"' for name in row)
        sql = f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
        return sql, [json.dumps(row)]

    def profile(self, table: str) -> Profile:
        """For each probe how many rows it sees, how many it may write in an act, and how many it may delete.

        Where a policy asks for the act alone, how many it writes between its acts as well, and of working state how
        many it changes and deletes in an act and between them.
        """
        asked = [self._sees, self._writes, self._deletes] + ([self._locks, self._changes] if table in LOCKED else [])
        asked += [self._writes_between] if self.asks_for_an_act(table) else []
        asked += [self._changes, self._changes_in_an_act, self._deletes_between] if table in IN_ACTS else []
        asked += [self._changes_in_an_act] if table in CREDENTIALS else []
        asked += [self._writes_between, self._deletes_between] if WRITTEN_BY.get(table) == "un acto" else []
        return [tuple(ask(table, *each) for ask in asked) for each in PROBES]

    def _as(self, scope: str, person: int, *, acts: bool = False) -> None:
        (backend,) = self.ask("SELECT pg_backend_pid()")[0]
        self.ask("SET LOCAL SESSION AUTHORIZATION sif_app")
        self.ask("SELECT set_config('sif.pase', %s, true)", [mint(scope, backend, person, acts=acts)])

    def _sees(self, table: str, scope: str, person: int) -> int:
        self.ask("SAVEPOINT probe")
        self._as(scope, person)
        (found,) = self.ask(f"SELECT count(*) FROM {table}")[0]
        self.ask("ROLLBACK TO probe")
        return int(found)

    def _writes(self, table: str, scope: str, person: int) -> int:
        return sum(self._takes(table, row, scope, person) for row in self.rows[table])

    def _writes_between(self, table: str, scope: str, person: int) -> int:
        return sum(self._takes(table, row, scope, person, acts=False) for row in self.rows[table])

    def _takes(self, table: str, row: dict[str, object], scope: str, person: int, *, acts: bool = True) -> bool:
        self.ask("SAVEPOINT probe")
        self.ask(f"DELETE FROM {table}")
        self._as(scope, person, acts=acts)
        try:
            self.ask(*self._insert(table, row))
        except psycopg.errors.InsufficientPrivilege as refused:
            assert "row-level security" in str(refused), str(refused)
            return False
        finally:
            self.ask("ROLLBACK TO probe")
        return True

    def _deletes_between(self, table: str, scope: str, person: int) -> int:
        return self._deletes(table, scope, person, acts=False)

    def _changes_in_an_act(self, table: str, scope: str, person: int) -> int:
        return self._changes(table, scope, person, acts=True)

    def _deletes(self, table: str, scope: str, person: int, *, acts: bool = True) -> int:
        if self.ask("SELECT has_table_privilege('sif_app', %s, 'DELETE')", [table]) == [(False,)]:
            return 0
        self.ask("SAVEPOINT probe")
        self._as(scope, person, acts=acts)
        self.cursor.execute(f"DELETE FROM {table}")
        found = self.cursor.rowcount
        self.ask("ROLLBACK TO probe")
        return int(found)

    def _locks(self, table: str, scope: str, person: int) -> int:
        """How many rows an act of this scope may lock."""
        self.ask("SAVEPOINT probe")
        self._as(scope, person)
        found = len(self.ask(f"SELECT 1 FROM {table} FOR NO KEY UPDATE"))
        self.ask("ROLLBACK TO probe")
        return found

    def _changes(self, table: str, scope: str, person: int, *, acts: bool = False) -> int:
        """How many rows may be changed; -1 where the attempt is refused."""
        self.ask("SAVEPOINT probe")
        self._as(scope, person, acts=acts)
        try:
            key = self._columns(table)[0][0]
            self.cursor.execute(f'UPDATE {table} SET "{key}" = "{key}"')
            return int(self.cursor.rowcount)
        except psycopg.errors.InsufficientPrivilege as refused:
            assert "row-level security" in str(refused), str(refused)
            return -1
        finally:
            self.ask("ROLLBACK TO probe")

    def asks_for_an_act(self, table: str) -> bool:
        """Whether the table has the policy of records that say no author."""
        return any(name == f"{table}_acto" for name, *_conditions in self.policies(table))

    def policies(self, table: str) -> Any:
        return self.ask("SELECT policyname, qual, with_check FROM pg_policies WHERE tablename = %s", [table])


@pytest.fixture
def catalogue(django_db_setup: None) -> Iterator[Catalogue]:
    name = connection.settings_dict["NAME"]
    admin = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=name, user="postgres")
    with psycopg.connect(admin) as session, session.cursor() as cursor:
        made = Catalogue(cursor)
        made.fill()
        yield made
        session.rollback()


@pytest.fixture
def unsigned(catalogue: Catalogue) -> Catalogue:
    """The catalogue without who signs, which the first test asks of: what is left is what each scope opens."""
    for table in WALLED:
        catalogue.ask(f"DROP POLICY IF EXISTS {table}_autor ON {table}")
    return catalogue


SECOND_HANDS = {
    "audit_propuestaresuelta",
    "disclosure_publicacion",
    "disclosure_publicacionretirada",
    "proceedings_dictamencerrado",
    "proceedings_oficio",
    "proceedings_resolucionsometida",
    "proceedings_resolucionvotada",
    "proceedings_voto",
}


def test_nobody_writes_in_the_name_of_another_whatever_their_scope(catalogue: Catalogue) -> None:
    signed = {name for (name,) in catalogue.ask("SELECT tablename FROM pg_policies WHERE policyname ~ '_autor$'")}
    assert signed > SECOND_HANDS | {"jobs_trabajo", "registry_nombramiento", "books_poliza"}
    for table in sorted(signed):
        row = catalogue.rows[table][0]
        for scope in ("todo", "registro", f"s{OURS}"):
            assert not catalogue._takes(table, row, scope, THEIRS), f"{table}, {scope}"
        assert any(catalogue._takes(table, row, scope, OURS) for scope in ("todo", "registro")), table


def test_a_stranger_sees_and_writes_nothing_and_the_authority_all(unsigned: Catalogue) -> None:
    for table in WALLED:
        found, n = dict(zip(PROBES, unsigned.profile(table), strict=True)), len(unsigned.rows[table])
        # of a list, the row that is not withheld; of calendars, the one that was opened
        open_to_all = n if table in ALL_SEE else n - (1 if table == "registry_calendariopropuesto" else 2)
        who = WRITTEN_BY.get(table, "")
        for each in [*STRANGERS, ("", 0)]:
            writes = n if who == "un acto" or (who == "alguien" and each[1]) else 0
            deletes = {"": (0, n - 2), "un acto": (n,)}.get(who, (0,))
            assert found[each][:2] == (open_to_all, writes), f"{table}, {each}"
            assert found[each][2] in deletes, f"{table}, {each}"
        by_the_registry = who in ("registro", "su persona")
        read = 0 if table == "usersessions_usersession" else n  # whence each entered is not for the authority
        assert found["todo", THEIRS][:2] == (read, 0 if by_the_registry else n), table
        if who:
            assert found["registro", THEIRS][1] == (n if by_the_registry or who in ("alguien", "un acto") else 0), table
        if table in IN_ACTS:
            between, changes, deletes = 3, 4, 6
            quiet = [each for probe, each in found.items() if probe[0] != "registro"]
            assert not any(each[between] or each[changes] > 0 or each[deletes] for each in quiet), table
            assert found["todo", THEIRS][1] == found["todo", THEIRS][-2] == n, table
        elif unsigned.asks_for_an_act(table):
            assert not any(each[-1] for probe, each in found.items() if probe[0] != "registro"), table
        elif who == "un acto":
            assert not any(sum(each[-2:]) for probe, each in found.items() if probe[0] != "registro"), table
        if table in LOCKED:
            assert {each[3] for each in found.values()} == {n}, table


def test_every_mutant_of_every_policy_shows_or_hides_a_row(unsigned: Catalogue) -> None:
    """Mutate the policies of half of the tables each day."""
    survivors, tried = [], 0
    today = [table for table in WALLED if is_of_today(table)]
    assert len(today) > len(WALLED) / 3
    for table in today:
        stands = unsigned.profile(table)
        for policy, reads, writes in unsigned.policies(table):
            for clause, condition in (("USING", reads), ("WITH CHECK", writes)):
                if clause == "USING" and policy.endswith("_alcance") and self_evident(unsigned, table):
                    continue
                if policy.endswith("_acto") and WRITTEN_BY.get(table) == "registro":
                    continue  # every pass of the registry is that of an act: no other writes here
                for mutant in mutants(condition) if condition else ():
                    unsigned.ask("SAVEPOINT mutant")
                    unsigned.ask(f"ALTER POLICY {policy} ON {table} {clause} ({mutant})")
                    changed = unsigned.profile(table)
                    unsigned.ask("ROLLBACK TO mutant")
                    tried += 1
                    if changed == stands or (
                        mutant == "true" and not policy.endswith("_acto") and not _worse(stands, changed)
                    ):
                        survivors.append(f"{table}: {clause} ({mutant})")
    assert not survivors, "\n".join(survivors)
    assert tried > 3 * len(today)


def self_evident(catalogue: Catalogue, table: str) -> bool:
    """Whether anybody reads a table by its other policy, and the role deletes nothing of it: it is a record."""
    return table in ALL_SEE and catalogue.ask("SELECT has_table_privilege('sif_app', %s, 'DELETE')", [table]) == [
        (False,)
    ]


def _worse(stands: Profile, changed: Profile) -> bool:
    """Whether somebody without the scope sees, writes or deletes what they did not."""
    for each, before, after in zip(PROBES, stands, changed, strict=True):
        if each in (*STRANGERS, ("", 0)) and any(now > was for was, now in zip(before, after, strict=True)):
            return True
    return False


def test_a_condition_is_taken_apart_as_it_is_written() -> None:
    written = "(( SELECT sif_todo() AS sif_todo) OR ((a IN ( SELECT b FROM c WHERE x OR y)) AND (d = 'm OR n')))"
    assert split(bare(written), "OR")[0] == "( SELECT sif_todo() AS sif_todo)"
    found = [re.sub(r"\s+", " ", each) for each in mutants(written)]
    assert found == [
        "true",
        "false",
        "((a IN ( SELECT b FROM c WHERE x OR y)) AND (d = 'm OR n'))",
        "( SELECT sif_todo() AS sif_todo)",
        "( SELECT sif_todo() AS sif_todo) OR ((d = 'm OR n'))",
        "( SELECT sif_todo() AS sif_todo) OR ((a IN ( SELECT b FROM c WHERE x OR y)))",
    ]
