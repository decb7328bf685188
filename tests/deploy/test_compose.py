"""docker-compose.yml without a Docker: who is there, who waits for whom, and that nobody has more than needed."""

from typing import Any

import pytest
import yaml

from zhongshi.embedded.ground import CHECKOUT
from zhongshi.embedded.roles import QUEUES

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
WORKERS = sorted(name for name in SERVICES if name.startswith("worker-"))


def test_has_every_part_of_the_service() -> None:
    assert sorted(SERVICES) == [
        "beat", "migrate", "postgres", "proxy", "redis", "web", "worker-notify", "worker-score", "worker-sweep",
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_container_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] not in {"root", "0", "0:0"}
    assert "mem_limit" in service
    assert "/tmp" in {mount.partition(":")[0] for mount in service["tmpfs"]}  # noqa: S108
    assert ("healthcheck" in service) == (name != "migrate")


def test_only_the_proxy_is_published() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["back"]
    assert SERVICES["proxy"]["networks"] == ["edge"]


@pytest.mark.parametrize("name", ["web", "beat", *WORKERS])
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
    mounts = [volume.partition(":/")[0] for volume in SERVICES["proxy"]["volumes"]]
    names = [mount.replace("${PROXY:-http}", proxy) for mount in mounts for proxy in ("http", "https")]
    assert [name for name in names if not (CHECKOUT / name).exists()] == []
