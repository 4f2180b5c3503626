"""compose.yaml starts replicas that are alike, with settings that the server reads."""

import re
from typing import Any

import yaml

from bot.settings import Settings, load
from tests.architecture.sources import read
from tests.test_settings import ENOUGH

COMPOSE: dict[str, Any] = yaml.safe_load(read("compose.yaml"))
SERVICES = COMPOSE["services"]
REPLICAS = [name for name, service in SERVICES.items() if "build" in service]


def test_there_are_several_replicas_and_all_are_alike():
    assert len(REPLICAS) == 2
    assert {str(SERVICES[name]) for name in REPLICAS} == {str(COMPOSE["x-gate"])}


def test_the_one_address_leads_to_every_replica():
    address, caddyfile = SERVICES["address"], COMPOSE["configs"]["caddyfile"]["content"]
    assert address["configs"] == [{"source": "caddyfile", "target": "/etc/caddy/Caddyfile"}]
    (upstreams,) = re.findall(r"reverse_proxy (.+) \{", caddyfile)
    assert upstreams.split() == [f"{name}:8080" for name in REPLICAS]
    assert "health_uri /readyz" in caddyfile
    assert re.findall(r"@public path (.+)", caddyfile) == ["/webhook /document/*"]
    assert address["depends_on"] == REPLICAS


def test_the_server_takes_what_it_is_told():
    environment = {
        name: re.sub(r"\$\{\w+:\?[^}]*\}", "hush", value) for name, value in COMPOSE["x-gate"]["environment"].items()
    }
    settings = load(ENOUGH | environment, None)
    assert isinstance(settings, Settings)
    database = SERVICES["database"]["environment"]
    name, user = database["POSTGRES_DB"], database["POSTGRES_USER"]
    assert settings.database == f"postgresql://{user}:hush@database/{name}"


def test_the_database_outlives_its_container_and_is_ready_before_anybody_asks():
    (volume,) = SERVICES["database"]["volumes"]
    assert volume.partition(":")[0] in COMPOSE["volumes"]
    assert SERVICES["database"]["healthcheck"]["test"][0] == "CMD"
    assert COMPOSE["x-gate"]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_replicas_have_time_to_hand_over():
    assert COMPOSE["x-gate"]["stop_grace_period"] == "20s"
