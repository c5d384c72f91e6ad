#!/usr/bin/env bash
# Put LocalStack into .venv-localstack, or say in one line what to install.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=.venv-localstack
uv=.venv/bin/uv

[ "$venv/made-from" -nt tests/localstack/requirements.txt ] && [ -x "$venv/bin/python" ] && exit 0

python_3_13() {
  local each
  for each in "${PYTHON313:-}" python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python; do
    # A shim of pyenv is there also where its Python is not.
    [ -n "$each" ] && "$each" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null && command -v "$each" && return
  done
  "$uv" python find --managed-python 3.13 2>/dev/null && return
  echo "fetching Python 3.13 …" >&2
  "$uv" python install --quiet 3.13 2>/dev/null && "$uv" python find --managed-python 3.13
}

python=$(python_3_13) || {
  echo "LocalStack needs Python 3.13: install it, or name it with make PYTHON313=… test-localstack" >&2
  exit 1
}
echo "installing LocalStack …" >&2
"$uv" venv --quiet --clear --python "$python" "$venv"
"$uv" pip sync --quiet --python "$venv/bin/python" --require-hashes tests/localstack/requirements.txt
touch "$venv/made-from"
