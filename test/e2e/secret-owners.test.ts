import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { CAN_CHOWN, NEEDS_ROOT } from "../support/other-user.js";
import { runBuilt } from "../support/run-built.js";

const NAME = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const USER = 1234;

let endpoint: CredentialEndpoint;
beforeAll(async () => {
  endpoint = await startCredentialEndpoint();
});
afterAll(() => endpoint.close());

/**
 * The command line of a `node` of its own: /run/secrets, in a mount namespace of this run alone, holds one secret that
 * belongs to root, and the program runs as another user.
 *
 * @param change what is done then
 */
const asUser = (name: string, value: string, mode: string, change = "true") => [
  "-m",
  "sh",
  "-ec",
  [
    "mount --make-rprivate /; mount -t tmpfs -o mode=755 none /run; mkdir -m 755 /run/secrets",
    `printf %s '${value}' > /run/secrets/${name}; chmod ${mode} /run/secrets/${name}`,
    change,
    `exec setpriv --reuid ${USER} --regid ${USER} --clear-groups "$@"`,
  ].join("\n"),
  "sh",
  process.env.FETCH_CREDS_NODE ?? process.execPath,
];

const run = (args: readonly string[], name: string, value: string, mode: string) =>
  runBuilt(args, { node: "unshare", nodeOptions: asUser(name, value, mode), uid: 0 });

const CAN_MOUNT = CAN_CHOWN && spawnSync("unshare", ["-m", "true"]).status === 0;

describe.skipIf(!CAN_MOUNT)(`a secret that belongs to root, for a step of another user${NEEDS_ROOT}`, () => {
  it.each(["0644", "0444", "0604"])("is found with mode %s", async (mode) => {
    const { code, stdout } = await run(["verify", "--json"], NAME, endpoint.uri, mode);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).source).toMatchObject({ name: NAME, place: "secret" });
  });

  it.each([
    [NAME, `, or env=${NAME} with BuildKit`],
    ["aws-credentials", ""],
  ])("with mode 0400 is an error that says how to mount %s, ready to paste", async (name, variable) => {
    const { code, stdout, stderr } = await run(["verify"], name, "x", "0400");
    expect({ code, stdout }).toEqual({ code: 253, stdout: "" });
    const [first, fix = ""] = stderr.split("\n");
    expect(first).toBe(`fetch-creds: cannot read the secret /run/secrets/${name}: permission denied`);
    expect(fix).toContain(`add uid=${USER} or mode=0444 to its mount${variable}: RUN`);
    expect(fix).toMatch(
      new RegExp(`RUN --mount=type=secret,id=${name},uid=${USER} node /\\S+/fetch-creds\\.js$`),
    );
  });

  it("is a finding of doctor with the user's number", async () => {
    const { code, stdout } = await run(["doctor"], NAME, "x", "0400");
    expect(code).toBe(1);
    expect(stdout).toContain(
      `Add uid=${USER} or mode=0444 to its mount: RUN --mount=type=secret,id=${NAME},uid=${USER} ...`,
    );
  });

  it.each([
    ["a folder that is closed to the step", "true"],
    ["no folder at all", "rm -r /run/secrets; : > /run/secrets"],
  ])("is as if not there in %s", async (_, change) => {
    const nodeOptions = asUser("aws-credentials", "x", "0644", `chmod 700 /run/secrets; ${change}`);
    const closed = { node: "unshare", nodeOptions, uid: 0 };
    const asked = await runBuilt(["verify"], { ...closed, env: { [NAME]: endpoint.uri } });
    expect(asked).toMatchObject({ code: 0, stderr: "" });
    for (const verb of [["verify"], ["cp", "s3://b/k", "-"]]) {
      const { code, stderr } = await runBuilt(verb, closed);
      expect(code).toBe(253);
      expect(stderr).toMatch(/^fetch-creds: no credential source/);
    }
  });
});
