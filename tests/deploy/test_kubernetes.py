"""deploy/kubernetes without a cluster: what refers to what, who may do what, and that each queue has its workers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.db import connection
from django.urls import resolve

from zhongshi.core.metrics import exposition
from zhongshi.embedded.ground import CHECKOUT
from zhongshi.embedded.roles import QUEUES

FOLDER = CHECKOUT / "deploy" / "kubernetes"
_SETTINGS = set(re.findall(r"`([A-Z][A-Z_]+)`", (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8")))
# Of the programs themselves, and what other values are put together from.
_NOT_OURS = {"WEB_CONCURRENCY", "POD_IP"}
_WORKLOADS = ("Deployment", "Job")


def _named(folder: str) -> list[str]:
    """The files a kustomization takes up, those of its base first."""
    kustomization = yaml.safe_load((FOLDER / folder / "kustomization.yaml").read_text(encoding="utf-8"))
    found: list[str] = []
    for name in kustomization["resources"]:
        found += _named(name.removeprefix("../")) if name.startswith("../") else [f"{folder}/{name}"]
    return found


def _objects(folder: str) -> Iterator[dict[str, Any]]:
    for name in _named(folder):
        yield from yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))


BASE = {(one["kind"], one["metadata"]["name"]): one for one in _objects("base")}
PODS = {name: one["spec"]["template"] for (kind, name), one in BASE.items() if kind in _WORKLOADS}
WORKERS = sorted(name for name in PODS if name.startswith("worker-"))
WAYS = ["base", "keda", "hpa"]


def _container(name: str) -> dict[str, Any]:
    (container,) = PODS[name]["spec"]["containers"]
    return dict(container)


def _option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def test_has_every_part_of_the_service() -> None:
    assert sorted(PODS) == ["beat", "migrate", "web", "worker-notify", "worker-score", "worker-sweep"]


@pytest.mark.parametrize("way", WAYS)
def test_everything_has_one_name_and_every_file_is_taken_up(way: str) -> None:
    names = [(one["apiVersion"], one["kind"], one["metadata"]["name"]) for one in _objects(way)]
    assert len(names) == len(set(names))
    own = {f"{way}/{file.name}" for file in (FOLDER / way).glob("*.yaml")}
    assert own - set(_named(way)) <= {f"{way}/kustomization.yaml", "base/secret.example.yaml"}


def test_what_is_selected_is_there() -> None:
    labels = [dict(template["metadata"]["labels"]) for template in PODS.values()]
    selectors = {
        (kind, name): one["spec"]["selector"].get("matchLabels", one["spec"]["selector"])
        for (kind, name), one in BASE.items()
        if kind in {"Deployment", "Service", "PodDisruptionBudget", "ServiceMonitor"}
    }
    for key, wanted in selectors.items():
        assert sum(wanted.items() <= one.items() for one in labels) == 1, key


@pytest.mark.parametrize("way", WAYS)
def test_what_is_scaled_is_there_once(way: str) -> None:
    scaled = [
        one["spec"]["scaleTargetRef"]["name"]
        for one in _objects(way)
        if one["kind"] in {"HorizontalPodAutoscaler", "ScaledObject"}
    ]
    assert sorted(scaled) == {"base": ["web"]}.get(way, ["web", "worker-notify", "worker-score"])
    # A number written in the manifest would undo the autoscaler's with every deployment.
    assert [name for name in scaled if "replicas" in BASE["Deployment", name]["spec"]] == []


def test_the_workers_together_serve_every_queue_once() -> None:
    queues = [queue for name in WORKERS for queue in _option(_container(name)["command"], "-Q").split(",")]
    assert sorted(queues) == sorted(QUEUES.split(","))


def test_there_is_one_clock_and_never_two() -> None:
    spec = BASE["Deployment", "beat"]["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})


@pytest.mark.parametrize("name", sorted(PODS))
def test_nobody_is_root_or_may_write_or_ask_the_cluster(name: str) -> None:
    pod, container = PODS[name]["spec"], _container(name)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container["resources"]["limits"]
    assert {"cpu", "memory"} == set(container["resources"]["requests"])
    assert "/tmp" in {mount["mountPath"] for mount in container["volumeMounts"]}  # noqa: S108
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


@pytest.mark.parametrize("name", sorted(PODS))
def test_all_run_the_same_image_with_settings_that_exist(name: str) -> None:
    container = _container(name)
    assert container["image"] == "zhongshi"
    assert container["envFrom"] == [{"configMapRef": {"name": "zhongshi"}}, {"secretRef": {"name": "zhongshi"}}]
    assert {one["name"] for one in container.get("env", [])} <= _SETTINGS | _NOT_OURS


def test_configuration_and_secret_name_settings_that_exist() -> None:
    secret = yaml.safe_load((FOLDER / "base" / "secret.example.yaml").read_text(encoding="utf-8"))
    assert set(BASE["ConfigMap", "zhongshi"]["data"]) | set(secret["stringData"]) <= _SETTINGS
    assert ("Secret", "zhongshi") not in BASE
    assert secret["stringData"]["SECRET_KEY"] == ""


def test_no_secret_stands_in_the_open() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"} & set(
        BASE["ConfigMap", "zhongshi"]["data"]
    ) == set()


def test_probes_ask_addresses_that_exist() -> None:
    container = _container("web")
    paths = {
        probe: container[probe]["httpGet"]["path"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")
    }
    assert paths == {"startupProbe": "/healthz", "readinessProbe": "/readyz", "livenessProbe": "/healthz"}
    assert {resolve(path).url_name for path in paths.values()} == {"healthz", "readyz"}
    monitor = BASE["ServiceMonitor", "zhongshi"]["spec"]["endpoints"][0]
    assert resolve(monitor["path"]).url_name == "metrics"
    # Both come by the pod's own address.
    hosts = next(one["value"] for one in container["env"] if one["name"] == "ALLOWED_HOSTS")
    assert "$(POD_IP)" in hosts.split(",")


@pytest.mark.parametrize("name", ["web", *WORKERS])
def test_what_runs_may_finish_and_not_all_leave_at_once(name: str) -> None:
    grace = PODS[name]["spec"]["terminationGracePeriodSeconds"]
    # The hard limit of a task; gunicorn's patience and the pause before it.
    assert grace > (30 + 8 if name == "web" else 45)
    assert BASE["PodDisruptionBudget", name]["spec"]["maxUnavailable"] == 1


def test_nothing_passes_that_no_policy_names() -> None:
    policies = {name: one["spec"] for (kind, name), one in BASE.items() if kind == "NetworkPolicy"}
    assert policies["nothing-by-default"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    world = [
        (name, block["ipBlock"]["except"])
        for name, policy in policies.items()
        for rule in policy.get("egress", [])
        for block in rule["to"]
        if block.get("ipBlock", {}).get("cidr") == "0.0.0.0/0"
    ]
    ((name, inside),) = world
    chosen = policies[name]["podSelector"]["matchLabels"]["app.kubernetes.io/component"]
    assert chosen == "worker-notify"
    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"} <= set(inside)
    incoming = [name for name, policy in policies.items() if policy.get("ingress")]
    assert incoming == ["web-from-ingress-and-monitoring"]


def test_the_ingress_leads_to_the_service_over_tls() -> None:
    spec = BASE["Ingress", "zhongshi"]["spec"]
    (rule,) = spec["rules"]
    (path,) = rule["http"]["paths"]
    assert path["backend"]["service"] == {"name": "web", "port": {"name": "http"}}
    assert [port["name"] for port in BASE["Service", "web"]["spec"]["ports"]] == ["http"]
    assert spec["tls"][0]["hosts"] == [rule["host"]]


@pytest.mark.django_db
def test_the_autoscalers_question_is_one_the_database_answers() -> None:
    triggers = [one for row in _objects("keda") if row["kind"] == "ScaledObject" for one in row["spec"]["triggers"]]
    (query,) = [one["metadata"]["query"] for one in triggers if one["type"] == "postgresql"]
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_the_autoscalers_figures_are_measured() -> None:
    triggers = [one for row in _objects("keda") if row["kind"] == "ScaledObject" for one in row["spec"]["triggers"]]
    asked = {re.search(r"zhongshi_\w+", one["metadata"]["query"])[0] for one in triggers if one["type"] == "prometheus"}  # type: ignore[index]
    assert asked == {"zhongshi_outbox_oldest_due_seconds", "zhongshi_queue_messages"}
    assert all(f"# HELP {name} ".encode() in exposition() for name in asked)
