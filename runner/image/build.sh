#!/usr/bin/env bash
# Build the image of the boxes: build.sh [ENGINE [BASE]]
#   ENGINE  podman or docker; whichever is there
#   BASE    an image to start from; `debian` makes one from Debian's packages, without a registry
# TARGET (box) is what is built: box, or runner, which holds the runner's code as well.
# NAME (sayso-box, sayso-runner) is what the image is called, ARCH (this machine's) the processor:
# amd64, arm64.
set -euo pipefail
cd "$(dirname "$0")/../.."

engine=${1:-$(command -v podman >/dev/null && echo podman || echo docker)}
base=${2:-python:3.11-slim-bookworm}
target=${TARGET:-box}
name=${NAME:-sayso-$target}
arch=${ARCH:-$(dpkg --print-architecture)}
case $arch in amd64) platform=x86_64 ;; arm64) platform=aarch64 ;; *) echo "no image for $arch" >&2; exit 1 ;; esac
command -v "$engine" >/dev/null || { echo "There is no $engine: apt-get install podman" >&2; exit 1; }

context=build/image/$arch-$target
made_from=$(cat runner/image/* runner/requirements.txt <(echo "$base $arch $target") | sha256sum | cut -c1-16)
[ "$target" = box ] || made_from=$made_from-$(runner/image/tag.sh)
label=sayso.made-from
if [ "$("$engine" image inspect --format "{{index .Config.Labels \"$label\"}}" "$name" 2>/dev/null)" = "$made_from" ]; then
  echo "$name is up to date ($made_from)" >&2
  exit 0
fi

if [ "$base" = debian ]; then
  base=localhost/sayso-base
  tarball=build/image/base-$arch.tar
  if [ ! -f "$tarball" ]; then
    echo "making a base of Debian's packages …" >&2
    mkdir -p build/image
    mmdebstrap --quiet --variant=minbase --architectures="$arch" --include=python3,ca-certificates \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      --dpkgopt='path-exclude=/usr/share/man/*' bookworm "${tarball%.tar}.new.tar"
    mv "${tarball%.tar}.new.tar" "$tarball"
  fi
  "$engine" import --quiet "$tarball" "$base" >/dev/null
fi

echo "fetching what a box has …" >&2
rm -rf "$context"
mkdir -p "$context/bin"
uv=.venv/bin/uv
install=("$uv" pip install --quiet --no-deps --require-hashes --only-binary :all:
  --python-platform "$platform-manylinux_2_28" --python-version 3.11)
"${install[@]}" --target "$context/site" -r runner/image/requirements.txt
mv "$context"/site/bin/{ruff,uv} "$context/bin/"
rm -rf "$context/site/bin"
# Of Claude Code's package, only the program is needed in a box.
sed -n '/^claude-agent-sdk==/,/[^\\]$/p' runner/requirements.txt >"$context/claude.txt"
"${install[@]}" --target "$context/claude" -r "$context/claude.txt"
mv "$context/claude/claude_agent_sdk/_bundled/claude" "$context/bin/claude"
rm -rf "$context/claude" "$context/claude.txt"
if [ "$target" = runner ]; then
  "${install[@]}" --target "$context/sayso/site" -r runner/requirements.txt
  # The program is in the box already, and its console scripts name this machine's interpreter.
  rm -rf "$context/sayso/site/claude_agent_sdk/_bundled" "$context/sayso/site/bin"
  find runner contracts -name '*.py' -exec cp --parents {} "$context/sayso" \;
fi

echo "building $name …" >&2
"$engine" build --quiet --network=none --platform "linux/$arch" --target "$target" --build-arg "BASE=$base" --label "$label=$made_from" \
  --tag "$name" --file runner/image/Dockerfile "$context" >/dev/null
rm -rf "$context"
echo "$name is built ($made_from)" >&2
