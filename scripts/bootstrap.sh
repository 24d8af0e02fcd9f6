#!/usr/bin/env bash
# Makes a virtual environment with the locked dependencies, on a machine that has little more than Python.
# With a second argument, of that list of requirements alone: requirements/base.txt is what an installation runs, and
# others, without SIF, what benchmarks/ measures beside it.
set -euo pipefail
venv=${1:-.venv}
# the certificates the machine trusts, an institution's own among them
export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1}
cd "$(dirname "$0")/.."

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
  boot=.bootstrap
  for python in /usr/bin/python3 python3 python3.14 python3.13 python3.12; do
    if "$python" -m pip --version >/dev/null 2>&1; then
      "$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$boot" uv 2>/dev/null \
        || "$python" -m pip install --quiet --target "$boot" uv
      break
    fi
    if "$python" -m venv "$boot/venv" >/dev/null 2>&1; then
      "$boot/venv/bin/pip" install --quiet --disable-pip-version-check uv
      mkdir -p "$boot/bin" && ln -sf ../venv/bin/uv "$boot/bin/uv"
      break
    fi
  done
  if [ ! -x "$boot/bin/uv" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    /usr/bin/python3 -m venv "$boot/venv" && "$boot/venv/bin/pip" install --quiet --disable-pip-version-check uv
    mkdir -p "$boot/bin" && ln -sf ../venv/bin/uv "$boot/bin/uv"
  fi
  uv="$boot/bin/uv"
  if [ ! -x "$uv" ]; then
    echo "Falta pip para traer uv. En Debian o Ubuntu: sudo apt-get install python3-venv; después repita make." >&2
    exit 1
  fi
fi

"$uv" venv --quiet --no-python-downloads --allow-existing --python '>=3.12' "$venv" || {
  echo "Hace falta Python 3.12 o posterior (Debian 13 y Ubuntu 24.04 lo traen)." >&2
  exit 1
}
"$uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes -r "${2:-requirements/dev.txt}"
case "${2:-}" in
  "") "$uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e . ;;
  requirements/base.txt) "$uv" pip install --quiet --python "$venv/bin/python" --no-deps -e . ;;
esac
