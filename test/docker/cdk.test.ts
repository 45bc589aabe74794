import { chmodSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { command, succeed } from "../support/docker/command.js";
import { fileInImage, tracesInImage } from "../support/docker/image-contents.js";
import { OBJECTS } from "../support/docker/objects.js";
import { recipeTools } from "../support/docker/recipe-tools.js";
import { inRoot } from "../support/forky/root.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import * as suite from "./suite.js";

const { BUILD_ARGUMENT: NAME, CODEBUILD, description, engine, expectNoSecret, SECRETS } = suite;

const RECIPE = "docs/recipes/cdk";
const BUILD_IMAGE = join(import.meta.dirname, "../support/docker/build-cdk-image.mjs");

it.skipIf(recipeTools() === undefined)(
  "cdk: the app is synthesized, and CDK's own `docker build` passes the secret",
  async () => {
    const modules = join(recipeTools()!, "node_modules");
    using context = buildContext({}, RECIPE);
    symlinkSync(modules, context.at("node_modules"));
    using out = temporaryFolder();

    const { app } = JSON.parse(readFileSync(context.at("cdk.json"), "utf8")) as { readonly app: string };
    await succeed("sh", ["-c", app], {
      cwd: context.path,
      env: { ...CODEBUILD, CDK_OUTDIR: out.path, JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: "1" },
    });
    const [manifest = ""] = readdirSync(out.path).filter((name) => name.endsWith(".assets.json"));
    const assets = readFileSync(out.at(manifest), "utf8");
    expect(assets).toContain(`"${NAME}": "env=${NAME}"`);
    for (const name of readdirSync(out.path).filter((file) => file.endsWith(".json")))
      expectNoSecret(readFileSync(out.at(name), "utf8"));

    writeFileSync(out.at("docker"), `#!/bin/sh\nexec ${inRoot(description.root).join(" ")} docker "$@"\n`);
    chmodSync(out.at("docker"), 0o755);
    // CDK signs in to ECR, but for where this file names other credentials.
    writeFileSync(out.at("creds.json"), JSON.stringify({ version: "1.0", domainCredentials: {} }));
    const built = await command(process.execPath, [BUILD_IMAGE, modules, out.at(manifest)], {
      env: {
        ...CODEBUILD,
        CDK_DOCKER: out.at("docker"),
        CDK_DOCKER_CREDS_FILE: out.at("creds.json"),
        DOCKER_HOST: description.engine,
      },
    });
    expect(built.code, built.output).toBe(0);
    expectNoSecret(built.output);
    const image = built.stdout.trim().split("\n").at(-1)!;
    expect(await fileInImage(engine, image, "/app/settings.json")).toEqual(OBJECTS["app/settings.json"]);
    expect(await tracesInImage(engine, image, SECRETS)).toEqual([]);
  },
);
