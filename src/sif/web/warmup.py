"""Warm the caches of a server before its first request."""

from threading import Thread
from typing import Any

from django.conf import settings
from django.urls import get_resolver

from sif.audit.engine import tables_of
from sif.rulebook.reading import load_rules


def keep_to_one_process() -> None:
    """Have the database answer each page with one process of its own.

    Several would read ahead of the fifty rows that a page shows, and take the cores of who asks meanwhile (ADR 0297).
    """
    database: dict[str, Any] = settings.DATABASES["default"]
    database["OPTIONS"]["options"] += " -c max_parallel_workers_per_gather=0"


def get_ready() -> Thread:
    """Read every page now, and the rules beside the first answers; returns the thread that reads them."""
    _ = get_resolver().url_patterns
    reader = Thread(target=read_rules, name="reglas", daemon=True)
    reader.start()
    return reader


def read_rules() -> int:
    """Read the rules and what each needs; how many there are."""
    rules = load_rules(settings.JURISDICTION)
    for rule in rules:
        tables_of(rule)
    return len(rules)
