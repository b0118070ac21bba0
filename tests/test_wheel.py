"""The wheel that users install: it has the rules in it and works in an environment that has nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

import dispute_rules as dr

ROOT = Path(__file__).parents[1]
TODAY = "2026-03-01"


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command, away from this checkout; what it says otherwise if it fails."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=clean)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment with the wheel and what it needs, and nothing else."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", with_pip=True)
    programs = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
    options = ["--quiet", "--disable-pip-version-check", "--use-pep517"]
    run(programs / "python", "-m", "pip", "install", *options, f"{wheel}[cli]", cwd=home)
    return programs


def names_in(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_the_rules_is_in_the_wheel_unchanged(wheel: Path) -> None:
    """With the schemas: a pack that is copied to begin one's own keeps what editors need."""
    files = (file for file in (ROOT / "rules").rglob("*") if file.is_file())
    rules = {file.relative_to(ROOT): file.read_bytes() for file in files}
    with ZipFile(wheel) as archive:
        assert {name: archive.read(f"dispute_rules/{name.as_posix()}") for name in rules} == rules
    assert len(rules) > 100
    assert Path("rules/aliexpress/.schema/facts.json") in rules


def test_every_module_is_in_the_wheel_with_the_mark_of_types(wheel: Path) -> None:
    modules = {file.relative_to(ROOT / "src").as_posix() for file in (ROOT / "src").rglob("*.py")}
    assert modules | {"dispute_rules/py.typed"} <= names_in(wheel)


def test_nothing_else_is_in_the_wheel(wheel: Path) -> None:
    assert {name.split("/")[0] for name in names_in(wheel) if ".dist-info/" not in name} == {"dispute_rules"}
    assert not [name for name in names_in(wheel) if "__pycache__" in name or "/tests/" in name]


def test_the_wheel_has_the_licence_the_readme_and_its_needs(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        text = archive.read(metadata).decode()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"Version: {project['version']}" in text
    assert "License-Expression: MIT" in text
    assert "Requires-Dist: durable-rules==2.0.28; python_version < '3.13'" in text
    assert (ROOT / "README.md").read_text(encoding="utf-8").strip() in text
    assert [name for name in names_in(wheel) if name.endswith("licenses/LICENSE")]


def test_the_installed_package_advises_through_python(installed: Path, tmp_path: Path) -> None:
    program = f"import dispute_rules as dr; print(dr.advise(ground='fake', today='{TODAY}').model_dump_json())"
    told = run(installed / "python", "-I", "-W", "error", "-c", program, cwd=tmp_path)
    assert dr.Advice.model_validate_json(told) == dr.advise(ground="fake", today=TODAY)


def test_the_installed_package_is_not_this_checkout(installed: Path, tmp_path: Path) -> None:
    program = "import dispute_rules; print(dispute_rules.__file__)"
    assert Path(run(installed / "python", "-I", "-c", program, cwd=tmp_path).strip()).is_relative_to(installed.parent)


def test_the_installed_package_takes_the_default_engine_of_its_python(installed: Path, tmp_path: Path) -> None:
    program = "from dispute_rules.engine import default_engine; print(default_engine())"
    engine = run(installed / "python", "-I", "-c", program, cwd=tmp_path).strip()
    assert engine == ("durable" if sys.version_info < (3, 13) else "reference")


def test_the_installed_command_advises_for_reading(installed: Path, tmp_path: Path) -> None:
    facts = ["--ground=damaged", "--received=yes", "--usability=unusable", "--price=24.90", "--shipping=3.10"]
    told = run(installed / "dispute-rules", "advise", *facts, cwd=tmp_path)
    assert told.startswith("AliExpress: ")
    assert "28.00" in told


def test_the_installed_command_advises_on_an_example_as_json(installed: Path, tmp_path: Path) -> None:
    example = ROOT / "examples" / "late-parcel.json"
    told = run(installed / "dispute-rules", "advise", example, "--json", cwd=tmp_path)
    assert dr.Advice.model_validate_json(told) == dr.advise(json.loads(example.read_text(encoding="utf-8")))


def test_the_installed_command_tells_its_version_and_schemas(installed: Path, tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert run(installed / "dispute-rules", "--version", cwd=tmp_path) == f"dispute-rules {project['version']}\n"
    assert set(json.loads(run(installed / "dispute-rules", "schema", cwd=tmp_path))) >= {"case", "advice"}
