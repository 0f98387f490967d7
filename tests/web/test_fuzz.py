"""Requests that schemathesis makes up from our own description: no server error, whatever is sent."""

from __future__ import annotations

from typing import Any, cast

import pytest
import schemathesis
from fastapi.openapi.utils import get_openapi
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from midstance.store import Store
from midstance.web.routes import api, api_keys, athletes, compare, house, programs, tus, words, work
from midstance.web.tokens import new_token
from tests.web.conftest import HOST

FEW = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)


def described(*parts: Any) -> dict[str, Any]:
    """The description of routes, those that are no part of the API too."""
    found = [route for part in parts for route in part.router.routes]
    return get_openapi(title="midstance", version="1", routes=found)


@pytest.mark.parametrize(
    "parts", [(api, api_keys), (athletes, compare, house, programs, tus, words, work)], ids=["api", "pages"]
)
def test_no_server_error(client: TestClient, store: Store, parts: tuple[Any, ...]) -> None:
    client = TestClient(cast("Any", client.app), base_url=f"http://{HOST}", cookies=client.cookies)
    client.headers["Origin"] = f"http://{HOST}"
    store.add_athlete("Cody")
    ways = [way.ok() for way in schemathesis.openapi.from_dict(described(*parts)).get_all_operations()]
    client.headers["Authorization"] = f"Bearer {new_token(store, 'test')}"

    statuses = set[int]()

    @FEW
    @given(st.sampled_from(ways).flatmap(lambda way: way.as_strategy()))
    def ask(case: Any) -> None:
        answer = client.request(
            case.method,
            case.formatted_path,
            params=case.query or None,
            headers={name: value for name, value in (case.headers or {}).items() if value.isprintable()},
            **({"json": case.body} if isinstance(case.body, dict | list) else {}),
            follow_redirects=False,
        )
        statuses.add(answer.status_code)
        assert answer.status_code < 500, f"{case.method} {case.formatted_path}: {answer.text}"

    ask()
    assert min(statuses) < 300  # some of it was done
    assert len(statuses) > 3
