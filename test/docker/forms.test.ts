import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { fileInImage, tracesInImage } from "../support/docker/image-contents.js";
import { OBJECTS } from "../support/docker/objects.js";
import {
  BUILD_ARGUMENT,
  CODEBUILD,
  description,
  engine,
  expectBuilt,
  expectNoSecret,
  MOUNT,
  SECRET,
  SECRETS,
} from "./suite.js";

/** How the address comes in: what stands after RUN, and in a line of its own before it. */
interface Passing {
  readonly run: string;
  readonly arg: string;
}

interface Form {
  readonly name: string;
  readonly dockerfile: (passing: Passing) => string;
  readonly files?: Readonly<Record<string, string>>;
  /** Added to the secret's mount. */
  readonly mount?: string;
  /** The file to look at in the image, and what must be in it. */
  readonly result: readonly [path: string, content: Buffer];
}

const SETTINGS = OBJECTS["app/settings.json"]!;
const CP = "cp s3://my-bucket/app/settings.json";
const KEYS = description.roleKeys;

/** What `DIGEST` prints where the role's keys are in the environment. */
const KEYS_DIGEST = Buffer.from(
  `${createHash("sha256")
    .update([KEYS.accessKeyId, KEYS.secretAccessKey, KEYS.sessionToken].join(" "))
    .digest("hex")}  -\n`,
);
const DIGEST =
  'printf "%s %s %s" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" | sha256sum';

const FORMS: readonly Form[] = [
  {
    name: "a USER that is not root",
    mount: ",uid=1000",
    dockerfile: ({ run, arg }) =>
      `FROM node:22-slim\nCOPY fetch-creds.js /\nUSER node\nWORKDIR /home/node\n${arg}RUN ${run}node /fetch-creds.js ${CP} .`,
    result: ["/home/node/settings.json", SETTINGS],
  },
  {
    name: "a uid without a name, HOME or a place to write",
    mount: ",mode=0444",
    dockerfile: ({ run, arg }) =>
      `FROM node:22-slim\nCOPY ["fetch-creds.js", "/read only/"]\nUSER 54321\n${arg}RUN ${run}unset HOME; cd /tmp && node "/read only/fetch-creds.js" ${CP} .`,
    result: ["/tmp/settings.json", SETTINGS],
  },
  {
    name: "an image without a shell",
    dockerfile: ({ run, arg }) =>
      `FROM gcr.io/distroless/nodejs22-debian12\nCOPY fetch-creds.js /\n${arg}RUN ${run}["/nodejs/bin/node","/fetch-creds.js","cp","s3://my-bucket/app/settings.json","/app/settings.json"]`,
    result: ["/app/settings.json", SETTINGS],
  },
  ...(["module", "commonjs"] as const).map((type) => ({
    name: `a WORKDIR whose package.json says ${type}`,
    files: { "package.json": JSON.stringify({ type }) },
    dockerfile: ({ run, arg }: Passing) =>
      `FROM node:22-slim\nWORKDIR /app\nCOPY package.json fetch-creds.js ./\n${arg}RUN ${run}node fetch-creds.js ${CP} .`,
    result: ["/app/settings.json", SETTINGS] as const,
  })),
  {
    name: "a stage whose file goes into ubuntu:16.04",
    dockerfile: ({ run, arg }) =>
      `FROM node:22-slim AS files\nCOPY fetch-creds.js /\n${arg}RUN ${run}node /fetch-creds.js cp s3://my-bucket/models/tiny/weights.bin /files/\nFROM ubuntu:16.04\nCOPY --from=files /files /opt`,
    result: ["/opt/weights.bin", OBJECTS["models/tiny/weights.bin"]!],
  },
  {
    name: 'eval "$(… export)"',
    dockerfile: ({ run, arg }) =>
      `FROM node:22-slim\nCOPY fetch-creds.js /\n${arg}RUN ${run}mkdir /out && eval "$(node /fetch-creds.js export)" && ${DIGEST} >/out/digest`,
    result: ["/out/digest", KEYS_DIGEST],
  },
  {
    name: "exec, with stale variables in the image",
    files: {
      "program.sh": `set -eu\n[ -z "\${AWS_PROFILE-}\${AWS_SECURITY_TOKEN-}\${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI-}" ]\n${DIGEST} >/out/digest\n`,
    },
    dockerfile: ({ run, arg }) =>
      `FROM node:22-slim\nENV AWS_PROFILE=stale AWS_SECURITY_TOKEN=stale AWS_ACCESS_KEY_ID=stale\nWORKDIR /out\nCOPY fetch-creds.js program.sh /\n${arg}RUN ${run}node /fetch-creds.js exec -- sh /program.sh`,
    result: ["/out/digest", KEYS_DIGEST],
  },
];

describe.each(FORMS)("$name", ({ dockerfile, files, mount, result: [path, content] }) => {
  const environment = { context: "", env: CODEBUILD };

  it("builds with a secret, and the image keeps nothing of it", async () => {
    const run = `${MOUNT}${mount ?? ""} `;
    using context = buildContext({ ...files, Dockerfile: dockerfile({ run, arg: "" }) });
    const built = await engine.build({
      ...environment,
      context: context.path,
      secrets: [SECRET],
      tag: "form",
    });
    expectBuilt(built);
    expectNoSecret(built.output);
    expect((await fileInImage(engine, "form", path)).equals(content)).toBe(true);
    expect(await tracesInImage(engine, "form", SECRETS)).toEqual([]);
  });

  it.each(["buildkit", "classic"] as const)("builds with a build argument and %s", async (builder) => {
    using context = buildContext({
      ...files,
      Dockerfile: dockerfile({ run: "", arg: `ARG ${BUILD_ARGUMENT}\n` }),
    });
    const built = await engine.build({
      ...environment,
      context: context.path,
      builder,
      buildArgs: [BUILD_ARGUMENT],
      tag: "form",
    });
    expectBuilt(built);
    expect((await fileInImage(engine, "form", path)).equals(content)).toBe(true);
  });
});
