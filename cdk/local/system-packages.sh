#!/bin/sh
# Install what comes from Debian and is missing here, or say in one line what to install.
# Arguments: what is needed beyond the everyday: pooler, kotlin, browser, containers.
set -eu

missing=""
need() { # COMMAND PACKAGE
  command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need git git
need bwrap bubblewrap     # the box in which lint and tests run
need prlimit util-linux   # its limits
[ -x "$(git --exec-path 2>/dev/null)/git-http-backend" ] || missing="$missing git"

for purpose in "$@"; do
  case $purpose in
    pooler) PATH="$PATH:/usr/sbin" need pgbouncer pgbouncer ;; # between the services and Postgres
    kotlin) need java default-jre-headless ;;                  # runs Kotlin's compiler
    browser) # Debian's, or the one that a machine came with
      command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 ||
        need chromium chromium
      ;;
    containers)
      need podman podman
      need runc runc
      need mmdebstrap mmdebstrap # a base image without a registry
      ;;
  esac
done

[ -z "$missing" ] && exit 0
install="apt-get install -y --no-install-recommends$missing"
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Sayso needs these programs, please install them:$missing" >&2
  exit 1
elif [ "$(id -u)" = 0 ]; then
  run=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  run="sudo"
else
  echo "Sayso needs a few Debian packages: sudo $install" >&2
  exit 1
fi
echo "installing Debian packages:$missing …" >&2
{ $run apt-get update -qq && DEBIAN_FRONTEND=noninteractive $run $install -qq; } >/dev/null 2>&1 || {
  echo "installing failed; please run: $install" >&2
  exit 1
}
