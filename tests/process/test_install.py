"""install.sh, for real: these tests need the package index. Those that only look share one installation."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance import __version__

CHECKOUT = Path(__file__).parents[2]
SOURCES = ("install.sh", "appliance", "packaging", "pyproject.toml", "README.md", "LICENSE")
TOOLS = "cat chmod cp cut dirname find grep id ln ls mkdir mv readlink rm sed sh sha256sum sort xargs"
MARKER = ".made-by-install"
DEADLINE = 60  # seconds

Done = subprocess.CompletedProcess[str]

pytestmark = pytest.mark.timeout(300)


def environment(**more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("APPLIANCE_")}
    return inherited | more


def install(*arguments: str | Path, source: Path = CHECKOUT, **environ: str) -> Done:
    command = [source / "install.sh", *arguments]
    return subprocess.run(command, env=environment(**environ), capture_output=True, text=True, timeout=240)


def run(prefix: Path, *arguments: str, **environ: str) -> str:
    command = [f"{prefix}/bin/appliance", *arguments]
    return subprocess.check_output(command, env=environment(**environ), text=True, timeout=60)


def current(prefix: Path) -> str:
    return os.readlink(f"{prefix}/current")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != MARKER}


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.name != MARKER}


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prefix that no test changes."""
    prefix = tmp_path_factory.mktemp("installed") / "it's here"
    done = install("--prefix", prefix, "--no-service")
    assert done.returncode == 0, done.stderr
    return prefix


@pytest.fixture
def prefix(installed: Path, tmp_path: Path) -> Path:
    """A copy to change; its large files are links."""
    shutil.copytree(installed, tmp_path / "prefix", symlinks=True, copy_function=os.link)
    return tmp_path / "prefix"


@pytest.fixture
def broken_source(tmp_path: Path) -> Path:
    """A checkout whose packages are not what its lock says."""
    source = tmp_path / "source"
    source.mkdir()
    for name in SOURCES:
        copy = shutil.copytree if (CHECKOUT / name).is_dir() else shutil.copy
        copy(CHECKOUT / name, source / name)
    lock = source / "packaging/requirements.lock"
    lock.write_text(re.sub("sha256:[0-9a-f]{8}", "sha256:00000000", lock.read_text()))
    return source


# A folder of one's own.


def test_what_is_installed(installed: Path) -> None:
    assert re.fullmatch(rf"versions/{re.escape(__version__)}-[0-9a-f]{{8}}", current(installed))
    assert names(installed) == {"bin", "current", "data", "versions"}
    assert names(installed / "bin") == {"appliance"}
    assert stat.S_IMODE((installed / "data").stat().st_mode) == 0o700


def test_the_command_runs(installed: Path) -> None:
    assert run(installed, "config", "example") == (CHECKOUT / "config.example.toml").read_text()


def test_the_command_knows_its_data_folder(installed: Path) -> None:
    assert f'server.data = "{installed / "data"}" ' in run(installed, "config", "show")
    assert 'server.data = "/else/where" ' in run(installed, "config", "show", APPLIANCE_DATA="/else/where")


def test_it_needs_no_checkout_any_more(installed: Path) -> None:
    python = installed / "current/bin/python"
    where = "import appliance; print(appliance.__file__)"
    found = subprocess.run([python, "-c", where], cwd="/", capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()).is_relative_to(installed)


def test_again_changes_nothing_and_is_quick(installed: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in installed.glob("versions/*/*")}
    done = install("--prefix", installed, "--no-service")
    assert done.returncode == 0
    assert "installing" not in done.stdout
    assert {path: path.stat().st_mtime_ns for path in installed.glob("versions/*/*")} == before


def test_an_upgrade_keeps_one_version_before_it_and_what_is_not_ours(prefix: Path) -> None:
    new = current(prefix)
    for name in ("0.0.1", "0.0.2"):
        (prefix / "versions" / name).mkdir()
        (prefix / "versions" / name / MARKER).write_text("complete\n")
    (prefix / "versions/notes").mkdir()
    (prefix / "current").unlink()
    (prefix / "current").symlink_to("versions/0.0.2")
    assert install("--prefix", prefix, "--no-service").returncode == 0
    assert current(prefix) == new
    assert names(prefix / "versions") == {"0.0.2", "notes", Path(new).name}


def test_a_failed_upgrade_leaves_all_as_it_was(prefix: Path, broken_source: Path) -> None:
    before, target = tree(prefix), current(prefix)
    done = install("--prefix", prefix, "--no-service", source=broken_source)
    assert done.returncode != 0
    assert "nothing was changed" in done.stderr
    assert (tree(prefix), current(prefix)) == (before, target)


def test_an_interrupted_install_leaves_nothing(tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    command = [f"{CHECKOUT}/install.sh", "--prefix", f"{prefix}", "--no-service"]
    with subprocess.Popen(command, env=environment(), start_new_session=True) as process:
        wait_for(lambda: any(prefix.glob("versions/*/*")))
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(DEADLINE) != 0
    assert not prefix.exists()


@pytest.mark.parametrize("name", ["bin/appliance", "current"])
@pytest.mark.parametrize("deed", ["--no-service", "--uninstall"])
def test_what_somebody_else_made_is_not_touched(tmp_path: Path, name: str, deed: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    before = tree(tmp_path)
    done = install("--prefix", tmp_path, deed)
    assert done.returncode == 1
    assert f"{tmp_path / name} was not made by this script" in done.stderr
    assert tree(tmp_path) == before
    assert (tmp_path / name).read_text() == "mine"


def test_uninstall_keeps_the_data_and_what_is_not_ours(prefix: Path) -> None:
    (prefix / "data/chat.db").touch()
    (prefix / "bin/other").touch()
    (prefix / "versions/notes").mkdir()
    assert install("--prefix", prefix, "--uninstall").returncode == 0
    assert tree(prefix) == {"data", "data/chat.db", "bin", "bin/other", "versions", "versions/notes"}


def test_uninstall_leaves_nothing_else(prefix: Path) -> None:
    assert install("--prefix", prefix, "--uninstall").returncode == 0
    assert names(prefix) == {"data"}
    assert install("--prefix", prefix, "--uninstall").returncode == 1


def test_it_starts_in_the_foreground(prefix: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listen = f"127.0.0.1:{listener.getsockname()[1]}"
    command = [f"{CHECKOUT}/install.sh", "--prefix", f"{prefix}"]
    environ = environment(APPLIANCE_SERVER_LISTEN=listen)
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(lambda: answers(f"http://{listen}/health") or process.poll() is not None)
            assert process.poll() is None
        finally:
            process.terminate()
    assert any((prefix / "data").iterdir())


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


# What can be wrong with a machine.


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A PATH with the tools of any system, but no Python, no uv and no apt-get."""
    folder = tmp_path / "path"
    folder.mkdir()
    for tool in TOOLS.split():
        (folder / tool).symlink_to(shutil.which(tool) or tool)
    return folder


def add_python(folder: Path, name: str, *, usable: bool) -> Path:
    """A Python without ensurepip, or (not usable) one that is too old."""
    answers = '*_base_executable*) echo "$0" ;; *ensurepip*) exit 1 ;; *) echo Python 3.11.0 ;;'
    (folder / name).write_text(f"#!/bin/sh\ncase $* in {answers if usable else '*) echo ;;'} esac\n")
    (folder / name).chmod(0o755)
    return folder / name


def test_a_python_that_is_too_old_is_passed_over_and_a_missing_ensurepip_explained(
    bare_path: Path, tmp_path: Path
) -> None:
    add_python(bare_path, "python3", usable=False)
    python = add_python(bare_path, "python3.12", usable=True)
    done = install("--prefix", tmp_path / "prefix", "--no-service", PATH=str(bare_path))
    assert done.returncode == 1
    assert f"{python} cannot make a venv" in done.stderr
    assert "apt-get install python3-venv" in done.stderr
    assert not (tmp_path / "prefix").exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [(["--prefix"], "--prefix needs a folder"), (["--prefix", ""], "--prefix needs"), (["--frob"], "--frob")],
)
def test_arguments_that_make_no_sense(arguments: list[str], why: str) -> None:
    done = install(*arguments)
    assert done.returncode == 1
    assert why in done.stderr


def test_help() -> None:
    done = install("--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: ./install.sh")


@pytest.mark.skipif(os.path.isdir("/run/systemd/system"), reason="would change this machine")
def test_without_systemd_it_names_the_other_way() -> None:
    done = install()
    assert done.returncode == 1
    assert "./install.sh --prefix DIR" in done.stderr


# The service: in a mount namespace of its own, with a systemctl that only writes down what it is asked.

IN_NAMESPACE = r"""
set -eu
scratch=$1 install=$2
mount -t tmpfs none "$scratch"
for folder in etc opt var/lib; do
    new=$scratch/$folder
    mkdir -p "$new/upper" "$new/work"
    mount -t overlay none -o "lowerdir=/$folder,upperdir=$new/upper,workdir=$new/work" "/$folder"
done
mount -t tmpfs none /run
mkdir -p /run/systemd/system "$scratch/bin"
printf '#!/bin/sh\necho "systemctl $*"\n' >"$scratch/bin/systemctl"
chmod +x "$scratch/bin/systemctl"
export PATH="$scratch/bin:$PATH"
[ "${3:-}" = try ] && exit
"$install"
stat -c 'data: %U %a' /var/lib/appliance
echo "again"
"$install" --no-service
touch /var/lib/appliance/kept
"$install" --uninstall
stat -c 'kept: %U' /var/lib/appliance/kept
ls -d /opt/appliance /etc/systemd/system/appliance.service || true
id appliance || true
"""


@pytest.fixture
def in_namespace(tmp_path: Path) -> list[str]:
    """The command that does it."""
    command = ["unshare", "--mount", "sh", "-c", IN_NAMESPACE, "sh", f"{tmp_path}", f"{CHECKOUT}/install.sh"]
    usable = ["/usr/bin/python3", "-c", "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"]
    for attempt in ([*command, "try"], usable):
        if not shutil.which(attempt[0]) or subprocess.run(attempt, capture_output=True).returncode:
            pytest.skip("needs root, unshare, overlay mounts and a system-wide Python")
    return command


def test_the_service(in_namespace: list[str]) -> None:
    done = subprocess.run(in_namespace, env=environment(), capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    first, again = done.stdout.split("again\n", maxsplit=1)
    assert "systemctl enable --quiet appliance\nsystemctl restart appliance\n" in first
    assert f"appliance {__version__} runs at http://127.0.0.1:9991\n" in first
    assert "Open this link once: http://127.0.0.1:9991/owner/" in first
    assert first.endswith("data: appliance 700\n")
    assert "installing" not in again
    assert "systemctl disable --quiet --now appliance\nsystemctl daemon-reload\n" in again
    assert again.endswith("kept: root\n")
