#!/bin/bash
# The runner stopped. If the group is taking this instance away, it need not wait any longer.
set -euo pipefail

metadata=http://169.254.169.254/latest
token=$(curl --silent --fail --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token")
look() { curl --silent --fail --header "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/$1"; }

[ "$(look autoscaling/target-lifecycle-state)" = Terminated ] || exit 0
aws autoscaling complete-lifecycle-action \
  --auto-scaling-group-name "$(look tags/instance/aws:autoscaling:groupName)" \
  --lifecycle-hook-name drain \
  --instance-id "$(look instance-id)" \
  --lifecycle-action-result CONTINUE
