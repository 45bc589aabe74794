import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { startBreakingServer } from "../../support/breaking-server.js";
import { CERTIFICATE_FILE } from "../../support/certificate/certificate.js";
import { startCredentialEndpoint } from "../../support/credential-endpoint/credential-endpoint.js";
import { runBuilt } from "../../support/run-built.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const LIMITS = ["--cli-connect-timeout", "1", "--cli-read-timeout", "1"];

const VERBS = [
  { args: ["cp", "s3://b/k", "k"], code: 1 },
  { args: ["ls", "s3://b/"], code: 255 },
  { args: ["verify", "--sts"], code: 255 },
] as const;

/** Both were waited for, or begun again, without end. */
const CASES = VERBS.flatMap((verb) => [
  { ...verb, stage: "CONNECT", how: "is silent" } as const,
  { ...verb, stage: "CONNECT", how: "closes" } as const,
  { ...verb, stage: "TLS", how: "is silent" } as const,
]);

it.each(CASES)("$args.0 ends where a proxy $how at $stage", async ({ args, code, stage, how }) => {
  const server = await startBreakingServer("https by a proxy of http", stage, how);
  const endpoint = await startCredentialEndpoint();
  const folder = temporaryFolder();
  const result = await runBuilt([...args, ...LIMITS], {
    env: {
      ...server.env,
      AWS_REGION: "us-east-1",
      AWS_CA_BUNDLE: CERTIFICATE_FILE,
      AWS_ENDPOINT_URL: server.url,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri,
    },
    cwd: folder.path,
  });
  expect(result).toMatchObject({ code, stdout: "", timedOut: false });
  const silence = /no response (within 1 s while waiting for|in time)/;
  expect(result.stderr).toMatch(how === "is silent" ? silence : /closed|ECONNRESET/);
  expect(existsSync(folder.at("k"))).toBe(false);
  expect(server.struck()).toBeGreaterThan(0);
  expect(server.connections()).toBeLessThanOrEqual(10);
  folder.remove();
  await server.close();
  await endpoint.close();
});
