#!/bin/sh
# At run time the agent's address and token come from the pod's own environment: nothing to pass in.
set -eu
node /fetch-creds.js cp s3://my-bucket/app/settings.json /tmp/settings.json
exec node /fetch-creds.js exec --refreshable -- node server.js
