import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { buildRecords, tracesInRecords } from "../support/docker/build-records.js";
import { buildArgumentForm, EXAMPLE, FETCHED } from "../support/docker/example.js";
import { filesInImage, tracesInImage } from "../support/docker/image-contents.js";
import { BUILD_ARGUMENT, CODEBUILD, engine, expectBuilt, expectNoSecret, SECRET, SECRETS } from "./suite.js";

const { "the address's id": _, ...keys } = SECRETS;

describe("Dockerfile.example", () => {
  it("asks for no frontend from a registry", () => {
    expect(EXAMPLE).not.toMatch(/^#\s*syntax=/im);
  });

  it("builds as it stands, in the secret form, and leaves no trace of key, token or address", async () => {
    using context = buildContext({ Dockerfile: EXAMPLE });
    const request = { context: context.path, secrets: [SECRET], env: CODEBUILD };
    const before = new Set(await buildRecords(engine));
    const built = await engine.build({ ...request, tag: "example:secret" });
    expectBuilt(built);
    expectNoSecret(built.output);
    expect(built.output).toContain("the endpoint does not name it (verify --sts asks)");
    expect(await filesInImage(engine, "example:secret", "/opt/files")).toEqual(FETCHED);
    expect(await tracesInImage(engine, "example:secret", SECRETS)).toEqual([]);

    expectBuilt(await engine.build({ ...request, target: "files", tag: "example:secret-files" }));
    expect(await tracesInImage(engine, "example:secret-files", SECRETS)).toEqual([]);
    const records = (await buildRecords(engine)).filter((record) => !before.has(record));
    expect(records).toHaveLength(2);
    expect(await tracesInRecords(engine, SECRETS, records)).toEqual([]);
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
      if (builder === "classic") return;
      const [record] = await buildRecords(engine);
      expect(await tracesInRecords(engine, SECRETS, [record!])).toContain("the address's id in the record");
      expect(await tracesInRecords(engine, keys, [record!])).toEqual([]);
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
