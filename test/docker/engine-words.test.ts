import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import type { BuildRequest } from "../support/docker/docker-engine.js";
import * as suite from "./suite.js";

const { BUILD_ARGUMENT: NAME, CODEBUILD, engine, expectBuilt, expectFailed, MOUNT, SECRET, shell } = suite;

/** What docs/troubleshooting.md quotes of others than us, by its heading: the lines, `…` for what is the user's own. */
const [, SECTION = ""] = readFileSync("docs/troubleshooting.md", "utf8").split(
  /^## What Docker, Node and the shell say$|^## No source/m,
);
const ENTRIES = new Map(
  [...SECTION.matchAll(/^### (.+)\n(`[^`]+`(?: or `[^`]+`)*)$/gm)].map(([, heading = "", lines = ""]) => [
    heading,
    lines.split("` or `").map((line) => line.replaceAll("`", "")),
  ]),
);

/** The expression that finds a quoted line. */
function finding(line: string): RegExp {
  const parts = line.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join(".*"));
}

const unset = { ...CODEBUILD, [NAME]: undefined };
const slim = (run: string) => `FROM node:22-slim\nCOPY fetch-creds.js /\nRUN ${run}\n`;

interface Said extends Partial<BuildRequest> {
  readonly heading: string;
  /** Which of its lines, from 0. */
  readonly line?: number;
  readonly dockerfile: string;
  /** Left out of the build's context. */
  readonly without?: string;
  /** That Docker 28 gives of the step. */
  readonly exitCode?: number;
}

const SAID: readonly Said[] = [
  {
    heading: "node: not found",
    dockerfile: "FROM debian:bookworm-slim\nRUN node /fetch-creds.js\n",
    exitCode: 127,
  },
  {
    heading: "node: not found",
    line: 1,
    dockerfile: 'FROM debian:bookworm-slim\nRUN ["node", "/fetch-creds.js"]\n',
    exitCode: 1,
  },
  {
    heading: "/bin/sh: no such file or directory",
    dockerfile: "FROM gcr.io/distroless/nodejs22-debian12\nRUN node /fetch-creds.js\n",
    exitCode: 1,
  },
  {
    heading: "Cannot find module",
    dockerfile: "FROM node:22-slim\nRUN node /fetch-creds.js\n",
    exitCode: 1,
  },
  { heading: "fetch-creds.js: not found", dockerfile: slim("true"), without: "*.js" },
  {
    heading: "fetch-creds.js: not found",
    line: 1,
    dockerfile: slim("true"),
    without: "*.js",
    builder: "classic",
  },
  { heading: "--mount requires BuildKit", dockerfile: slim(`${MOUNT} true`), builder: "classic" },
  { heading: "failed to stat", dockerfile: slim("true"), secrets: [`id=${NAME}`], env: unset },
  {
    heading: "a required secret is not found",
    dockerfile: slim(`${MOUNT},required=true true`),
  },
  { heading: "invalid reference format", dockerfile: slim("true"), tag: ":latest" },
  {
    heading: "requires 1 argument",
    dockerfile: slim("true"),
    more: ["--secret", `id=${NAME},`, `env=${NAME}`],
  },
  { heading: "exit code 139", dockerfile: slim("sh -c 'kill -SEGV $$' && true"), exitCode: 139 },
  { heading: "exit code 137", dockerfile: slim("sh -c 'kill -KILL $$' && true"), exitCode: 137 },
];

describe("what docs/troubleshooting.md quotes of Docker, Node and the shell", () => {
  it.each(SAID)("$heading", async ({ heading, line = 0, dockerfile, without, exitCode, ...request }) => {
    using context = buildContext({
      Dockerfile: dockerfile,
      ...(without === undefined ? {} : { ".dockerignore": `${without}\n` }),
    });
    const built = await engine.build({ env: CODEBUILD, ...request, context: context.path });
    expect(built.code, built.output).not.toBe(0);
    expect(built.output).toMatch(finding(ENTRIES.get(heading)?.[line] ?? "no such line"));
    if (exitCode !== undefined) expect(built.output).toMatch(new RegExp(`exit code: ${exitCode}$`, "m"));
  });

  it("all of it is tried, but for what podman and buildah say, and what goes through", () => {
    const others = ["could not parse secrets", "syntax", "sanitizing bind subdirectory", "output clipped"];
    const quoted = [...ENTRIES].flatMap(([heading, lines]) =>
      lines.map((text, at) => ({ heading, at, text })),
    );
    const tried = (heading: string, at: number) =>
      SAID.some((said) => said.heading === heading && (said.line ?? 0) === at);
    const untried = quoted.filter(({ heading, at }) => !tried(heading, at));
    expect(untried.map(({ text }) => others.filter((word) => text.includes(word)))).toEqual(
      others.map((word) => [word]),
    );
  });
});

describe("what a build does not say", () => {
  it("docker build -q: the exit code, and none of our lines", async () => {
    using context = buildContext({ Dockerfile: slim("node /fetch-creds.js") });
    const env = { DOCKER_BUILDKIT: "1" };
    const quiet = await engine.run(["build", "-q", context.path], { env });
    expect(quiet.code).not.toBe(0);
    expect(quiet.output).toContain("exit code: 253");
    expect(quiet.output).not.toContain("fetch-creds: ");
    const shown = await engine.run(["build", context.path], { env });
    expectFailed(shown, /no credential source found/, 253);
  });

  it("a step that is cached needs no secret, and is green without one", async () => {
    using context = buildContext({ Dockerfile: slim(`${MOUNT} node /fetch-creds.js`) });
    const request = { context: context.path, secrets: [SECRET] };
    expectBuilt(await engine.build({ ...request, env: CODEBUILD }));
    const again = await engine.build({ ...request, env: unset });
    expectBuilt(again);
    expect(again.output).toMatch(/^#\d+ CACHED$/m);
  });

  it("a step that prints much is cut, with whatever comes behind", async () => {
    const lines =
      "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); echo download: s3://my-bucket/some/object/$i; done";
    using context = buildContext({ Dockerfile: slim(`${lines}; echo ${"the-end".split("").join("''")}`) });
    const built = await engine.build({ context: context.path });
    expectBuilt(built);
    expect(built.output).toMatch(finding(ENTRIES.get("output clipped")?.[0] ?? "no such line"));
    expect(built.output).not.toContain("the-end");
  });
});

describe("a variable that is not set", () => {
  it.each([
    ["compose", "docker compose --progress plain build --no-cache", "exit code: 253"],
    ["bake", "docker buildx bake --progress plain", `failed to stat ${NAME}`],
  ])("%s", async (recipe, command, said) => {
    using context = buildContext({}, `docs/recipes/${recipe}`);
    const run = await shell(command, context.path, unset);
    expect(run.code).not.toBe(0);
    expect(run.output).toContain(said);
    if (recipe === "compose") expect(run.output).toContain("is mounted, but empty");
  });
});
