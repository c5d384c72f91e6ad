#!/usr/bin/env bash
# Print the tag of the runner's image: a hash of all that goes into it. Same input, same tag.
set -euo pipefail
cd "$(dirname "$0")/../.."
find runner contracts -type f \( -path 'runner/image/*' -o -name '*.py' -o -name requirements.txt \) \
  -not -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16
