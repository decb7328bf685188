"""docker-compose.yml without a Docker: who is there, who waits for whom, and that nobody has more than needed."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.conf import settings

from zhongshi import gunicorn
from zhongshi.backup.__main__ import arguments
from zhongshi.embedded.ground import CHECKOUT
from zhongshi.embedded.roles import QUEUES

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
# From github.com/compose-spec/compose-spec (schema/compose-spec.json, 2026-06-23), Apache License 2.0.
SCHEMA = jsonschema.Draft7Validator(json.loads(Path(__file__).with_name("compose-spec.json").read_text("utf-8")))
WORKERS = sorted(name for name in SERVICES if name.startswith("worker-"))


def test_has_every_part_of_the_service() -> None:
    assert sorted(SERVICES) == [
        "backup", "beat", "migrate", "postgres", "prometheus", "proxy", "redis", "web",
        "worker-default", "worker-notify", "worker-score", "worker-sweep",
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_container_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] not in {"root", "0", "0:0"}
    assert {"mem_limit", "cpus", "pids_limit"} <= set(service)
    assert "/tmp" in {mount.partition(":")[0] for mount in service["tmpfs"]}  # noqa: S108
    assert ("healthcheck" in service) == (name != "migrate")


def test_only_the_proxy_is_published() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert sorted(published) == ["prometheus", "proxy"]
    assert published["prometheus"] == ["127.0.0.1:9090:9090"]
    assert SERVICES["prometheus"]["profiles"] == ["watch"]
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["back"]
    assert SERVICES["proxy"]["networks"] == ["edge"]


def test_keeps_the_published_schema() -> None:
    SCHEMA.validate(COMPOSE)


@pytest.mark.parametrize("wrong", [{"restart": 3}, {"mem_limits": "1g"}, {"healthcheck": {"tests": []}}])
def test_the_schema_finds_what_is_no_compose_file(wrong: dict[str, Any]) -> None:
    services = {**SERVICES, "web": {**SERVICES["web"], **wrong}}
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate({**COMPOSE, "services": services})


@pytest.mark.parametrize("name", [*WORKERS, "beat", "backup", "postgres", "redis"])
def test_only_the_workers_that_send_reach_the_world(name: str) -> None:
    assert ("outside" in SERVICES[name]["networks"]) == (name == "worker-notify")


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_is_asked_for_signs_of_work_on_its_own_queue(name: str) -> None:
    service = SERVICES[name]
    queue = option(service["command"], "-Q")
    assert service["healthcheck"]["test"] == ["CMD", "python", "manage.py", "worker_alive", queue]
    # Longer than the hard limit of a task.
    assert int(service["stop_grace_period"].removesuffix("s")) > settings.CELERY_TASK_TIME_LIMIT


def test_the_web_server_stops_later_than_its_requests() -> None:
    assert int(SERVICES["web"]["stop_grace_period"].removesuffix("s")) > gunicorn.graceful_timeout
    assert "python:zhongshi.gunicorn" in (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")


def test_backups_are_made_each_day_and_kept_apart() -> None:
    backup = SERVICES["backup"]
    assert backup["command"][-3:] == ["every", "--hours", "24"]
    assert backup["volumes"] == ["backups:/backups"]
    assert backup["environment"]["BACKUP_FOLDER"] == "/backups"
    assert arguments().parse_args(backup["command"][3:]).hours == 24
    assert arguments().parse_args(backup["healthcheck"]["test"][4:]).asked == "fresh"


def test_every_setting_given_is_documented() -> None:
    documented = (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8")
    given = {name for service in SERVICES.values() if "build" in service for name in service["environment"]}
    assert {name for name in given if f"`{name}`" not in documented} == set()


@pytest.mark.parametrize("name", ["web", "beat", "backup", *WORKERS])
def test_nothing_starts_before_the_migrations_are_done(name: str) -> None:
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_workers_together_serve_every_queue_once() -> None:
    queues = [queue for name in WORKERS for queue in option(SERVICES[name]["command"], "-Q").split(",")]
    assert sorted(queues) == sorted(QUEUES.split(","))
    # A name would make `--scale` impossible.
    assert all("container_name" not in SERVICES[name] for name in WORKERS)


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def test_the_broker_keeps_what_it_took_and_asks_for_a_password() -> None:
    script = SERVICES["redis"]["command"][-1]
    for setting in ("appendonly yes", "maxmemory-policy noeviction", "requirepass $$REDIS_PASSWORD"):
        assert setting in script


def test_secrets_have_no_default() -> None:
    environment = SERVICES["web"]["environment"]
    assert environment["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert "${POSTGRES_PASSWORD:?" in environment["DATABASE_URL"]
    assert "${REDIS_PASSWORD:?" in environment["REDIS_URL"]
    example = (CHECKOUT / "deploy" / "env.example").read_text(encoding="utf-8").splitlines()
    assert {"SECRET_KEY=", "POSTGRES_PASSWORD=", "REDIS_PASSWORD="} <= set(example)


def test_every_mounted_file_exists() -> None:
    volumes = [volume for service in SERVICES.values() for volume in service.get("volumes", [])]
    mounts = [volume.partition(":/")[0] for volume in volumes if volume.startswith("./")]
    names = [mount.replace("${PROXY:-http}", proxy) for mount in mounts for proxy in ("http", "https")]
    assert [name for name in names if not (CHECKOUT / name).exists()] == []
