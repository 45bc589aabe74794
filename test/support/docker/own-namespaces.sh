#!/bin/sh
# own-namespaces.sh NAME COMMAND ARGS…
# own-namespaces.sh --remove NAME
#
# Runs COMMAND as root in a network, mount, process and cgroup namespace of its own, with 169.254.170.2 (the address
# of the container credential endpoint), 169.254.170.23 (EKS's agent), 169.254.169.254 (an instance's metadata service)
# and 10.169.254.1 (where the test's S3 server answers) on its loopback device.
# When COMMAND ends, or whoever started this dies, the kernel ends every process in there, dockerd and its containers
# included, and its mounts, interfaces and firewall rules go with it. NAME names the cgroup, which only a
# killed run leaves behind, empty: --remove takes it away.
set -eu

remove_cgroup() {
  # shellcheck disable=SC2016 # $1 is the inner shell's
  unshare --mount sh -c '
    mount -t cgroup2 cgroup2 /sys/fs/cgroup || exit 0
    [ ! -d "/sys/fs/cgroup/$1" ] || find "/sys/fs/cgroup/$1" -depth -type d -exec rmdir {} +
  ' sh "$1" || true
}

outside() {
  code=0
  # setpriv: dies with its parent. --kill-child: and everything inside dies with it.
  setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child --mount-proc --propagation private \
    "$0" --inside "$@" || code=$?
  remove_cgroup "$1"
  exit "$code"
}

# A cgroup below the one we were started in, which becomes the root that dockerd sees; its processes sit in a leaf, as
# cgroup v2 wants it. Where cgroup2 cannot be mounted, things stay as they are.
inside() {
  if mount -t cgroup2 cgroup2 /sys/fs/cgroup; then
    mkdir -p "/sys/fs/cgroup/$1/leaf"
    echo $$ >"/sys/fs/cgroup/$1/cgroup.procs"
    umount /sys/fs/cgroup
    exec unshare --cgroup "$0" --settled "$@"
  fi
  exec "$0" --settled "$@"
}

settled() {
  if mount -t cgroup2 cgroup2 /sys/fs/cgroup; then
    echo $$ >/sys/fs/cgroup/leaf/cgroup.procs
  fi
  mount -t tmpfs tmpfs /run
  mkdir -p /run/lock /run/ceph
  ip link set lo up
  for address in 169.254.170.2 169.254.170.23 169.254.169.254 10.169.254.1; do
    ip address add "$address/32" dev lo
  done
  shift
  # Not exec: this shell is process 1 in there, and reaps what dockerd orphans.
  "$@"
}

case $1 in
--remove) remove_cgroup "$2" ;;
--inside) shift && inside "$@" ;;
--settled) shift && settled "$@" ;;
*) outside "$@" ;;
esac
