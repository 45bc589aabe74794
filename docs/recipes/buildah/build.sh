#!/bin/sh
# The secret comes from a file of this user's own, in memory where there is /dev/shm, and goes with the script.
set -eu
umask 077
address="$(mktemp -p /dev/shm)"
trap 'rm -f "$address"' EXIT
printf %s "$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" >"$address"
buildah build --secret id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,src="$address" --tag myapp:latest .
