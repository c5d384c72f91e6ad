# Runs once, as root, when the instance boots; everything below is in place already.

# What can't boot is replaced by its group; until then there is time to look at it.
trap 'shutdown --poweroff +15 "Sayso did not come up"' ERR

# A t4g.micro has 1 GiB: a job that needs more for a moment is slow instead of dead.
fallocate --length "${SWAP_GIB}G" /swapfile
chmod 600 /swapfile
mkswap /swapfile
swapon /swapfile
echo '/swapfile none swap sw 0 0' >>/etc/fstab

dnf install --assumeyes --quiet amazon-cloudwatch-agent docker git python3.11
useradd --system --groups docker --home-dir /var/lib/sayso --shell /usr/sbin/nologin sayso
chmod 755 /usr/local/lib/sayso/*.sh

systemctl daemon-reload
systemctl enable --now docker
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl \
  -a fetch-config -m ec2 -s -c file:/etc/sayso/cloudwatch-agent.json
systemctl enable --now sayso-runner.service sayso-examine.timer
