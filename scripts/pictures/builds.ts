import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { importBaseImages } from "../../test/support/docker/base-images.js";
import { S3_ADDRESS } from "../../test/support/docker/bed.js";
import { buildContext } from "../../test/support/docker/build-context.js";
import { startEngine } from "../../test/support/docker/docker-engine.js";
import { startRoleEndpoint } from "../../test/support/docker/role-endpoint.js";
import { forkyRoot } from "../../test/support/forky/root.js";
import { KeyRing } from "../../test/support/key-ring.js";
import { startS3Server } from "../../test/support/s3-server/s3-server.js";
import { draw } from "./draw.js";
import { halfWay, onTerminal } from "./on-terminal.js";
import type { Row } from "./screen.js";
import { startSlowLink } from "./slow-link.js";

const MB = 1024 ** 2;
const VARIABLE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const SECRET = `--secret id=${VARIABLE}`;
const REGION = "--build-arg AWS_REGION";
const MOUNT = `--mount=type=secret,id=${VARIABLE}`;

const DOCKERFILE = `FROM node:22-slim
ARG AWS_REGION
COPY fetch-creds.js /
RUN ${MOUNT} node /fetch-creds.js verify
RUN ${MOUNT} node /fetch-creds.js sync s3://my-bucket/tiny /opt/tiny
`;

/** The address is passed in, and not mounted. */
const WITHOUT_MOUNT = `FROM node:22-slim
COPY fetch-creds.js /
RUN node /fetch-creds.js verify
`;

/** Where a RUN has it mounted, below which everything in these namespaces is their own. */
const MOUNTED_SECRETS = "/run/secrets";

/** Sizes of what is below `tiny`. */
const MODEL = {
  "config.json": 700,
  "tokenizer.json": 2 * MB,
  "weights-1.bin": 200 * MB,
  "weights-2.bin": 80 * MB,
};

/** So slow that the copy takes some seconds, and a log has to tell how it goes. */
const BYTES_PER_SECOND = 40 * MB;

interface World {
  /** Runs a command line on a terminal where `docker` is the engine; all that stood there. */
  run(context: string, command: string, shown?: string): Promise<Row[][]>;
  /** Runs one as in a RUN that has the address mounted. */
  runInside(context: string, command: string, shown: string): Promise<Row[][]>;
  close(): Promise<void>;
}

async function startWorld(): Promise<World> {
  const root = await forkyRoot();
  const { engine, address, close } = await startEngine(join(tmpdir(), "engine"), { root });
  const keys = new KeyRing();
  const storage = await startS3Server({ keys, buckets: ["my-bucket"] });
  for (const [name, size] of Object.entries(MODEL))
    storage.put("my-bucket", `tiny/${name}`, Buffer.alloc(size, "weights "));
  const link = await startSlowLink(S3_ADDRESS, storage.port, BYTES_PER_SECOND);
  const images = join(tmpdir(), "images");
  mkdirSync(images);
  await importBaseImages(engine, images, { AWS_ENDPOINT_URL_S3: link.url });

  const { sessionToken, ...issued } = keys.issue(Date.now() + 3_600_000);
  const expiration = new Date(issued.expiresAt!).toISOString().replace(/\.\d+Z$/, "Z");
  const endpoint = await startRoleEndpoint(
    { ...issued, sessionToken: sessionToken!, expiration },
    S3_ADDRESS,
  );
  const environment = {
    PATH: "/usr/bin:/bin",
    HOME: tmpdir(),
    DOCKER_HOST: address,
    DOCKER_BUILDKIT: "1",
    AWS_REGION: "us-east-1",
    [VARIABLE]: endpoint.relativeUri,
  };
  return {
    run: (context, command, shown) => onTerminal(command, context, environment, shown, root),
    runInside: (context, command, shown) => {
      mkdirSync(MOUNTED_SECRETS);
      writeFileSync(join(MOUNTED_SECRETS, VARIABLE), endpoint.relativeUri);
      const inside = {
        PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
        AWS_REGION: "us-east-1",
        AWS_ENDPOINT_URL_STS: link.url,
      };
      return onTerminal(command, context, inside, shown);
    },
    close: async () => {
      link.close();
      await Promise.all([endpoint.close(), storage.close(), close()]);
    },
  };
}

/** Draws the builds; runs inside own-namespaces.sh, with all that it writes below the place for temporary files. */
export async function drawBuilds(): Promise<void> {
  using context = buildContext({ Dockerfile: DOCKERFILE });
  using incomplete = buildContext({ Dockerfile: WITHOUT_MOUNT });
  const world = await startWorld();
  try {
    const verify = "node fetch-creds.js verify --sts";
    const verified = await world.runInside(context.path, verify, verify.replace("fetch", "/fetch"));
    draw("verify", "in a RUN that has the secret mounted", verified.at(-1)!);

    const failed = await world.run(incomplete.path, `docker build ${SECRET} .`);
    draw("failing-build", "a build that fails, and why", failed.at(-1)!);

    const onTty = `docker build --no-cache --progress=tty \\\n  ${REGION} ${SECRET} .`;
    draw("build-tty", "a build on a terminal, half-way", halfWay(await world.run(context.path, onTty)));

    const inLog = `docker build --no-cache --progress=plain \\\n  ${REGION} ${SECRET} .`;
    // Through a pipe, because no log is a terminal.
    const logged = await world.run(context.path, `${inLog} 2>&1 | cat`, inLog);
    draw("build-plain", "a build in a log", logged.at(-1)!);
  } finally {
    await world.close();
  }
}
