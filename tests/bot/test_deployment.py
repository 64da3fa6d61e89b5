"""What stands in deploy/ says what the program understands."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.roles import Role
from bot.settings import KNOWN, read_settings

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.scale.yaml").read_text("utf-8"))
KUBERNETES = DEPLOY / "kubernetes"
# What an operator writes into deploy/.env, or into the Secret.
GIVEN = {
    "MENTOR_WEBHOOK_SECRET": "a-word-that-telegram-knows",
    "TELEGRAM_BOT_TOKEN": "123456:" + "a" * 35,
}
OURS = {name: one for name, one in COMPOSE["services"].items() if one.get("image") == "mentor"}


def manifests() -> Iterator[Mapping[str, Any]]:
    for name in kustomization()["resources"]:
        yield from yaml.safe_load_all((KUBERNETES / name).read_text("utf-8"))


def kustomization() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
    return found


def containers() -> Mapping[str, Mapping[str, Any]]:
    pods = {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in manifests()
        if one["kind"] == "Deployment"
    }
    return {name: pod["containers"][0] for name, pod in pods.items()}


def role_of(command: Sequence[str]) -> Role:
    assert command[:-1] == ["mentor", "run", "--role"]
    return Role(command[-1])


def settled(environment: Mapping[str, object]) -> int:
    """Have the settings read as the process would; give its connections."""
    given = {name: str(value) for name, value in environment.items()}
    # Where the file leaves a gap.
    given["MENTOR_WEBHOOK_URL"] = "https://mentor.example.org/telegram"
    given["MENTOR_DATABASE_URL"] = "postgresql://mentor:word@postgres/mentor"
    return read_settings({**GIVEN, **given}).database_connections


def test_the_processes_of_the_compose_file_do_all_the_work_with_settings_that_are_right() -> None:
    roles = [role_of(one["command"]) for one in OURS.values()]
    counts = {name: one.get("deploy", {}).get("replicas", 1) for name, one in OURS.items()}
    connections = sum(settled(one["environment"]) * counts[name] for name, one in OURS.items())
    (most,) = (one for one in COMPOSE["services"]["postgres"]["command"] if "max_conn" in one)

    assert set(roles) == set(Role) - {Role.ALL}
    assert counts == {"gateway": 2, "worker": 3, "ticker": 1}
    assert all(set(one["environment"]) <= set(KNOWN) for one in OURS.values())
    # A few are the server's own, and a process that is exchanged stands beside its successor.
    assert connections + 20 <= int(most.partition("=")[2])


@pytest.mark.parametrize("service", sorted(COMPOSE["services"]))
def test_every_file_that_the_compose_file_mounts_is_there(service: str) -> None:
    mounted = [one.split(":")[0] for one in COMPOSE["services"][service].get("volumes", ())]

    assert all((DEPLOY / one).is_file() or one in COMPOSE["volumes"] for one in mounted)


def test_the_proxy_and_prometheus_lead_to_services_that_exist_and_ports_that_are_listened_on() -> (
    None
):
    caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
    (job,) = yaml.safe_load((DEPLOY / "prometheus.scale.yml").read_text())["scrape_configs"]
    (asked,) = job["dns_sd_configs"]
    dockerfile = (DEPLOY.parent / "Dockerfile").read_text("utf-8")

    assert "dynamic a gateway 8443" in caddy
    assert "8443" in KNOWN["MENTOR_WEBHOOK_PORT"][1]
    assert "handle /telegram {" in caddy
    assert set(asked["names"]) == set(OURS)
    assert f"MENTOR_HEALTH_PORT={asked['port']}" in dockerfile


def test_the_manifests_run_every_role_with_settings_and_probes_that_are_right() -> None:
    common = dict(one.split("=", 1) for one in kustomization()["configMapGenerator"][0]["literals"])

    settled(common)
    assert set(common) <= set(KNOWN)
    assert {role_of(one["args"]) for one in containers().values()} == set(Role) - {Role.ALL}
    for name, one in containers().items():
        probes = {kind: one[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness")}
        assert {probe["path"] for probe in probes.values()} == {"/live"}, name
        assert one["readinessProbe"]["httpGet"] == {"path": "/ready", "port": "health"}
        assert {"name": "health", "containerPort": 8080} in one["ports"]


def test_the_largest_number_of_workers_fits_the_connections_of_a_server_as_it_comes() -> None:
    (scaler,) = (one for one in manifests() if one["kind"] == "HorizontalPodAutoscaler")
    others = sum(
        one["spec"]["replicas"]
        for one in manifests()
        if one["kind"] == "Deployment" and one["metadata"]["name"] != "worker"
    )
    common = dict(one.split("=", 1) for one in kustomization()["configMapGenerator"][0]["literals"])

    # One more while a deployment is exchanged; three are the server's own.
    assert (scaler["spec"]["maxReplicas"] + others + 1) * settled(common) <= 100 - 3
