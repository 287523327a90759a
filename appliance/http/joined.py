"""Modules that a page always wants at once travel as one file: each alone costs a request with headers of its
own, and is compressed by itself.

In a joined file each module is a function that runs once and gives what it exports; they stand in the order
in which a browser would run them. The entries of a page travel alone, and so do modules that are wanted
seldom: those take what they import from the joined file that has it. At the address of a module that was
joined there are its exports, for who asks for it by itself.

Modules are understood by how they are written here: imports and exports stand at the beginning of a line, no
two modules import each other, and what is exported is never given another value (tests/web/test_modules.py).
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property

# Modules with which something begins, by a word for it.
ENTRIES = {
    "early": "early.js",
    "app": "app.js",
    "conversation": "conversation/conversation.js",
    "compose": "compose/box.js",
    "notices": "notices/notices.js",
    "admin": "admin/app.js",
}
IN_APP = {"conversation", "compose", "notices"}  # come when that is there
IMPORT = re.compile(r'^import (?:\* as (\w+)|(\{[^}]*\})) from "(\.[^"]+)";', re.MULTILINE)
LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
# Numbers may share a line: export const ONE = 1, TWO = 2;
EXPORT = re.compile(
    r"^export (?=(?:async )?(?:function|class|const) (\w+)((?: = \d+, \w+)*))", re.MULTILINE
)
RENAMED = re.compile(r"^export \{ (\w+)(?: as (\w+))? \};", re.MULTILINE)


class Joined:
    """All modules of the page as they travel, by their addresses."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        """`sources`: the texts of modules, by address."""
        self._sources = sources
        self._homes = dict(self._assigned())  # the joined file that a module is in

    @cached_property
    def files(self) -> dict[str, str]:
        joined = sorted(set(self._homes.values()))
        alone = {name: self._alone(name) for name in self._sources}
        return alone | {name: self._file(name) for name in joined}

    def wanted(self, *entries: str) -> list[str]:
        """The files that a page with these entries begins with, first those of the first."""
        found = (self._homes.get(each, each) for entry in entries for each in self._in_order(entry))
        return list(dict.fromkeys(found))

    def _assigned(self) -> Iterator[tuple[str, str]]:
        """Modules that the same entries want are together."""
        wanted: dict[str, list[str]] = {}
        for word, entry in ENTRIES.items():
            for module in self._in_order(entry)[:-1]:
                wanted.setdefault(module, []).append(word)
        for module, words in wanted.items():
            home = [each for each in words if not ("app" in words and each in IN_APP)]
            yield module, f"joined/{'-'.join(home)}.js"

    def _in_order(self, *entries: str) -> list[str]:
        """These and all that they import, each after what it imports."""
        found: dict[str, None] = {}

        def follow(module: str) -> None:
            if module in found or module not in self._sources:
                return
            for _, _, path in IMPORT.findall(self._sources[module]):
                follow(_target(module, path))
            found[module] = None

        for entry in entries:
            follow(entry)
        return list(found)

    def _file(self, name: str) -> str:
        inside = [each for each in self._in_order(*ENTRIES.values()) if self._homes.get(each) == name]
        others: dict[str, set[str]] = {}
        for module in inside:
            for _, _, path in IMPORT.findall(self._sources[module]):
                target = _target(module, path)
                if self._homes[target] != name:
                    others.setdefault(self._homes[target], set()).add(_variable(target))
        imports = (
            f'import {{ {", ".join(sorted(variables))} }} from "{_path(name, home)}";'
            for home, variables in others.items()
        )
        return "\n".join([*imports, *(_function(each, self._sources[each], name) for each in inside), ""])

    def _alone(self, name: str) -> str:
        source, own = self._sources[name], _variable(name)
        if name in self._homes:
            exports = ", ".join(names(source).values())
            return f"{self._taken(name, name, own)}\nexport const {{ {exports} }} = {own};\n"

        def linked(found: re.Match[str]) -> str:
            target = _target(name, found[3])
            if target not in self._homes:
                return found[0]
            if found[1]:
                return self._taken(name, target, f"{_variable(target)} as {found[1]}")
            return f"{self._taken(name, target, _variable(target))} {_constants(found[2], target)}"

        return IMPORT.sub(linked, source)

    def _taken(self, at: str, module: str, what: str) -> str:
        return f'import {{ {what} }} from "{_path(at, self._homes[module])}";'


def names(source: str) -> dict[str, str]:
    """What a module exports: by the name that it has inside, the one that others know."""
    found = EXPORT.findall(source)
    named = {name: name for first, more in found for name in (first, *re.findall(r", (\w+)", more))}
    return named | {inside: outside or inside for inside, outside in RENAMED.findall(source)}


def _function(module: str, source: str, at: str) -> str:
    """The module as a part of the joined file `at`."""
    exports = ", ".join(f"{outside}: {inside}" for inside, outside in names(source).items())

    def linked(found: re.Match[str]) -> str:
        target = _target(module, found[3])
        return f"const {found[1]} = {_variable(target)};" if found[1] else _constants(found[2], target)

    body = RENAMED.sub("", EXPORT.sub("", IMPORT.sub(linked, source)))
    body = LATER.sub(lambda found: f'import("{_path(at, _target(module, found[1]))}")', body)
    body = body.replace("import.meta.url", f'new URL("{_path(at, module)}", import.meta.url)')
    own = _variable(module)
    return f"// {module}\nexport const {own} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();"


def _constants(named: str, module: str) -> str:
    return f"const {named.replace(' as ', ': ')} = {_variable(module)};"


def _variable(module: str) -> str:
    """What a joined file exports a module as."""
    return "$" + module.removesuffix(".js").replace("/", "_")


def _target(module: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(module), path))


def _path(at: str, module: str) -> str:
    """How a module at one address names another."""
    path = posixpath.relpath(module, posixpath.dirname(at) or ".")
    return path if path.startswith(".") else f"./{path}"
