#!/bin/bash
# Write down how the runner is; start one that hangs again.
set -uo pipefail

systemctl is-active --quiet sayso-runner.service || exit 0
cd /opt/sayso || exit 1
python3.11 -m runner health --json >>/var/log/sayso/health.log && exit 0
# It was well for its first two minutes: no loop comes round before Claude Code is started.
since=$(systemctl show --property ActiveEnterTimestampMonotonic --value sayso-runner.service)
up=$(awk '{print int($1 * 1000000)}' /proc/uptime)
[ $((up - since)) -lt 120000000 ] || systemctl restart sayso-runner.service
