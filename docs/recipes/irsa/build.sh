#!/bin/sh
# In a pod whose service account has a role (IRSA): EKS sets both variables, and renews the token in the file.
set -eu
docker build --build-arg AWS_REGION --build-arg AWS_ROLE_ARN \
  --secret id=web-identity-token,src="$AWS_WEB_IDENTITY_TOKEN_FILE" --tag myapp:latest .
