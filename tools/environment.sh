#!/bin/sh
# Makes or completes the environment in .venv: `sh tools/environment.sh runtime|dev`.
# Uses uv where it is present or installable (fast), else pip. Everything that enters is pinned
# by hash, the installers themselves included (tools/installer.lock). What carries official rules
# (requirements-rules.lock) comes without what it asks for: only its files are read; so does what
# runs with newer versions than it allows (requirements-bare.lock).
# PYTHON chooses the interpreter, GUILDER_INSTALLER=pip leaves uv out.
set -eu
cd "$(dirname "$0")/.."
profile="${1:-runtime}"
case "$profile" in
  runtime) lock=requirements.lock ;;
  dev) lock=requirements-dev.lock ;;
  *) echo "Say runtime or dev: sh tools/environment.sh runtime" >&2; exit 2 ;;
esac
environment=.venv
python="$environment/bin/python"
# These would lead the installers away from our own environment.
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH UV_PROJECT_ENVIRONMENT PIP_REQUIRE_VIRTUALENV PIP_USER 2>/dev/null || true

new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
  if [ -n "${PYTHON:-}" ]; then
    new_enough "$PYTHON" && { command -v "$PYTHON"; return 0; }
    echo "PYTHON=$PYTHON is not Python 3.11 or newer: choose another, such as PYTHON=python3.12." >&2
    return 1
  fi
  for name in python3 python3.13 python3.12 python3.11 python; do
    command -v "$name" >/dev/null 2>&1 && new_enough "$name" && { command -v "$name"; return 0; }
  done
  echo "Guilder needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python3." >&2
  return 1
}

find_uv() {
  [ "${GUILDER_INSTALLER:-}" = pip ] && return 1
  for name in uv "$environment/bin/uv"; do
    "$name" --version >/dev/null 2>&1 && { echo "$name"; return 0; }
  done
  return 1
}

make_environment() {
  if [ -x "$python" ] && new_enough "$python"; then return 0; fi
  interpreter=$(find_python) || exit 1
  rm -rf "$environment"
  if uv=$(find_uv) && "$uv" venv --quiet --python "$interpreter" "$environment"; then return 0; fi
  if "$interpreter" -c 'import ensurepip' 2>/dev/null && "$interpreter" -m venv "$environment"; then
    return 0
  fi
  rm -rf "$environment"
  if "$interpreter" -m pip --version >/dev/null 2>&1; then
    # pip without venv: let a private uv make the environment.
    private=$(mktemp -d)
    trap 'rm -rf "$private"' EXIT
    if "$interpreter" -m pip install --quiet --target "$private" --require-hashes -r tools/installer.lock &&
      "$private/bin/uv" venv --quiet --python "$interpreter" "$environment"; then
      cp "$private/bin/uv" "$environment/bin/uv"
      return 0
    fi
  fi
  version=$("$interpreter" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  echo "Python $version here cannot make environments: run \`apt install python3-venv\` (on other systems: install uv), then make again." >&2
  exit 1
}

with_uv() {
  uv=$(find_uv) || {
    "$python" -m pip install --quiet --require-hashes -r tools/installer.lock 2>/dev/null || return 1
    uv=$(find_uv) || return 1
  }
  "$uv" pip install --quiet --python "$python" --require-hashes -r tools/installer.lock &&
    "$uv" pip install --quiet --python "$python" --require-hashes -r "$lock" &&
    "$uv" pip install --quiet --python "$python" --no-deps --require-hashes -r requirements-rules.lock &&
    "$uv" pip install --quiet --python "$python" --no-deps --require-hashes -r requirements-bare.lock &&
    "$uv" pip install --quiet --python "$python" --no-deps --no-build-isolation -e .
}

with_pip() {
  "$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip --upgrade >/dev/null 2>&1 || {
    echo "uv could not install the packages and there is no pip: look at the message above, then make again." >&2
    return 1
  }
  "$python" -m pip install --quiet --require-hashes -r tools/installer.lock &&
    "$python" -m pip install --quiet --require-hashes -r "$lock" &&
    "$python" -m pip install --quiet --no-deps --require-hashes -r requirements-rules.lock &&
    "$python" -m pip install --quiet --no-deps --require-hashes -r requirements-bare.lock &&
    "$python" -m pip install --quiet --no-deps --no-build-isolation -e .
}

make_environment
echo "Installing what Guilder needs into $environment ($profile) …" >&2
with_uv || with_pip || {
  echo "The packages could not be installed: check the network (or your package index settings), then make again." >&2
  exit 1
}
mkdir -p "$environment/.stamps"
touch "$environment/.stamps/runtime"
[ "$profile" = runtime ] || touch "$environment/.stamps/$profile"
