/**
 * First half of `npm run pictures`: draws a copy by dist/fetch-creds.js on a terminal, against the embedded servers.
 * build-pictures.ts draws what needs the real addresses, and the builds.
 */
import { copyFileSync } from "node:fs";
import { dirname } from "node:path";
import { BUILT_FILE } from "../test/support/built-file.js";
import { startCredentialEndpoint } from "../test/support/credential-endpoint/credential-endpoint.js";
import { KeyRing } from "../test/support/key-ring.js";
import { startS3Server } from "../test/support/s3-server/s3-server.js";
import { temporaryFolder } from "../test/support/temporary-folder.js";
import { draw } from "./pictures/draw.js";
import { halfWay, onTerminal } from "./pictures/on-terminal.js";
import { startSlowLink } from "./pictures/slow-link.js";

const MODEL_SIZE = 192 * 1024 ** 2;

const keys = new KeyRing();
const endpoint = await startCredentialEndpoint({ keys });
const server = await startS3Server({ keys, buckets: ["my-bucket"] });
server.put("my-bucket", "models/model.bin", Buffer.alloc(MODEL_SIZE, "weights "));
// So that there is progress to see.
const link = await startSlowLink("127.0.0.1", server.port, 48 * 1024 ** 2);
const folder = temporaryFolder();
copyFileSync(BUILT_FILE, folder.at("fetch-creds.js"));

const inBuild = {
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri,
  AWS_ENDPOINT_URL_S3: link.url,
  AWS_REGION: "us-east-1",
};

try {
  const copy = "node fetch-creds.js cp s3://my-bucket/models/model.bin .";
  const copied = await onTerminal(copy, folder.path, inBuild);
  const [, ...end] = copied.at(-1)!;
  draw("cp", "a copy, half-way and at its end", [...halfWay(copied), ...end]);
} finally {
  link.close();
  await Promise.all([endpoint.close(), server.close()]);
  folder.remove();
}
