import { App, Stack } from "aws-cdk-lib";
import { DockerImageAsset } from "aws-cdk-lib/aws-ecr-assets";

const stack = new Stack(new App(), "my-app");

new DockerImageAsset(stack, "Image", {
  directory: import.meta.dirname,
  exclude: ["*", "!Dockerfile", "!fetch-creds.js"],
  buildArgs: { AWS_REGION: process.env.AWS_REGION ?? "us-east-1" },
  // CDK writes `--secret id=NAME,` and this behind it. The variable is read where `docker build` runs, not at synth.
  buildSecrets: {
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "env=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  },
});
