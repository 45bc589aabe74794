import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { VERBS } from "../../src/cli/verbs.js";
import { BUILT_FILE } from "../support/built-file.js";
import { builtWorld } from "../support/built-world.js";
import { runBuilt } from "../support/run-built.js";

const world = builtWorld();
const COMMANDS = `The commands are ${VERBS.map(({ name }) => name).join(", ")}.`;
const EACH = "each is s3://BUCKET/KEY, a path, or -";

describe.concurrent("what is typed wrong", () => {
  it.each([
    [["cp"], 252, "cp needs SRC and DST", `Usage: node fetch-creds.js cp SRC DST [options]; ${EACH}`],
    [
      ["cp", "s3://b/k"],
      252,
      "cp needs DST after 's3://b/k'",
      `Usage: node fetch-creds.js cp SRC DST [options]; ${EACH}`,
    ],
    [
      ["sync", "."],
      252,
      "sync needs DST after '.'",
      "Usage: node fetch-creds.js sync SRC DST [options]; each is s3://BUCKET/PREFIX or a folder",
    ],
    [
      ["cache-key"],
      252,
      "cache-key needs s3://BUCKET/KEY-OR-PREFIX",
      "Usage: node fetch-creds.js cache-key s3://BUCKET/KEY-OR-PREFIX … [options]",
    ],
    [["cp", "s3:/b/k", "."], 252, "neither side is an S3 URI", "Did you mean s3://b/k?"],
    [["cp", "x", "S3://b/k"], 252, "neither side is an S3 URI", "Did you mean s3://b/k?"],
    [
      ["cp", "s3:///b/k", "."],
      252,
      "s3:///b/k: no bucket in it",
      "Did you mean s3://b/k? Or a variable for the bucket is empty.",
    ],
    [["ls", "s3:/b/k"], 252, "s3:/b/k: no bucket in it", "Did you mean s3://b/k?"],
    [
      ["cp", "s3:/b/k", "s3://b/j"],
      255,
      "The user-provided path s3:/b/k does not exist.",
      "Did you mean s3://b/k?",
    ],
    [["help", "nosuch"], 252, "there is no command 'nosuch'", COMMANDS],
    [["help", "snyc"], 252, "there is no command 'snyc'", `Did you mean sync? ${COMMANDS}`],
  ])("%j: exit %i", async (args, code, message, hint) => {
    expect(await world.run(args)).toMatchObject({
      code,
      stdout: "",
      stderr: `fetch-creds: ${message}\n  ${hint}\n`,
    });
  });

  it.each([["cp"], ["sync"]])("%s of a path that is not there says where it was looked for", async (verb) => {
    expect(await world.run([verb, "nothing-here", "s3://b/k"])).toMatchObject({
      code: 255,
      stderr: `fetch-creds: The user-provided path nothing-here does not exist.\n  Check the path; the working folder is ${world.folder.path}. In an image, the file must be copied or mounted first. SRC comes before DST.\n`,
    });
  });

  it("a misspelt URI as the destination is a local path, as with the AWS CLI, and that is said", async () => {
    const bucket = world.bucket({ k: "x" });
    const said = await world.run(["cp", `s3://${bucket}/k`, "s3:/other/k", "--dryrun"]);
    expect(said).toMatchObject({
      code: 0,
      stderr: "fetch-creds: s3:/other/k is taken for a local path; did you mean s3://other/k?\n",
    });
    const quiet = await world.run(["cp", `s3://${bucket}/k`, "s3:/other/k", "--dryrun", "--quiet"]);
    expect(quiet).toMatchObject({ code: 0, stderr: "" });
  });

  it("a command in a hint is that of the file as it runs, ready to paste, in --json and in doctor too", async () => {
    const wrong = await world.run(["cp", "--nope", "--json"]);
    const hint = `See: node ${BUILT_FILE} cp --help`;
    expect(wrong.stderr).toContain(`\n  ${hint}\n`);
    expect(JSON.parse(wrong.stdout.split("\n")[0] ?? "").error.hint).toBe(hint);
    const file = world.folder.at("no-such-file");
    const doctor = await runBuilt(["doctor", "--credentials-file", file]);
    expect(doctor.stdout).toContain(`node ${BUILT_FILE} export --output FILE`);
    const json = await runBuilt(["doctor", "--json", "--credentials-file", file]);
    expect(json.stdout).toContain(`node ${BUILT_FILE} export --output FILE`);
  });

  it("eval of a misspelt export does not go on", () => {
    const script = `eval "$("${process.env.FETCH_CREDS_NODE ?? process.execPath}" "${BUILT_FILE}" exprot)" && echo went on`;
    const { status, stdout } = spawnSync("sh", ["-c", script]);
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 1, stdout: "" });
  });
});

describe("fixes that a stranger would paste", () => {
  const STS = () => ["--sts", "--endpoint-url-sts", world.server.url];
  const keysFile = () => {
    const file = world.folder.at("keys-of-a-role");
    const keys = world.server.keys.issue(Date.now() + 3_600_000);
    writeFileSync(
      file,
      `AWS_ACCESS_KEY_ID=${keys.accessKeyId}\nAWS_SECRET_ACCESS_KEY=${keys.secretAccessKey}\nAWS_SESSION_TOKEN=${keys.sessionToken}\n`,
    );
    return file;
  };

  it.each([
    [["--expect-account", "123456789012"], 0],
    [["--expect-role", "codebuild-*"], 0],
    [["--expect-account", "210987654321"], 1],
    [["--expect-role", "other"], 1],
  ])(
    "STS tells what a file does not, with --sts or without, for %j: exit %i",
    async (expectation, expected) => {
      const file = keysFile();
      const env = { AWS_ENDPOINT_URL_STS: world.server.url };
      const bare = await runBuilt(["verify", "--credentials-file", file, ...expectation], { env });
      expect(bare.code).toBe(expected);
      if (expected === 1)
        expect(bare.stderr).toMatch(/the file does not name the (role|account), and STS says/);
      const asked = await runBuilt(["verify", "--credentials-file", file, ...expectation, ...STS()]);
      expect(asked.code).toBe(expected);
      expect(asked.stderr + asked.stdout).not.toContain("verify --sts");
      if (expected === 0)
        for (const { stdout } of [bare, asked])
          expect(stdout).toMatch(/^STS says +arn:aws:sts::123456789012:/m);
    },
  );

  it("no source, but a profile, or keys in the environment, says where they serve", async () => {
    const profile = await runBuilt(["verify", "--profile", "prod"]);
    expect(profile.code).toBe(253);
    expect(profile.stderr).toBe(
      "fetch-creds: there is no profile prod (--profile) in ~/.aws/config or ~/.aws/credentials\n  neither file has a profile. In a build, mount one as a secret, and set AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE to its path\n",
    );
    const keys = await runBuilt(["export"], {
      env: { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "x" },
    });
    expect(keys.stderr).toContain("AWS_ACCESS_KEY_ID is set, but only cp, sync, ls and cache-key read it");
    expect((await runBuilt(["verify"])).stderr).not.toContain("laptop");
  });

  it.each([
    [
      "a section of the config file without profile",
      "[default]\nregion = r\n[prod]\nregion = r\n",
      "prod",
      "the config file has [prod]: write [profile prod] there",
    ],
    [
      "a profile's name, one letter off",
      "[default]\nregion = r\n[profile base]\nregion = r\n",
      "bas",
      "did you mean base? profiles found: default, base",
    ],
    [
      "a profile's name in another case",
      "[profile prod]\nregion = r\n",
      "Prod",
      "did you mean prod? profiles found: prod",
    ],
  ])("%s", async (_, config, name, hint) => {
    const home = world.place({ ".aws/config": config });
    for (const verb of [["verify"], ["cp", "s3://b/k", "."]])
      expect(await runBuilt([...verb, "--profile", name], { env: { HOME: home } })).toMatchObject({
        code: 253,
        stderr: `fetch-creds: there is no profile ${name} (--profile) in ~/.aws/config or ~/.aws/credentials\n  ${hint}\n`,
      });
  });

  it.each([
    [["verify", "--role-arn", ""], "--role-arn was given an empty value", /its ARG must come after FROM/],
    [["ls", "s3://b", "--role-arn="], "--role-arn was given an empty value", /its ARG must come after FROM/],
    [
      ["verify", "--role-arn", "arn:aws:iam::ACCOUNT:role/x"],
      "--role-arn 'arn:aws:iam::ACCOUNT:role/x' is not a valid ARN of a role",
      /Example: arn:aws:iam::123456789012:role\/NAME/,
    ],
    [
      ["export", "--format", "json"],
      "--format json is not supported: the JSON that the AWS CLI reads has another name",
      /Did you mean process\?/,
    ],
  ])("%j: exit 252", async (args, message, hint) => {
    const { code, stderr } = await runBuilt(args);
    expect(code).toBe(252);
    expect(stderr.split("\n")[0]).toBe(`fetch-creds: ${message}`);
    expect(stderr).toMatch(hint);
  });

  it("a folder for --output that does not exist", async () => {
    const keys = world.place({ keys: "AWS_ACCESS_KEY_ID=AKIAX\nAWS_SECRET_ACCESS_KEY=secret-secret\n" });
    const args = ["export", "--credentials-file", `${keys}/keys`, "--output", `${keys}/none/k`];
    const { code, stderr } = await runBuilt(args);
    expect(code).toBe(255);
    expect(stderr).toContain(
      "its folder does not exist\n  Create the folder first, or choose another one.\n",
    );
  });

  it("a folder's name without --recursive", async () => {
    const bucket = world.bucket({ "app/a": "x", "app/": "" });
    const named = await world.run(["cp", `s3://${bucket}/app`, ".", "--debug"]);
    expect(named.code).toBe(1);
    expect(named.stderr).toContain("--recursive");
    expect(named.stderr).toContain("failure s3-no-such-key: see docs/troubleshooting.md");
    const slashed = await world.run(["cp", `s3://${bucket}/app/`, "."]);
    expect({ code: slashed.code, says: slashed.stderr.includes("--recursive") }).toEqual({
      code: 1,
      says: true,
    });
  });

  it("a file where a folder is needed", async () => {
    const bucket = world.bucket({ "app/a": "x" });
    const place = world.place({ there: "before" });
    const { code, stderr } = await world.run(["cp", `s3://${bucket}/app`, "there", "--recursive"], {
      cwd: place,
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`Cannot write ${place}/there: a file is where a folder is needed (EEXIST)`);
    expect(stderr).toContain("Remove or rename that file");
  });
});

describe("--json of a copy that cannot begin", () => {
  it("tells the failure, with its id, before the summary", async () => {
    const { code, stdout, stderr } = await world.run(["sync", "s3://no-such-bucket/x", "y", "--json"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^fetch-creds: An error occurred \(NoSuchBucket\)/);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        event: "error",
        error: {
          id: "s3-no-such-bucket",
          message: expect.stringContaining("NoSuchBucket"),
          hint: expect.any(String),
        },
      },
      { event: "summary", done: 0, failed: 0, skipped: 0, warnings: 0 },
    ]);
  });
});
