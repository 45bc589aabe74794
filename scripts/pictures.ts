/**
 * `npm run pictures`: draws docs/images/*.svg from real runs of dist/fetch-creds.js on a terminal, against the embedded
 * servers, and the house from the imports. The bars of the benchmark are drawn by `npm run bench`.
 */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BUILT_FILE } from "../test/support/built-file.js";
import { startCredentialEndpoint } from "../test/support/credential-endpoint/credential-endpoint.js";
import { KeyRing } from "../test/support/key-ring.js";
import { startS3Server } from "../test/support/s3-server/s3-server.js";
import { temporaryFolder } from "../test/support/temporary-folder.js";
import { housePicture } from "./pictures/house-picture.js";
import { onTerminal } from "./pictures/screen.js";
import { terminalPicture } from "./pictures/terminal-picture.js";

const IMAGES = "docs/images";
const MODEL_SIZE = 192 * 1024 ** 2;

const keys = new KeyRing();
const endpoint = await startCredentialEndpoint({ keys });
const server = await startS3Server({ keys, buckets: ["my-bucket"] });
server.put("my-bucket", "models/model.bin", Buffer.alloc(MODEL_SIZE, "weights "));
// As far away as a real bucket is, so that there is progress to see.
server.instead = async ({ method }) => {
  if (method === "GET") await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 700));
  return undefined;
};
const folder = temporaryFolder();
copyFileSync(BUILT_FILE, folder.at("fetch-creds.js"));

const inBuild = {
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri,
  AWS_ENDPOINT_URL_S3: server.url,
  AWS_REGION: "us-east-1",
};

function draw(name: string, title: string, lines: readonly string[]): void {
  mkdirSync(IMAGES, { recursive: true });
  writeFileSync(join(IMAGES, `${name}.svg`), terminalPicture(title, lines));
  console.log(`\n${name}.svg\n${lines.join("\n")}`);
}

try {
  const verify = "node fetch-creds.js verify";
  const verified = await onTerminal(verify, folder.path, inBuild);
  draw("verify", "the role behind a build", [`$ ${verify}`, ...verified.lines]);

  const copy = "node fetch-creds.js cp s3://my-bucket/models/model.bin .";
  const copied = await onTerminal(copy, folder.path, inBuild);
  const middle = copied.frames[Math.floor(copied.frames.length / 2)];
  draw("cp", "a copy, half-way and at its end", [
    `$ ${copy}`,
    ...(middle === undefined ? [] : [`\u001b[36m${middle}\u001b[0m`]),
    ...copied.lines,
  ]);

  const stale = await startCredentialEndpoint({
    instead: () => ({
      status: 400,
      body: '{"code":"InvalidIdInRequest","message":"CredentialsV2Request: Credentials not found","HTTPErrorCode":400}',
    }),
  });
  const failed = "node fetch-creds.js cp s3://my-bucket/models/model.bin .";
  const withStale = { ...inBuild, AWS_CONTAINER_CREDENTIALS_FULL_URI: stale.uri };
  const { PATH } = inBuild;
  const nothing = await onTerminal(failed, folder.path, { PATH });
  const old = await onTerminal(failed, folder.path, withStale);
  await stale.close();
  draw("failing-build", "two steps that fail, and why", [
    `$ ${failed}`,
    ...nothing.lines,
    "",
    `$ ${failed}`,
    ...old.lines,
  ]);
} finally {
  await Promise.all([endpoint.close(), server.close()]);
  folder.remove();
}

writeFileSync(join(IMAGES, "house.svg"), housePicture("src"));
