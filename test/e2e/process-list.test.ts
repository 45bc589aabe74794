import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { runBuilt } from "../support/run-built.js";

let endpoint: CredentialEndpoint;
beforeAll(async () => {
  endpoint = await startCredentialEndpoint({});
});
afterAll(() => endpoint.close());

/** Prints the environment's three secrets, then the arguments and the title of itself and of its parent. */
const SHOW = `printf '%s\\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN"
tr '\\0' ' ' < /proc/$$/cmdline; cat /proc/$$/comm; tr '\\0' ' ' < /proc/$PPID/cmdline; cat /proc/$PPID/comm; true`;

it("no key stands in the list of processes while exec runs its command", async () => {
  const { code, stdout } = await runBuilt(["exec", "--uri", endpoint.uri, "--", "sh", "-c", SHOW]);
  const [id = "", secret = "", token = "", ...processes] = stdout.split("\n");
  expect(code).toBe(0);
  const shown = processes.join("\n");
  // It did see processes: its own arguments are there.
  expect(shown).toContain("/proc/$PPID/cmdline");
  for (const key of [id, secret, token]) {
    expect(key.length).toBeGreaterThan(10);
    expect(shown).not.toContain(key);
  }
});
