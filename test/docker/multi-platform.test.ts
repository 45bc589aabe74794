import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { fileInImage, tracesInImage } from "../support/docker/image-contents.js";
import { OBJECTS } from "../support/docker/objects.js";
import { CODEBUILD, engine, SECRETS, shell } from "./suite.js";

const SETTINGS = OBJECTS["app/settings.json"];

it("multi-platform: builds for another platform, and fetches on its own", async () => {
  const container = (await engine.docker("create", "debian:bookworm-slim", "none")).trim();
  const script = `docker export ${container} | docker import --platform linux/arm64 - lab/debian:arm64`;
  using context = buildContext({}, "docs/recipes/multi-platform");
  const imported = await shell(script, context.path, {});
  await engine.docker("rm", container);
  expect(imported.code, imported.output).toBe(0);
  // No registry is asked for the base image of that platform.
  const base = "--build-context debian:bookworm-slim=docker-image://docker.io/lab/debian:arm64";
  const build = readFileSync(context.at("build.sh"), "utf8").replace("docker build", `docker build ${base}`);
  const run = await shell(build, context.path, { ...CODEBUILD, DOCKER_BUILDKIT: "1" });
  expect(run.code, run.output).toBe(0);
  const platform = await engine.docker("image", "inspect", "--format", "{{.Architecture}}", "myapp:latest");
  expect(platform.trim()).toBe("arm64");
  expect(await fileInImage(engine, "myapp:latest", "/etc/myapp/settings.json")).toEqual(SETTINGS);
  expect(await tracesInImage(engine, "myapp:latest", SECRETS)).toEqual([]);
});
