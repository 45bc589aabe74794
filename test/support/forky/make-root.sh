#!/bin/bash
# Makes a root of Debian's testing suite (forky) with what people run today: Docker Engine, buildx, compose, podman,
# buildah, Ceph, AWS CLI, rclone. Some minutes and 2 GB; one that stands there whole is used again, for a week. The last
# lines printed are its versions, unless --unasked is given. Exit codes: 0; 3 where the suite cannot be installed; 1 where
# a part of it does not work.
set -u -o pipefail

root=${FETCH_CREDS_FORKY:-/var/tmp/fetch-creds-forky}
here=$(realpath "$(dirname "$0")")

PACKAGES=(
  docker.io docker-cli docker-buildx docker-compose podman buildah crun iptables nftables iproute2
  # rootless builds
  uidmap passt fuse-overlayfs
  radosgw ceph-mon ceph-osd ceph-common
  awscli python3-awscrt
  # what else the suites run in there
  ca-certificates python3-ruamel.yaml
)
# Newer there than in testing, and of no consequence to its libraries.
FROM_SID=(rclone)

# What it is made of; a root made of something else is made again.
recipe() { { declare -p PACKAGES FROM_SID && declare -f install; } | sha256sum | cut -d' ' -f1; }

is_whole() { [[ $(cat "$root/.made-by" 2>/dev/null) == "$(recipe)" ]]; }
is_recent() { [[ -n $(find "$root/.made-by" -mtime -7 2>/dev/null) ]]; }

# The one that this machine's own packages come from, unless another is named.
mirror() {
  [[ -z ${FETCH_CREDS_MIRROR-} ]] || { echo "$FETCH_CREDS_MIRROR" && return; }
  grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d/*.{sources,list} 2>/dev/null | head -1
}

# Everything that is mounted or started in here ends with the namespaces, however it ends.
install() { # FOLDER
  local new=$1 from options=(-y -q --no-install-recommends -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io)
  from=$(mirror)
  [[ -n $from ]] || { echo 'no mirror of Debian in the sources of apt' && return 1; }
  # Debian 12's debootstrap has no script of that name: sid's is the same.
  debootstrap --variant=minbase forky "$new" "$from" /usr/share/debootstrap/scripts/sid || return
  mount -t proc proc "$new/proc" || return
  grep -lE '^\s*Acquire' /etc/apt/apt.conf /etc/apt/apt.conf.d/* 2>/dev/null | xargs -r cp -t "$new/etc/apt/apt.conf.d/"
  cp /etc/resolv.conf /etc/hosts "$new/etc/"
  printf '#!/bin/sh\nexit 101\n' >"$new/usr/sbin/policy-rc.d" && chmod 755 "$new/usr/sbin/policy-rc.d"
  printf 'path-exclude /usr/share/%s/*\n' doc man locale >"$new/etc/dpkg/dpkg.cfg.d/lean"
  echo "deb $from sid main" >"$new/etc/apt/sources.list.d/sid.list"
  printf 'Package: *\nPin: release n=sid\nPin-Priority: 100\n' >"$new/etc/apt/preferences.d/sid"
  export DEBIAN_FRONTEND=noninteractive
  chroot "$new" apt-get update -q &&
    chroot "$new" apt-get install "${options[@]}" "${PACKAGES[@]}" &&
    chroot "$new" apt-get install "${options[@]}" -t sid "${FROM_SID[@]}" &&
    # The user of rootless builds; its subordinate ids come by themselves.
    chroot "$new" useradd --uid 1500 --create-home builder &&
    chroot "$new" apt-get clean || return
  # The AWS CLI guesses types by Python's own table.
  rm -f "$new/etc/mime.types"
  # Nothing in there shall ask anybody.
  echo "nameserver 127.0.0.1" >"$new/etc/resolv.conf"
  rm -rf "$new"/var/lib/apt/lists/*
}

make() {
  local new=$root.new
  rm -rf "$new"
  export -f install mirror
  # setpriv: dies with this script. --kill-child: and everything inside dies with it.
  setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private bash -u -o pipefail -c \
    "$(declare -p PACKAGES FROM_SID); install $(printf %q "$new")" || return
  recipe >"$new/.made-by" && rm -rf "$root" && mv "$new" "$root"
}

# Asked of the programs themselves: one that is installed and does not run fails here.
versions() {
  local failed=0 name
  version() { # NAME COMMAND…
    name=$1
    shift
    local said
    if said=$("$here/in-root.sh" "$root" "$@" 2>&1 </dev/null); then
      printf '%s %s\n' "$name" "$(grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' <<<"$said" | head -1)"
    else
      failed=1
      printf '%s does not work: %s\n' "$name" "$said"
    fi
  }
  version 'Docker Engine' dockerd --version
  version 'Docker CLI' docker --version
  version buildx docker buildx version
  version compose docker compose version
  version podman podman --version
  version buildah buildah --version
  version Ceph radosgw --version
  version 'AWS CLI' aws --version
  version 'AWS CRT' python3 -c 'import awscrt.s3; from importlib.metadata import version; print(version("awscrt"))'
  version rclone rclone version
  return $failed
}

mkdir -p "$(dirname "$root")" || exit 3
exec 9>"$root.lock" && flock 9 || exit 3
if ((EUID != 0)) || ! command -v debootstrap >/dev/null; then
  echo "Debian's testing suite needs root and debootstrap"
  exit 3
fi
if ! is_whole || ! is_recent; then
  log=$root.log
  if ! { make || make; } >"$log" 2>&1; then
    rm -rf "$root.new"
    if ! is_whole; then
      tail -40 "$log"
      echo "Debian's testing suite cannot be installed"
      exit 3
    fi
    echo "could not be made again: the root of $(date -r "$root/.made-by" +%F) is used"
  fi
fi
[[ ${1-} == --unasked ]] || versions
