#!/bin/sh
# For one platform that is not this machine's; `linux/amd64,linux/arm64` for both, which needs containerd's image store
# or another driver than docker, and a registry to push to.
set -eu
docker build \
  --platform linux/arm64 \
  --build-arg AWS_REGION \
  --secret id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,env=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI \
  --tag myapp:latest .
