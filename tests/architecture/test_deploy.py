"""The containers and the units of systemd run the same commands, with the same folders and the same walls."""

import configparser
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sif.commands.main import build_parser

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RUN, WRAPPER = "/opt/sif/.venv/bin/sif", "/usr/local/sbin/sif"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
OURS = {name: each for name, each in SERVICES.items() if each["image"].startswith("localhost/")}
STEPS = re.sub(r"\\\n\s*", "", (DEPLOY / "Containerfile").read_text("utf-8")).splitlines()


def unit(name: str) -> dict[str, list[str]]:
    """Return each setting of the service of a unit with the values of all its lines."""
    found: dict[str, list[str]] = {}
    text = (DEPLOY / f"sif-{name}.service").read_text("utf-8")
    for line in text.partition("[Service]")[2].partition("\n[")[0].splitlines():
        key, sign, value = line.partition("=")
        if sign:
            found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("name", ["web", "trabajador"])
def test_a_container_runs_the_command_of_its_unit(name: str) -> None:
    assert "entrypoint" not in SERVICES[name] and f'ENTRYPOINT ["{WRAPPER}"]' in STEPS
    assert [" ".join([RUN, *SERVICES[name]["command"]])] == unit(name)["ExecStart"]


def test_the_acts_of_each_day_are_those_of_the_timer() -> None:
    assert SERVICES["diario"]["entrypoint"][-1].splitlines() == unit("diario")["ExecStart"]


def test_every_command_is_one_of_sif() -> None:
    said = [each["command"] for each in OURS.values() if "command" in each] + [SERVICES["instalar"]["entrypoint"][1:]]
    said += [line.split()[1:] for line in SERVICES["diario"]["entrypoint"][-1].splitlines()]
    for words in said:
        more = ["--dominio", "sif.instituto.mx"] if words[0] == "instalar" else []
        assert build_parser().parse_args([*words, *more]).orden == words[0]


def test_folders_and_walls_are_those_of_the_units() -> None:
    for name in ("web", "trabajador"):
        told = unit(name)
        (writes,), (environment,), (user,) = told["ReadWritePaths"], told["EnvironmentFile"], told["User"]
        service = SERVICES[name]
        mounts = dict((each + ":rw").split(":")[1:3] for each in service["volumes"])
        assert mounts == {str(Path(environment).parent): "ro", writes: "rw"}
        assert service["stop_grace_period"] == f"{told['TimeoutStopSec'][0]}s"
        assert service["restart"] == told["Restart"][0]
        assert f"--reuid {user} " in (DEPLOY / "sif").read_text("utf-8")
    assert {each["read_only"] for each in SERVICES.values()} == {True}
    assert {each["network_mode"] for name, each in SERVICES.items() if name != "base"} == {"service:base"}
    for each in SERVICES.values():
        assert "no-new-privileges:true" in each["security_opt"] and not each.get("privileged")
    assert {name for name, each in SERVICES.items() if "ports" in each} == {"base"}  # of the network that all share
    assert all(each["cap_drop"] == ["ALL"] for name, each in SERVICES.items() if name != "base")


def test_only_what_installs_or_acts_by_hand_reaches_backups_and_the_secrets_of_the_server() -> None:
    hands = {name for name, each in OURS.items() if any("/srv/respaldos" in volume for volume in each["volumes"])}
    assert (
        hands == {name for name, each in OURS.items() if each.get("profiles") == ["ordenes"]} == {"instalar", "diario"}
    )
    assert {name for name, each in SERVICES.items() if "secrets" in each} == {"base", "instalar"}


def test_the_port_of_the_pages_is_the_one_that_each_proxy_asks() -> None:
    port = SERVICES["web"]["command"][2]
    assert SERVICES["proxy"]["environment"]["CADDY_PUERTO"] == port
    assert f"CADDY_PUERTO:{port}" in (DEPLOY / "Caddyfile").read_text("utf-8")
    assert f"127.0.0.1:{port};" in (DEPLOY / "nginx.conf").read_text("utf-8")


def test_what_the_image_downloads_is_downloaded_when_it_is_built() -> None:
    last = max(n for n, line in enumerate(STEPS) if line.startswith("FROM"))
    fetching = re.compile(r"\b(pip|npm|uv|curl|wget|git|make)\b")
    assert not [line for line in STEPS[last:] if fetching.search(line)]
    assert (
        STEPS[last + 1].endswith("install -d -m 700 /etc/sif")
        and "useradd --system --home-dir /srv/sif" in STEPS[last + 1]
    )
    assert f"RUN install -m 755 /opt/sif/deploy/sif {WRAPPER}" in STEPS
    tags = [each["image"] for each in SERVICES.values()] + [line for line in STEPS if line.startswith("ARG BASE=")]
    assert not [tag for tag in tags if tag.endswith(":latest") or ":" not in tag]


def test_the_database_is_of_the_version_that_restores_its_backups() -> None:
    guide = (ROOT / "docs" / "instalacion.md").read_text("utf-8")
    (version,) = set(re.findall(r"postgresql-(\d+)", guide))
    assert SERVICES["base"]["image"].endswith(f"/postgres:{version}")


def test_the_timer_starts_the_daily_unit() -> None:
    timer = configparser.ConfigParser(strict=False)
    timer.read(DEPLOY / "sif-diario.timer", "utf-8")
    assert (DEPLOY / "sif-diario.service").exists() and "OnCalendar" in timer["Timer"]
