/**
 * build-cdk-image.mjs NODE_MODULES ASSETS_JSON: builds the images of a cdk.out as `cdk deploy` does, with CDK's own library
 * and its `docker build`. In the place of AWS: a repository that has no image yet.
 */
import { createRequire } from "node:module";

const [modules, manifest] = process.argv.slice(2);
const { AssetManifest, AssetPublishing } = createRequire(modules)("@aws-cdk/cdk-assets-lib");

const account = { accountId: "123456789012", partition: "aws" };
const repositoryUri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/cdk-assets";
const aws = {
  discoverPartition: async () => "aws",
  discoverDefaultRegion: async () => "us-east-1",
  discoverCurrentAccount: async () => account,
  discoverTargetAccount: async () => account,
  ecrClient: async () => ({
    describeRepositories: async () => ({ repositories: [{ repositoryUri }] }),
    describeImages: async () => {
      throw Object.assign(new Error("no such image"), { name: "ImageNotFoundException" });
    },
  }),
};

const assets = AssetManifest.fromPath(manifest);
const publishing = new AssetPublishing(assets, { aws });
const images = assets.entries.filter(({ type }) => type === "docker-image");
for (const image of images) await publishing.buildEntry(image);
if (images.length === 0 || publishing.hasFailures)
  throw new Error(publishing.failures.map(({ error }) => error.message).join() || "no image in there");
console.log(images.map(({ id }) => `cdkasset-${id.assetId}`).join("\n"));
