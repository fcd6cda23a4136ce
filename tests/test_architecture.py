"""The house rules that a type checker can't hold: which way imports run, and what importing a module may do."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "storage")

MAY_IMPORT = {
    "bot.errors": set[str](),
    "bot.money": {"bot.errors"},
    "bot.links": {"bot.errors", "bot.money"},
    "bot.payments": {"bot.errors", "bot.money"},
    "bot.gateways": {"bot.errors"},
    "bot.services": {"bot.errors", "bot.money", "bot.links", "bot.payments", "bot.gateways", "storage"},
    "bot.slack": {"bot.errors", "bot.money", "bot.links", "bot.payments", "bot.gateways", "bot.services", "storage"},
    "bot.web": {"bot.errors", "bot.delivery", "bot.gateways", "storage"},
    "bot.delivery": {"bot.errors", "bot.gateways", "bot.services", "storage"},
    "bot.sandbox": set[str](),
    "storage": set[str](),
}
"""What each room may import of the house. Those not named here (app, cli, doctor …) are where it is put together."""


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imported(path: Path) -> tuple[str, ...]:
    """The modules a file imports, `from x import y` as `x.y` (which covers submodules)."""
    found: list[str] = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(found)


def within(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_run_one_way(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room}
    wrong = [
        f"{module} imports {name}"
        for module, path in modules()
        if within(module, room)
        for name in imported(path)
        if name.split(".")[0] in PACKAGES and not any(within(name, other) for other in allowed)
    ]
    assert wrong == []


def test_only_one_module_imports_stripe() -> None:
    assert importers("stripe") == ["bot.gateways.stripe"]


def test_only_the_command_line_imports_the_sandbox() -> None:
    assert [name for name in importers("bot.sandbox") if not within(name, "bot.sandbox")] == ["bot.cli"]


def test_the_links_and_payments_rooms_do_no_io() -> None:
    outside = ("aiohttp", "slack_sdk", "slack_bolt", "sqlalchemy", "sqlmodel", "asyncio", "os", "socket")
    for library in outside:
        assert [name for name in importers(library) if within(name, "bot.links") or within(name, "bot.payments")] == []


def test_only_the_settings_read_the_environment() -> None:
    for name in ("os.environ", "os.getenv", "pydantic_settings"):
        assert [module for module, path in modules() if name in path.read_text() and module != "bot.config"] == []
    calling = [module for module in importers("bot.config.from_environment") if module != "bot.cli"]
    assert calling == []


def test_importing_has_no_effect_beyond_definitions() -> None:
    """At the top level there are only definitions: no loops, no `with`, no bare calls."""
    definitions = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    values = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If)
    for module, path in modules():
        for node in parsed(path).body:
            docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            guard = module in ("bot.__main__", "storage.migrations.env")
            assert docstring or guard or isinstance(node, definitions + values), f"{module}:{node.lineno}"


def importers(library: str) -> list[str]:
    return [module for module, path in modules() if any(within(name, library) for name in imported(path))]
