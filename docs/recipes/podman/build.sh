#!/bin/sh
# The same option as for Docker: podman takes the secret from the variable, and no file is written.
set -eu
podman build \
  --build-arg AWS_REGION \
  --secret id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,env=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI \
  --tag myapp:latest .
