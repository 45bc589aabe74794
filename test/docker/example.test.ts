import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { filesInImage, tracesInImage } from "../support/docker/image-contents.js";
import { OBJECTS, objectsBelow } from "../support/docker/objects.js";
import { BUILD_ARGUMENT, CODEBUILD, engine, expectBuilt, expectNoSecret, SECRET, SECRETS } from "./suite.js";

const EXAMPLE = readFileSync("Dockerfile.example", "utf8");

/** As the file itself says: its commented lines in place of those above them. */
function buildArgumentForm(): string {
  const [secretForm, rest] = EXAMPLE.split(/^(?=# ---- The build-argument form)/m) as [string, string];
  const comments = secretForm.split(/^(?=# ---- The secret form)/m)[0];
  return comments + rest.replaceAll(/^#(?=[A-Z]+ | && )/gm, "");
}

const FETCHED = {
  "settings.json": OBJECTS["app/settings.json"],
  ...Object.fromEntries(
    Object.entries(objectsBelow("app/assets/")).map(([name, body]) => [`assets/${name}`, body]),
  ),
};

describe("Dockerfile.example", () => {
  it("asks for no frontend from a registry", () => {
    expect(EXAMPLE).not.toMatch(/^#\s*syntax=/im);
  });

  it("builds as it stands, in the secret form, and leaves no trace of key, token or address", async () => {
    using context = buildContext({ Dockerfile: EXAMPLE });
    const request = { context: context.path, secrets: [SECRET], env: CODEBUILD };
    const built = await engine.build({ ...request, tag: "example:secret" });
    expectBuilt(built);
    expectNoSecret(built.output);
    expect(built.output).toContain("the endpoint does not name it (verify --sts asks)");
    expect(await filesInImage(engine, "example:secret", "/opt/files")).toEqual(FETCHED);
    expect(await tracesInImage(engine, "example:secret", SECRETS)).toEqual([]);

    expectBuilt(await engine.build({ ...request, target: "files", tag: "example:secret-files" }));
    expect(await tracesInImage(engine, "example:secret-files", SECRETS)).toEqual([]);
  });

  it.each(["buildkit", "classic"] as const)(
    "builds with %s in the build-argument form, whose first stage shows the address and no key",
    async (builder) => {
      using context = buildContext({ Dockerfile: buildArgumentForm() });
      const buildArgs = [BUILD_ARGUMENT, "AWS_REGION"];
      const request = { context: context.path, builder, buildArgs, env: CODEBUILD };
      const built = await engine.build({ ...request, tag: `example:${builder}` });
      expectBuilt(built);
      expect(await filesInImage(engine, `example:${builder}`, "/opt/files")).toEqual(FETCHED);
      expect(await tracesInImage(engine, `example:${builder}`, SECRETS)).toEqual([]);

      expectBuilt(await engine.build({ ...request, target: "files", tag: `example:${builder}-files` }));
      const traces = await tracesInImage(engine, `example:${builder}-files`, SECRETS);
      expect(traces).toContain("the address's id in the history");
      expect(traces.filter((trace) => !trace.startsWith("the address's id"))).toEqual([]);
    },
  );

  it("would be caught: the search for traces sees what a careless image keeps", async () => {
    const secrets = {
      "a deleted file": randomUUID(),
      "a build argument": randomUUID(),
      "a variable": randomUUID(),
    };
    using context = buildContext({
      Dockerfile: `FROM node:22-slim
ARG KEY
RUN true
COPY token /token
RUN rm /token
ENV TOKEN=${secrets["a variable"]}
`,
      token: secrets["a deleted file"],
    });
    const request = { context: context.path, buildArgs: ["KEY"], env: { KEY: secrets["a build argument"] } };
    expectBuilt(await engine.build({ ...request, tag: "example:careless" }));
    const traces = await tracesInImage(engine, "example:careless", secrets);
    expect(traces).toContain("a build argument in the history");
    expect(traces).toContain("a variable in the configuration");
    expect(traces).toContain("a deleted file in docker save");
  });
});
