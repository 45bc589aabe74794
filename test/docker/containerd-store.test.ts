import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { currentOffer } from "../../scripts/docs/readme.js";
import { ociImage } from "../../scripts/release/oci-image.js";
import { BUILT_FILE } from "../support/built-file.js";
import { copyImages, startAnotherEngine } from "../support/docker/another-engine.js";
import { buildContext } from "../support/docker/build-context.js";
import { tracesInRecords } from "../support/docker/build-records.js";
import type { RunningEngine } from "../support/docker/docker-engine.js";
import { buildArgumentForm, EXAMPLE, FETCHED } from "../support/docker/example.js";
import { filesInImage, tracesInImage } from "../support/docker/image-contents.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import * as suite from "./suite.js";

const { BUILD_ARGUMENT, CODEBUILD, description, expectBuilt, expectNoSecret, MOUNT, SECRET, SECRETS } = suite;

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
  expect(await filesInImage(engine, "store:final", "/opt/files")).toEqual(FETCHED);
  expectBuilt(await engine.build({ ...request, tag: "store:min", more: ["--provenance", "mode=min"] }));
  expect(await tracesInImage(engine, "store:min", SECRETS)).toEqual([]);
  const inRecords = await tracesInRecords(engine, SECRETS);
  expect(inRecords).toEqual([`${address} in the record`, `${address} in the provenance`]);
});

it("COPY --from= takes the file from the image of a release", async () => {
  const { engine } = running;
  const [copy = "", image = ""] = readFileSync("README.md", "utf8").match(/^COPY --from=(\S+) .*\n/m) ?? [];
  using context = buildContext({
    Dockerfile: `FROM node:22-slim\n${copy}USER node\nRUN ${MOUNT},uid=1000 node /fetch-creds.js verify\n`,
    ".dockerignore": "fetch-creds.js\n",
  });
  using folder = temporaryFolder();
  const archive = folder.at("fetch-creds.oci.tar");
  const [, version = ""] = image.split(":");
  const { home } = currentOffer();
  writeFileSync(archive, ociImage(readFileSync(BUILT_FILE), { home, version }));
  expect(await engine.docker("load", "--input", archive)).toContain(`Loaded image: ${image}\n`);
  const built = await engine.build({ context: context.path, secrets: [SECRET], env: CODEBUILD });
  expectBuilt(built);
  expect(built.output).toMatch(/ Source +AWS_CONTAINER_CREDENTIALS_RELATIVE_URI/);
  expect(built.output).toContain(`*${description.roleKeys.accessKeyId.slice(-4)}`);
});
