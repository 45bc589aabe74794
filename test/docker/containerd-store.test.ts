import { afterAll, beforeAll, expect, it } from "vitest";
import { copyImages, startAnotherEngine } from "../support/docker/another-engine.js";
import { buildContext } from "../support/docker/build-context.js";
import { tracesInRecords } from "../support/docker/build-records.js";
import type { RunningEngine } from "../support/docker/docker-engine.js";
import { buildArgumentForm, EXAMPLE, FETCHED } from "../support/docker/example.js";
import { filesInImage, tracesInImage } from "../support/docker/image-contents.js";
import * as suite from "./suite.js";

const { BUILD_ARGUMENT, CODEBUILD, description, expectBuilt, expectNoSecret, SECRET, SECRETS } = suite;

/** An engine that keeps images in containerd's store, and with them what says how they were built. */
let running: RunningEngine;

beforeAll(async () => {
  const { root } = description;
  running = await startAnotherEngine(2, { root, more: ["--feature", "containerd-snapshotter=true"] });
  await copyImages(suite.engine, running.engine, ["node:22-slim", "ubuntu:16.04"]);
});
afterAll(async () => {
  await running?.close();
  console.log("not run here:\n  an SBOM, the docker-container driver: their images are in a registry");
});

const PROVENANCE = ["--provenance", "mode=max"];

it("the secret form leaves no trace in the image, its provenance or the record of the build", async () => {
  const { engine } = running;
  using context = buildContext({ Dockerfile: EXAMPLE });
  const request = { context: context.path, secrets: [SECRET], env: CODEBUILD, more: PROVENANCE };
  for (const target of ["files", undefined]) {
    const tag = `store:secret-${target}`;
    const built = await engine.build({ ...request, tag, ...(target === undefined ? {} : { target }) });
    expectBuilt(built);
    expectNoSecret(built.output);
    expect(built.output).toContain("exporting attestation manifest");
    expect(await tracesInImage(engine, tag, SECRETS)).toEqual([]);
  }
  expect(await filesInImage(engine, "store:secret-undefined", "/opt/files")).toEqual(FETCHED);
  expect(await tracesInRecords(engine, SECRETS)).toEqual([]);
});

it("the build-argument form shows the address in all of them, and no key", async () => {
  const { engine } = running;
  using context = buildContext({ Dockerfile: buildArgumentForm() });
  const buildArgs = [BUILD_ARGUMENT, "AWS_REGION"];
  const request = { context: context.path, buildArgs, env: CODEBUILD, more: PROVENANCE };
  expectBuilt(await engine.build({ ...request, target: "files", tag: "store:argument" }));
  const address = "the address's id";
  const inImage = await tracesInImage(engine, "store:argument", SECRETS);
  expect(inImage).toEqual([`${address} in the history`, `${address} in docker save`]);
  // The image that ships has it in no layer and no history; a provenance of mode=max, which is part of it, has.
  expectBuilt(await engine.build({ ...request, tag: "store:final" }));
  expect(await tracesInImage(engine, "store:final", SECRETS)).toEqual([`${address} in docker save`]);
  expectBuilt(await engine.build({ ...request, tag: "store:min", more: ["--provenance", "mode=min"] }));
  expect(await tracesInImage(engine, "store:min", SECRETS)).toEqual([]);
  const inRecords = await tracesInRecords(engine, SECRETS);
  expect(inRecords).toEqual([`${address} in the record`, `${address} in the provenance`]);
});
