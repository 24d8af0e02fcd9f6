"""The API answers whatever its own description admits, and what it does not, without a failure of the service."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from sif.batch.claves import create_key
from sif.registry import limits
from sif.web.api.acts import api

EXAMPLES = int(os.environ.get("SIF_FUZZ_EJEMPLOS", "6"))  # of each operation, sound ones and as many that are not
FIXED = 20261127
BASE = "http://testserver"
_OF_THE_TOOL = {"user-agent", "accept-encoding", "connection", "authorization", "x-schemathesis-testcaseid"}


def operations() -> Iterator[Any]:
    """Every operation of the description, as schemathesis reads it."""
    import schemathesis  # here, so that who runs other tests does not load it

    described = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    for each in schemathesis.openapi.from_dict(described).get_all_operations():
        yield each.ok()


def ask(case: Any, key: str) -> Any:
    """Send a generated request with the key of a person; what it writes is undone."""
    asked = case.as_transport_kwargs(base_url=BASE)
    headers = {name: str(text) for name, text in asked["headers"].items() if name.lower() not in _OF_THE_TOOL}
    body = asked.get("json", asked.get("data"))
    data = "" if body is None else body if isinstance(body, str | bytes) else json.dumps(body, default=str)
    with transaction.atomic():
        answer = Client(raise_request_exception=False).generic(
            case.method,
            asked["url"].removeprefix(BASE),
            data,
            "application/json",
            query_params={name: text for name, text in (asked.get("params") or {}).items() if text is not None},
            headers={**headers, "authorization": f"Bearer {key}"},
        )
        transaction.set_rollback(True)
    return answer


def test_no_request_is_a_failure_of_the_api(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from schemathesis.generation import GenerationMode

    monkeypatch.setattr(limits, "take", lambda *_what: 0)
    key, answers, asked = create_key(scene.alicia, "Prueba").texto, Counter[int](), set[str]()
    for operation in operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @seed(FIXED)
            @settings(
                max_examples=EXAMPLES,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode), own=st.booleans())
            def each(case: Any, own: bool) -> None:
                if own and "number" in case.path_parameters:
                    case.path_parameters["number"] = scene.libros.pk
                answer = ask(case, key)
                answers[answer.status_code] += 1
                told = answer.content.decode("utf-8", "replace")[:400]
                assert answer.status_code < 500, f"{case.as_curl_command()}\n{told}"
                if answer.status_code >= 400:
                    assert "json" in answer["Content-Type"] or answer.status_code in (400, 404, 405), told

            each()
        asked.add(f"{operation.method} {operation.path}")
    assert len(asked) >= 7
    assert answers[200] and answers[404] and answers[422], answers
    assert answers[401] == 0, answers


@pytest.mark.parametrize("page", ["-1", str(2**63), "9" * 40, "x"])
def test_a_place_out_of_its_bound_is_refused(scene: Any, page: str) -> None:
    key = create_key(scene.alicia, "Prueba").texto
    address = f"/api/v1/contabilidades/{scene.libros.pk}/polizas"
    client = Client(headers={"authorization": f"Bearer {key}"})
    assert client.get(address, {"despues": page}).status_code == 422
    assert client.get(address, {"despues": str(2**63 - 1)}).json()["polizas"] == []
