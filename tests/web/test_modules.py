"""The page's modules and sheets: the layers of docs/page.md, no circles, nothing that nobody uses.

All addresses in them are our own.
"""

import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import appliance
from appliance.http.joined import IMPORT, LATER, names

FOLDER = Path(appliance.__file__).parent / "static"
MODULES = {each.relative_to(FOLDER).as_posix(): each.read_text("utf-8") for each in FOLDER.rglob("*.js")}
# Lowest first. A module may import those of its own layer and of the layers named here.
LAYERS = {
    "base": "",
    "state": "base",
    "live": "base state",
    "parts": "base state live",
    "compose": "base state live parts",
    "conversation": "base state live parts compose",
    "navigation": "base state live parts compose conversation",
    "notices": "base state live parts",
    "settings": "base state live parts notices",
    "organization": "base state live parts",
    "admin": "base state live parts",
    "app.js": "base state live parts compose conversation navigation notices",
    "early.js": "base state live",
    "worker.js": "",
}
LONGEST = 250  # lines of a module
SHEETS = {each.name: each.read_text("utf-8") for each in FOLDER.rglob("*.css")}
SERVERS_OWN = {"rendered.css", "pages.css"}  # sheets for HTML that the server makes


def _imported(module: str, pattern: re.Pattern[str]) -> list[str]:
    base, found = Path("/") / module, pattern.finditer(MODULES[module])
    return [str((base.parent / each[pattern.groups]).resolve().relative_to("/")) for each in found]


def _layer(module: str) -> str:
    return module.split("/")[0]


def test_every_module_that_is_imported_exists() -> None:
    missing = {
        (module, each)
        for module in MODULES
        for pattern in (IMPORT, LATER)
        for each in _imported(module, pattern)
        if each not in MODULES
    }
    assert missing == set()


def test_no_import_runs_the_wrong_way() -> None:
    """Modules that are fetched when they are wanted (`import()`) may be of any layer."""
    wrong = [
        f"{module} imports {each}"
        for module in MODULES
        for each in _imported(module, IMPORT)
        if _layer(each) not in (_layer(module), *LAYERS[_layer(module)].split())
    ]
    assert wrong == []


def test_no_imports_run_in_a_circle() -> None:
    TopologicalSorter({module: _imported(module, IMPORT) for module in MODULES}).prepare()


def test_nothing_is_fetched_from_elsewhere() -> None:
    """Placeholders show what is to be typed, and SVG's namespace is an address by form alone."""
    found = {
        (module, address)
        for module, source in MODULES.items()
        for address in re.findall(r"""(?<!placeholder: )["'`](https?://[^"'`]+)""", source)
        if address != "http://www.w3.org/2000/svg"
    }
    assert found == set()


def test_what_is_exported_is_used_elsewhere() -> None:
    importers: dict[str, str] = dict.fromkeys(MODULES, "")
    for module, source in MODULES.items():
        for each in {*_imported(module, IMPORT), *_imported(module, LATER)}:
            importers[each] += source
    unused = [
        f"{module}: {name}"
        for module in MODULES
        for name in names(MODULES[module]).values()
        if not re.search(rf"\b{name}\b", importers[module])
    ]
    assert unused == []


def test_every_module_is_reached() -> None:
    """The shells name the entries, and the browser the service worker."""
    reached = {
        each for module in MODULES for pattern in (IMPORT, LATER) for each in _imported(module, pattern)
    }
    assert MODULES.keys() - reached == {"app.js", "early.js", "admin/app.js", "worker.js"}


def test_every_module_says_what_it_is_and_is_short() -> None:
    assert [module for module, source in MODULES.items() if not source.startswith("/**")] == []
    assert [module for module, source in MODULES.items() if source.count("\n") > LONGEST] == []


def test_every_icon_is_drawn_and_used() -> None:
    """One whose name is mistyped would be shown as another."""
    drawn = set(re.findall(r'^  (\w+): "', MODULES["base/icon.js"], re.MULTILINE))
    others = "".join(source for module, source in MODULES.items() if module != "base/icon.js")
    asked = set(re.findall(r'\bicon(?:\(|: |Button\()"(\w+)"', others))
    assert asked - drawn == set()
    assert [name for name in drawn if f'"{name}"' not in others] == []


def test_every_class_in_a_sheet_is_given_to_something() -> None:
    rules = {
        name: re.sub(r"/\*.*?\*/|\{[^{}]*\}", "{}", sheet, flags=re.DOTALL)
        for name, sheet in SHEETS.items()
        if name not in SERVERS_OWN
    }
    given = set(re.findall(r"[\w-]+", "".join([*MODULES.values(), *_made_by_the_server()])))
    unused = [
        f"{name}: {each}"
        for name, rule in rules.items()
        for each in set(re.findall(r"\.([a-zA-Z][\w-]*)", rule))
        if each not in given and not each.startswith("icon-")
    ]
    assert unused == []


def _made_by_the_server() -> Iterator[str]:
    """Markdown's classes are in the sources of `model/` and `actions/`."""
    yield from (each.read_text("utf-8") for each in FOLDER.parent.rglob("*.py"))
