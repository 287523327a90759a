#!/bin/sh
# Installs, upgrades or removes appliance; `./install.sh --help` says how.
#
# PREFIX/versions/VERSION-HASH   a venv each, complete or not there; HASH is of the sources and the Python
# PREFIX/current                 a link to the one in use, replaced last and in one step
# PREFIX/bin/appliance           runs current with the right data folder
#
# Every folder made here holds a marker and every file a signature: nothing else is ever removed or replaced.
set -eu
umask 022
unset PYTHONHOME PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_USER=0 UV_NO_CACHE=1

source=$(cd "$(dirname "$0")" && pwd -P)
marker=.made-by-install
signature="Made by appliance's install.sh"
building=''

usage() {
    cat <<'TEXT'
Usage: ./install.sh [--prefix DIR] [--no-service] [--uninstall]

As root on a machine with systemd: installs to /opt/appliance, keeps data in /var/lib/appliance, starts the
service "appliance" under a user of its own, and prints the address and a one-time link for the owner.
Run it again to upgrade.

  --prefix DIR   install below DIR, data in DIR/data, without root; then start in the foreground
  --no-service   start nothing
  --uninstall    remove what was installed (below DIR with --prefix); the data stays
  --help         this text
TEXT
}

say() {
    printf '%s\n' "$*"
}

fail() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

# ---- what was made here ------------------------------------------------------------------------------

make_folder() {
    [ -d "$1" ] || { mkdir -p "$1" && : >"$1/$marker"; }
}

remove_empty() {
    for folder; do
        [ "$(ls -A "$folder" 2>/dev/null)" != "$marker" ] || rm -r "$folder"
    done
}

not_ours() {
    fail "$1 was not made by this script: nothing was changed"
}

refuse_foreign() {
    for file in "$prefix/bin/appliance" ${unit:+"$unit"}; do
        [ -e "$file" ] || [ -L "$file" ] || continue
        grep -q "$signature" "$file" 2>/dev/null || not_ours "$file"
    done
    [ -e "$prefix/current" ] || [ -L "$prefix/current" ] || return 0
    case $(readlink "$prefix/current") in
        versions/*) ;;
        *) not_ours "$prefix/current" ;;
    esac
}

clean_up() {
    [ -z "$building" ] || { rm -rf "$building"; say "appliance was not installed; nothing was changed" >&2; }
    remove_empty "$prefix/versions" "$prefix/bin" "$prefix"
}

# ---- Python ------------------------------------------------------------------------------------------

print_python='import sys; sys.version_info < (3, 11) or print(sys._base_executable)'

find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python /usr/bin/python3; do
        python=$("$candidate" -c "$print_python" 2>/dev/null) || continue
        case $user:$python in
            *: | ?*:/root/* | ?*:/home/*) ;; # too old, or where a service cannot reach it
            *) return 0 ;;
        esac
    done
    fail "no Python 3.11 or newer was found${user:+ outside of /root and /home}." \
        'Debian, Ubuntu, Raspberry Pi OS: apt-get install python3 python3-venv'
}

can_make_venv() {
    command -v uv >/dev/null || "$python" -c 'import ensurepip, venv' 2>/dev/null
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3-venv >/dev/null
}

require_venv() {
    can_make_venv && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say 'installing the Debian package python3-venv'
        apt_install || { apt-get update -qq && apt_install; } || true
    fi
    can_make_venv || fail "$python cannot make a venv: its module ensurepip is missing." \
        'Debian, Ubuntu, Raspberry Pi OS: apt-get install python3-venv; or install uv'
}

make_venv() {
    if command -v uv >/dev/null; then
        uv venv --quiet --allow-existing --python "$python" "$1"
    else
        "$python" -m venv "$1"
    fi
}

pip() {
    if command -v uv >/dev/null; then
        uv pip "$@" --python "$target/bin/python"
    else
        "$target/bin/python" -m pip "$@"
    fi
}

# ---- one version -------------------------------------------------------------------------------------

name_version() {
    version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$source/appliance/__init__.py")
    hash=$(
        cd "$source"
        {
            "$python" -VV
            find appliance pyproject.toml packaging/*.lock -type f ! -name '*.pyc' |
                LC_ALL=C sort | xargs sha256sum
        } | sha256sum | cut -c 1-8
    )
    [ -n "$version" ] || fail "$source/appliance/__init__.py names no version"
    name=$version-$hash
    target=$prefix/versions/$name
}

works() {
    "$target/bin/appliance" config example >/dev/null
}

is_complete() {
    [ "$(cat "$target/$marker")" = complete ] && works 2>/dev/null
}

build() {
    if [ -e "$target" ]; then
        [ -f "$target/$marker" ] || not_ours "$target"
        ! is_complete || return 0
        rm -rf "$target"
    fi
    require_venv
    say "installing appliance $name with $python"
    building=$target
    make_folder "$target"
    make_venv "$target"
    locks=$source/packaging
    pip install --quiet --require-hashes -r "$locks/requirements.lock" -r "$locks/build.lock"
    pip install --quiet --no-deps --no-build-isolation "$source"
    missing=$(pip check 2>&1) || fail "packaging/requirements.lock is not what pyproject.toml wants: $missing"
    "$target/bin/python" -m compileall -q "$target/lib" >/dev/null || true # a service cannot write its .pyc
    works
    echo complete >"$target/$marker"
    building=''
}

quoted() {
    printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

write_command() {
    program=$(quoted "$prefix/current/bin/appliance")
    make_folder "$prefix/bin"
    {
        echo '#!/bin/sh'
        echo "# $signature"
        echo "[ \"\${APPLIANCE_DATA:-}\" ] || APPLIANCE_DATA=$(quoted "$data")"
        echo 'export APPLIANCE_DATA'
        [ -z "$user" ] || echo "[ \"\$(id -u)\" != 0 ] || exec runuser -u $user -- $program \"\$@\""
        echo "exec $program \"\$@\""
    } >"$prefix/bin/.appliance.new"
    chmod 755 "$prefix/bin/.appliance.new"
    mv "$prefix/bin/.appliance.new" "$prefix/bin/appliance"
}

# Makes the new version the current one; keeps the one before it, and no older ones.
switch() {
    previous=$(readlink "$prefix/current" || true)
    [ "$previous" != "versions/$name" ] || return 0
    rm -f "$prefix/.current.new"
    ln -s "versions/$name" "$prefix/.current.new"
    mv -T "$prefix/.current.new" "$prefix/current"
    restart=restart
    for folder in "$prefix"/versions/*; do
        case versions/${folder##*/} in
            "versions/$name" | "$previous") ;;
            *) [ ! -f "$folder/$marker" ] || rm -rf "$folder" ;;
        esac
    done
}

# ---- the service -------------------------------------------------------------------------------------

make_user() {
    if ! id -u "$user" >/dev/null 2>&1; then
        useradd --system --user-group --no-create-home --home-dir "$data" --shell /usr/sbin/nologin "$user"
        : >"$prefix/.made-user"
    fi
    [ "$(stat -c %U "$data")" = "$user" ] || chown -R "$user:" "$data"
}

write_unit() {
    cmp -s "$source/packaging/appliance.service" "$unit" && return
    cp "$source/packaging/appliance.service" "$unit"
    systemctl daemon-reload
    restart=restart
}

start_service() {
    say 'starting the service "appliance"'
    systemctl enable --quiet appliance
    systemctl "$restart" appliance || fail 'the service does not start; why: journalctl -u appliance'
    address=$("$prefix/bin/appliance" config show --json | "$target/bin/python" -c "$print_address")
    say "appliance $version runs at $address"
    if link=$("$prefix/bin/appliance" user link 2>/dev/null); then
        say "Nobody owns it yet. Open this link once: $link"
    else
        say "A link that signs somebody in: $prefix/bin/appliance user link EMAIL"
    fi
}

print_address='
import json, sys
config = json.load(sys.stdin)
print(config["server.public_url"]["value"] or "http://" + config["server.listen"]["value"])'

# ---- the deeds ---------------------------------------------------------------------------------------

install() {
    refuse_foreign
    find_python
    name_version
    make_folder "$prefix"
    make_folder "$prefix/versions"
    build
    [ -d "$data" ] || mkdir -m 700 "$data"
    [ -z "$user" ] || make_user
    write_command
    [ -z "$unit" ] || write_unit
    switch
    next_steps
    [ "$start" = no ] || start_it
}

uninstall() {
    refuse_foreign
    [ -d "$prefix/versions" ] || fail "appliance is not installed in $prefix"
    if [ -n "$unit" ] && [ -e "$unit" ]; then
        systemctl disable --quiet --now appliance
        rm "$unit"
        systemctl daemon-reload
    fi
    rm -f "$prefix/bin/appliance" "$prefix/current"
    for folder in "$prefix"/versions/*; do
        [ ! -f "$folder/$marker" ] || rm -rf "$folder"
    done
    if [ -f "$prefix/.made-user" ]; then
        chown -R 0:0 "$data" # or the next user to get this number would own the data
        userdel "$user"
        rm "$prefix/.made-user"
    fi
    remove_empty "$prefix/versions" "$prefix/bin" "$prefix"
    say "removed appliance from $prefix; its data stays in $data"
}

next_steps() {
    say "appliance $version is in $prefix, its data in $data."
    say "  commands  $prefix/bin/appliance --help"
    say '  upgrade   run this script again, from a newer source'
    say '  remove    run this script again with --uninstall added; the data stays'
    [ "$start" = yes ] || say "  start     $by_hand"
}

start_it() {
    [ -z "$unit" ] || { start_service; return; }
    say 'starting in the foreground; Ctrl-C stops it'
    exec "$prefix/bin/appliance" serve
}

prefix='' deed=install start=yes
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) [ -n "${2:-}" ] || fail '--prefix needs a folder' && prefix=$2 && shift ;;
        --prefix=?*) prefix=${1#*=} ;;
        --no-service) start=no ;;
        --uninstall) deed=uninstall ;;
        -h | --help) usage && exit ;;
        *) fail "unknown argument $1; see --help" ;;
    esac
    shift
done

if [ -n "$prefix" ]; then
    case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
    user='' unit='' data=$prefix/data by_hand="$prefix/bin/appliance serve"
else
    [ "$(id -u)" = 0 ] || fail 'run this as root, or give a folder of your own: ./install.sh --prefix DIR'
    [ -d /run/systemd/system ] || fail 'no systemd runs here; without it: ./install.sh --prefix DIR'
    prefix=/opt/appliance data=/var/lib/appliance by_hand='systemctl enable --now appliance'
    user=appliance unit=/etc/systemd/system/appliance.service
fi
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
restart=start
"$deed"
