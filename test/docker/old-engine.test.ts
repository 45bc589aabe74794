import { afterAll, beforeAll, expect, it } from "vitest";
import { copyImages, startAnotherEngine } from "../support/docker/another-engine.js";
import { buildContext } from "../support/docker/build-context.js";
import type { Engine } from "../support/docker/docker-engine.js";
import { buildArgumentForm, EXAMPLE, FETCHED } from "../support/docker/example.js";
import { filesInImage, tracesInImage } from "../support/docker/image-contents.js";
import * as suite from "./suite.js";

const {
  BUILD_ARGUMENT,
  CODEBUILD,
  description,
  expectBuilt,
  expectFailed,
  expectNoSecret,
  MOUNT,
  SECRET,
  SECRETS,
} = suite;

/** Debian 12's engine, 20.10, for those who still have it: beside the bed's, or the bed's own where that is all there is. */
let engine: Engine;
let close = async () => {};

beforeAll(async () => {
  engine = suite.engine;
  if (description.root === undefined) return;
  const old = await startAnotherEngine(1);
  ({ engine, close } = old);
  await copyImages(suite.engine, engine, ["node:22-slim", "ubuntu:16.04"]);
  console.log(`old engine: ${await engine.docker("version", "--format", "{{.Server.Version}}")}`);
});
afterAll(() => close());

it("builds Dockerfile.example in the secret form, and leaves no trace", async () => {
  using context = buildContext({ Dockerfile: EXAMPLE });
  const request = { context: context.path, secrets: [SECRET], env: CODEBUILD };
  const built = await engine.build({ ...request, tag: "example:secret" });
  expectBuilt(built);
  expectNoSecret(built.output);
  expect(await filesInImage(engine, "example:secret", "/opt/files")).toEqual(FETCHED);
  expect(await tracesInImage(engine, "example:secret", SECRETS)).toEqual([]);
});

it.each(["buildkit", "classic"] as const)("builds it in the build-argument form with %s", async (builder) => {
  using context = buildContext({ Dockerfile: buildArgumentForm() });
  const buildArgs = [BUILD_ARGUMENT, "AWS_REGION"];
  const request = { context: context.path, builder, buildArgs, env: CODEBUILD };
  expectBuilt(await engine.build({ ...request, tag: `example:${builder}` }));
  expect(await filesInImage(engine, `example:${builder}`, "/opt/files")).toEqual(FETCHED);
});

it("shows our line when the build fails", async () => {
  const run = `RUN ${MOUNT} node /fetch-creds.js cp s3://my-bucket/no/such/key /tmp/`;
  using context = buildContext({ Dockerfile: `FROM node:22-slim\nCOPY fetch-creds.js /\n${run}\n` });
  const built = await engine.build({ context: context.path, secrets: [SECRET], env: CODEBUILD });
  expectFailed(built, /download failed: s3:\/\/my-bucket\/no\/such\/key .*NoSuchKey/, 1);
});
