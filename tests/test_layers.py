"""The layers of docs/design.md: who may import whom, and no cycles. The checker is checked on a fake tree."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

CHECKOUT = Path(__file__).parents[1]
PACKAGE = "appliance"

# Lowest first. A layer may import itself, the layers named here, and `appliance` (the version) itself.
MAY_IMPORT = {
    "base": "",
    "model": "base",
    "store": "base model",
    "events": "base model store",
    "notify": "base model store",
    "jobs": "base model store",
    "outside": "base model store",
    "actions": "base model store events notify jobs",
    "workers": "base model store events notify jobs outside actions",
    "http": "base model store events notify jobs outside actions",
    "work": "base store jobs outside workers",
    "runtime": "base model store events notify jobs outside actions workers work http",
    "cli": "base model store events notify jobs outside actions http work runtime",
    "__main__": "cli",
}

# What else a layer must do without: SQLite and sockets.
NEVER_IMPORTS = {
    "model": "apsw sqlite3 socket",
    "events": "apsw sqlite3 socket",
    "notify": "apsw sqlite3 socket smtplib",
    "actions": "apsw sqlite3 socket",
    "http": "apsw sqlite3",
    "cli": "sqlite3",
}


class Import(NamedTuple):
    """`importer` and `imported` are dotted modules; `top` is false inside a function."""

    importer: str
    imported: str
    line: int
    top: bool


def read_imports(checkout: Path) -> list[Import]:
    paths = sorted(checkout.glob(f"{PACKAGE}/**/*.py"))
    files = {_module(path.relative_to(checkout)): path for path in paths}
    return [
        Import(importer, imported, node.lineno, top)
        for importer, path in files.items()
        for node, top in _nodes(ast.parse(path.read_text("utf-8")), top=True)
        for imported in _imported(node, importer, files)
    ]


def wrong_ways(imports: list[Import]) -> list[str]:
    return [f"{i.importer}:{i.line} imports {i.imported}" for i in imports if not _allowed(i)]


def find_cycle(imports: list[Import]) -> list[str]:
    """The modules of one cycle of imports at the top of modules; empty if there is none."""
    graph: dict[str, set[str]] = {}
    for importer, imported, _, top in imports:
        if top and importer != imported:
            graph.setdefault(importer, set()).add(imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        return cycle
    return []


def _allowed(i: Import) -> bool:
    importer, imported = _layer(i.importer), _layer(i.imported)
    if i.imported.split(".")[0] != PACKAGE:
        return i.imported.split(".")[0] not in NEVER_IMPORTS.get(importer, "").split()
    return imported in (importer, "") or imported in MAY_IMPORT.get(importer, "").split()


def _layer(module: str) -> str:
    """'store' of 'appliance.store.user', '' of 'appliance'."""
    return f"{module}.".split(".")[1]


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _nodes(tree: ast.AST, top: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, top
        yield from _nodes(node, top and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _imported(node: ast.Import | ast.ImportFrom, importer: str, files: dict[str, Path]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    parts = importer.split(".") if files[importer].name == "__init__.py" else importer.split(".")[:-1]
    above = parts[: len(parts) - node.level + 1] if node.level else []
    module = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:  # a module of the package, or else a name in it
        inner = f"{module}.{alias.name}"
        yield inner if inner in files else module


# The product.


def test_every_module_is_in_a_layer() -> None:
    assert {_layer(i.importer) for i in read_imports(CHECKOUT)} - {""} <= set(MAY_IMPORT)


def test_no_import_runs_the_wrong_way() -> None:
    assert wrong_ways(read_imports(CHECKOUT)) == []


def test_no_imports_run_in_a_circle() -> None:
    assert find_cycle(read_imports(CHECKOUT)) == []


def test_the_table_itself_runs_one_way() -> None:
    order = list(MAY_IMPORT)
    for layer, others in MAY_IMPORT.items():
        assert set(others.split()) <= set(order[: order.index(layer)])


# The checker.


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for package in ("", "base", "store", "store/migrations", "workers", "actions", "http"):
        folder = tmp_path / PACKAGE / package
        folder.mkdir()
        (folder / "__init__.py").touch()
    return tmp_path


def write(tree: Path, module: str, source: str) -> None:
    (tree / PACKAGE / f"{module}.py").write_text(source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("store/user", "from appliance.base.errors import ApiError\nimport apsw, threading"),
        ("store/user", "import appliance\nfrom appliance import base, __version__"),
        ("store/migrations/first", "from .. import user\nfrom ...base import errors"),
        ("runtime", "from appliance import workers, http"),
        ("__main__", "from appliance.cli.main import main"),
    ],
)
def test_right_ways(tree: Path, module: str, source: str) -> None:
    write(tree, module, source)
    assert wrong_ways(read_imports(tree)) == []


@pytest.mark.parametrize(
    ("module", "source", "imported"),
    [
        ("base/errors", "import appliance.store", "appliance.store"),
        ("base/errors", "from appliance import store", "appliance.store"),
        ("base/errors", "from appliance.store import user", "appliance.store"),
        ("base/errors", "from ..store import user", "appliance.store"),
        ("base/errors", "from .. import store", "appliance.store"),
        ("base/__init__", "from ..store import user", "appliance.store"),
        ("base/errors", "def late():\n    import appliance.store", "appliance.store"),
        ("base/errors", "if TYPE_CHECKING:\n    from appliance.store import user", "appliance.store"),
        ("actions/send", "from appliance.workers import mail", "appliance.workers"),
        ("actions/send", "from appliance.outside import smtp", "appliance.outside"),
        ("http/app", "import appliance.workers", "appliance.workers"),
        ("http/app", "import apsw.ext", "apsw.ext"),
        ("unknown/part", "import appliance.base", "appliance.base"),
    ],
)
def test_wrong_ways(tree: Path, module: str, source: str, imported: str) -> None:
    (tree / PACKAGE / module).parent.mkdir(exist_ok=True)
    write(tree, module, source)
    (found,) = wrong_ways(read_imports(tree))
    assert found.startswith(f"appliance.{module.replace('/', '.').removesuffix('.__init__')}:")
    assert found.endswith(f" imports {imported}")


@pytest.mark.parametrize("source", ["from appliance.base import a", "if True:\n    import appliance.base.a"])
def test_a_cycle_is_found(tree: Path, source: str) -> None:
    write(tree, "base/a", "from .b import x")
    write(tree, "base/b", "from . import c")
    write(tree, "base/c", source)
    assert set(find_cycle(read_imports(tree))) == {f"appliance.base.{name}" for name in "abc"}


def test_an_import_inside_a_function_makes_no_cycle(tree: Path) -> None:
    write(tree, "base/a", "from .b import x")
    write(tree, "base/b", "def x():\n    from . import a")
    assert find_cycle(read_imports(tree)) == []
