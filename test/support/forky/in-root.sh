#!/bin/sh
# in-root.sh ROOT COMMAND ARGS…
#
# Runs COMMAND where ROOT is `/`, read-only, in a mount namespace of its own, which ends with it. Network, processes,
# devices, the place for temporary files, this repository and Node are the caller's, by the same names; the folder it
# runs in too, if it is in one of these. pivot_root and not chroot: container engines want `/` to be a mount point.
set -eu

if [ "$1" != --inside ]; then
  exec unshare --mount --propagation private "$0" --inside "$PWD" "$@"
fi
cwd=$2 root=$3
shift 3

repository=$(realpath "$(dirname "$0")/../../..")
node=$(command -v node || true)
[ -z "$node" ] || node=$(realpath "$node")
mount --bind "$root" "$root"
# What engines write outside the folders they are given.
for place in /run /opt /var/cache /var/lib/containers; do
  [ ! -d "$root$place" ] || mount -t tmpfs tmpfs "$root$place"
done
for folder in "$repository" "${TMPDIR:-/tmp}"; do
  [ -d "$root$folder" ] || mkdir -p "$root$folder"
done
[ -z "$node" ] || [ -e "$root$node" ] || { mkdir -p "$root$(dirname "$node")" && touch "$root$node"; }
mount -o bind,remount,ro "$root"
for place in /proc /sys /dev /tmp "$repository" "${TMPDIR:-/tmp}" ${node:+"$node"}; do
  mount --rbind "$place" "$root$place"
done
# A program that writes aside and renames would replace the machine's own device: root may.
mount --bind "$root/dev/null" "$root/dev/null"
cd "$root"
/usr/sbin/pivot_root . .
umount -l .
cd "$cwd" 2>/dev/null || cd /
exec "$@"
