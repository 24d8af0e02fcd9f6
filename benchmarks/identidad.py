"""Precision and recall of the identity of donors on labelled records, by exact keys and by likeness, and its speed."""

import json
import sys
import time
from collections import Counter
from itertools import combinations

from sif.demo.identidades import labelled
from sif.rulebook.identidad import donors_alike
from sif.rulebook.personas import personas

PEOPLE, SEED = 8_000, 2026


def pairs(cluster: dict[int, int]) -> int:
    """Pairs of records of one cluster."""
    return sum(many * (many - 1) // 2 for many in Counter(cluster.values()).values())


def measure(people: int, seed: int) -> dict[str, float]:
    """Everything measured, under its stable name. A pair counts when its records are of one person."""
    records, truth = labelled(people, seed)
    began = time.perf_counter()
    exact = {number: person for number, person, _ in personas([(n, *keys) for n, _, *keys in records])}
    links = donors_alike(records)
    seconds = time.perf_counter() - began
    real = pairs(truth)
    members: dict[int, list[int]] = {}
    for number, person in exact.items():
        members.setdefault(person, []).append(number)
    said = right = 0
    for group in members.values():
        for one, other in combinations(group, 2):
            said += 1
            right += truth[one] == truth[other]
    exact_said, exact_right = said, right
    true_links = sum(truth[link.uno] == truth[link.otro] for link in links)
    for link in links:  # a link brings together every record of both clusters
        for one in members[exact[link.uno]]:
            for other in members[exact[link.otro]]:
                said += 1
                right += truth[one] == truth[other]
    return {
        "identidad_registros": len(records),
        "identidad_precision_exacta": exact_right / exact_said,
        "identidad_recall_exacta": exact_right / real,
        "identidad_precision_enlaces_probables": true_links / len(links),
        "identidad_precision_con_probables": right / said,
        "identidad_recall_con_probables": right / real,
        "identidad_registros_por_s": round(len(records) / seconds),
    }


if __name__ == "__main__":
    json.dump(measure(PEOPLE, SEED), sys.stdout, indent=2)
    sys.stdout.write("\n")
