"""Modules travel together, and are what they are alone (that they work so, all of tests/web shows)."""

import re

from appliance.http import static
from appliance.http.joined import ENTRIES, IMPORT, Joined, names

SOURCES = {
    "early.js": 'import { ask } from "./base/api.js";\n\nask();\n',
    "app.js": """\
import * as api from "./base/api.js";
import { draw as show } from "./parts/box.js";
show(api.URL);
""",
    "base/api.js": "export function ask() {}\nexport const URL = 1, OTHER = 2;\n",
    "parts/box.js": """\
import { ask, URL } from "../base/api.js";
import * as line from "./line.js";
const seldom = () => import("./seldom.js");
const here = import.meta.url;
export const draw = () => line.draw(ask, URL, seldom, here);
""",
    "parts/line.js": "function ruler() {}\nexport { ruler as draw };\nexport class Line {}\n",
    "parts/seldom.js": """\
import { draw } from "./box.js";
import * as other from "./other.js";
draw(other);
""",
    "parts/other.js": "export async function other() {}\n",
}
EARLY = """\
// base/api.js
export const $base_api = (() => {
function ask() {}
const URL = 1, OTHER = 2;

return { ask: ask, URL: URL, OTHER: OTHER };
})();
"""
APP = """\
import { $base_api } from "./early-app.js";
// parts/line.js
export const $parts_line = (() => {
function ruler() {}

class Line {}

return { Line: Line, draw: ruler };
})();
// parts/box.js
export const $parts_box = (() => {
const { ask, URL } = $base_api;
const line = $parts_line;
const seldom = () => import("../parts/seldom.js");
const here = new URL("../parts/box.js", import.meta.url);
const draw = () => line.draw(ask, URL, seldom, here);

return { draw: draw };
})();
"""


SENT = {
    "joined/early-app.js": EARLY,
    "joined/app.js": APP,
    "early.js": """\
import { $base_api } from "./joined/early-app.js"; const { ask } = $base_api;

ask();
""",
    "app.js": """\
import { $base_api as api } from "./joined/early-app.js";
import { $parts_box } from "./joined/app.js"; const { draw: show } = $parts_box;
show(api.URL);
""",
    "base/api.js": """\
import { $base_api } from "../joined/early-app.js";
export const { ask, URL, OTHER } = $base_api;
""",
    "parts/box.js": 'import { $parts_box } from "../joined/app.js";\nexport const { draw } = $parts_box;\n',
    "parts/line.js": """\
import { $parts_line } from "../joined/app.js";
export const { Line, draw } = $parts_line;
""",
    "parts/seldom.js": """\
import { $parts_box } from "../joined/app.js"; const { draw } = $parts_box;
import * as other from "./other.js";
draw(other);
""",
    "parts/other.js": SOURCES["parts/other.js"],
}


def test_what_is_at_each_address() -> None:
    """Lines of modules that travel alone keep their numbers."""
    assert Joined(SOURCES).files == SENT


def test_what_a_page_begins_with_is_known_in_the_order_in_which_it_is_wanted() -> None:
    wanted = ["joined/early-app.js", "early.js", "joined/app.js", "app.js"]
    assert Joined(SOURCES).wanted("early.js", "app.js") == wanted


PAGE = static.modules()
PARTS = [each for each in PAGE.files if each.startswith("joined/")]


def test_nothing_travels_twice() -> None:
    inside = [each for name in PARTS for each in re.findall(r"^// (.*\.js)$", PAGE.files[name], re.MULTILINE)]
    assert len(set(inside)) == len(inside) > 100
    assert {*inside} & {*ENTRIES.values()} == set()


def test_modules_in_a_joined_file_import_nothing_and_do_not_wait() -> None:
    """A function can do neither."""
    left = re.compile(r"^(?:await|import|export (?!const \$)).*", re.MULTILINE)
    for name in PARTS:
        assert left.findall(IMPORT.sub("", PAGE.files[name])) == []


def test_the_chat_has_nothing_that_only_the_console_wants() -> None:
    chat = PAGE.wanted("early.js", "app.js", ENTRIES["conversation"], ENTRIES["compose"])
    console = PAGE.wanted("admin/app.js")
    assert "joined/admin.js" in console
    assert "joined/admin.js" not in chat
    assert {"joined/app.js", "joined/conversation.js", "joined/compose.js"} & {*console} == set()


def test_every_export_is_found() -> None:
    source = "export const A = 1, B = 2;\nexport const run = (x, Y = 2) => x;\nexport async function go() {\n"
    assert list(names(source)) == ["A", "B", "run", "go"]
