"""The tests' own PostgreSQL: where there is none they say so, and in continuous integration they fail."""

import pytest

from tests import postgres


@pytest.mark.parametrize(
    ("environment", "outcome"),
    [
        pytest.param({}, pytest.skip.Exception, id="a machine without PostgreSQL skips"),
        pytest.param({"CI": "true"}, pytest.fail.Exception, id="continuous integration without PostgreSQL fails"),
    ],
)
def test_without_postgresql(monkeypatch, environment, outcome):
    monkeypatch.delenv("CI", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(postgres, "binaries", lambda: None)
    with pytest.raises(outcome, match="apt-get install postgresql"), postgres.serving():
        pass
