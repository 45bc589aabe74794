/**
 * `npm run demo`: the built file against an embedded credential endpoint and an embedded S3 server that checks every
 * signature and session token, both on loopback. Needs no root, no Docker and no network; checks each result itself. The
 * endpoint answers as CodeBuild's does, at its own address where a user may make a network of his own.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { BUILT_FILE } from "../test/support/built-file.js";
import { codeBuildRoleArn } from "../test/support/credential-endpoint/codebuild-role-arn.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../test/support/credential-endpoint/credential-endpoint.js";
import { type S3Server, startS3Server } from "../test/support/s3-server/s3-server.js";
import { type TemporaryFolder, temporaryFolder } from "../test/support/temporary-folder.js";
import { againInOwnNetwork, CONTAINER_ADDRESS, hasOwnNetwork } from "./own-network.js";
import { DemoShell } from "./shell.js";

const MODEL = randomBytes(20 * 1024 ** 2);

/** A relative URI leads to the real address alone. */
const ADDRESS = hasOwnNetwork
  ? "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
  : "AWS_CONTAINER_CREDENTIALS_FULL_URI";

/** What the commands work on. */
interface Stage {
  readonly endpoint: CredentialEndpoint;
  readonly server: S3Server;
  readonly folder: TemporaryFolder;
  readonly shell: DemoShell;
}

async function credentials({ shell, endpoint }: Stage): Promise<void> {
  await shell.type("node fetch-creds.js", ({ output }) => {
    assert.match(output, /^Role {8}the endpoint does not name it/m);
    assert(!output.includes("AQICAH"));
    assert(!output.includes(endpoint.issued.at(-1)?.secretAccessKey ?? ""));
  });
  await shell.type(
    "node fetch-creds.js verify --expect-role 'codebuild-*' --min-ttl 15m --json",
    ({ output }) => assert.match(JSON.parse(output).roleArn, /:assumed-role\/codebuild-app\//),
  );
  await shell.type(
    'eval "$(node fetch-creds.js export)" && echo "the key in the environment ends in ${AWS_ACCESS_KEY_ID#????????????????}"',
    ({ output }) => assert(output.trim().endsWith(endpoint.issued.at(-1)?.accessKeyId.slice(16) ?? "?")),
  );
  await shell.type(
    `node fetch-creds.js exec -- node -p '"session token of " + process.env.AWS_SESSION_TOKEN.length + " characters"'`,
    ({ output }) =>
      assert.equal(
        output.trim(),
        `session token of ${endpoint.issued.at(-1)?.sessionToken?.length} characters`,
      ),
  );
}

async function copies({ shell, server, folder }: Stage): Promise<void> {
  await shell.type("node fetch-creds.js cp s3://demo/models/large.bin large.bin", () =>
    assert(readFileSync(folder.at("large.bin")).equals(MODEL)),
  );
  await shell.type("node fetch-creds.js cp large.bin s3://demo/copies/large.bin", () =>
    assert(server.object("demo", "copies/large.bin")?.body.equals(MODEL)),
  );
  await shell.type("node fetch-creds.js cp s3://demo/models/readme.txt -", ({ output }) =>
    assert.equal(output, "Models of the demo\n"),
  );
  await shell.type(
    'node fetch-creds.js cp s3://demo/models models --recursive --exclude "*" --include "*.txt"',
    () => assert.deepEqual(readdirSync(folder.at("models")).sort(), ["labels", "readme.txt"]),
  );
}

/** What a build meets that was not given the address. */
async function failure({ shell }: Stage): Promise<void> {
  shell.say("without the address, as in a build without the secret: one line, and what to add");
  await shell.type(
    `env -u ${ADDRESS} node fetch-creds.js verify`,
    ({ output }) => {
      assert.match(output, /^fetch-creds: no credential source found/);
      assert.match(output, /docker build --secret id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI/);
    },
    253,
  );
}

async function trees({ shell, server, folder }: Stage): Promise<void> {
  await shell.type("node fetch-creds.js sync site s3://demo/site", () =>
    assert.equal(server.object("demo", "site/index.html")?.headers["content-type"], "text/html"),
  );
  writeFileSync(folder.at("site", "about.html"), "<p>new, and longer\n");
  writeFileSync(folder.at("site", "news.html"), "<p>news\n");
  const later = new Date(Date.now() + 60_000);
  utimesSync(folder.at("site", "style.css"), later, later);
  shell.say(
    "about.html is larger, news.html is new, style.css is newer: these are uploaded, index.html is not",
  );
  await shell.type("node fetch-creds.js sync site s3://demo/site", ({ output }) =>
    assert.deepEqual(output.match(/[a-z]+\.(?:html|css)$/gm)?.sort(), [
      "about.html",
      "news.html",
      "style.css",
    ]),
  );
  writeFileSync(folder.at("models", "old.txt"), "of the last build\n");
  shell.say("old.txt is not in the bucket, and large.bin is not in the folder");
  await shell.type("node fetch-creds.js sync s3://demo/models models --delete", ({ output }) => {
    assert.match(output, /^delete: models\/old\.txt$/m);
    assert(existsSync(folder.at("models", "large.bin")));
    assert(!existsSync(folder.at("models", "old.txt")));
  });
  await shell.type(
    "node fetch-creds.js ls s3://demo/ --recursive --human-readable --summarize",
    ({ output }) => {
      assert.match(output, /20\.0 MiB models\/large\.bin/);
      assert.match(output, /Total Objects: 8/);
    },
  );
  await shell.type("node fetch-creds.js ls", ({ output }) => assert.match(output, / demo\n$/));
  await shell.type("node fetch-creds.js cache-key s3://demo/models", ({ output }) =>
    assert.match(output, /^[0-9a-f]{32,}\n$/),
  );
  await shell.type("node fetch-creds.js doctor s3://demo/models/readme.txt", ({ output }) =>
    assert.match(output, /Nothing to fix\.\n$/),
  );
}

/** Fills the bucket and the folder that the commands work on. */
async function setUp(folder: TemporaryFolder): Promise<Stage> {
  const endpoint = await startCredentialEndpoint({
    fields: { RoleArn: codeBuildRoleArn() },
    ...(hasOwnNetwork ? { listen: { address: CONTAINER_ADDRESS, port: 80 } } : {}),
  });
  const server = await startS3Server({ keys: endpoint.keys, buckets: ["demo"] });
  server.put("demo", "models/large.bin", MODEL);
  server.put("demo", "models/readme.txt", "Models of the demo\n");
  server.put("demo", "models/labels/en.txt", "cat\ndog\n");
  mkdirSync(folder.at("site"));
  writeFileSync(folder.at("site", "index.html"), "<h1>Hello\n");
  writeFileSync(folder.at("site", "about.html"), "<p>old\n");
  writeFileSync(folder.at("site", "style.css"), "p { color: green }\n");
  // S3's times are whole seconds: a file as new as its object would count as newer.
  const anHourAgo = new Date(Date.now() - 3_600_000);
  for (const name of readdirSync(folder.at("site")))
    utimesSync(folder.at("site", name), anHourAgo, anHourAgo);
  copyFileSync(BUILT_FILE, folder.at("fetch-creds.js"));
  const value = hasOwnNetwork ? endpoint.relativeUri : endpoint.uri;
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    // Where no files of AWS's are.
    HOME: folder.path,
    [ADDRESS]: value,
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: "us-east-1",
  };
  console.log("# CodeBuild sets the first variable itself, and the second line is not needed");
  console.log(`$ export ${ADDRESS}=${value}`);
  console.log(`$ export AWS_ENDPOINT_URL=${server.url} AWS_REGION=us-east-1`);
  return { endpoint, server, folder, shell: new DemoShell(folder.path, env) };
}

async function show(): Promise<void> {
  const folder = temporaryFolder();
  const stage = await setUp(folder);
  try {
    await credentials(stage);
    await failure(stage);
    await copies(stage);
    await trees(stage);
    console.log("\nAll results are as expected.");
  } catch (error) {
    console.error(`\nUnexpected result: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  } finally {
    await Promise.all([stage.endpoint.close(), stage.server.close()]);
    folder.remove();
  }
}

const code = againInOwnNetwork();
if (code === undefined) await show();
else process.exitCode = code;
