import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { SCHEMAS } from "../../../scripts/docs/schemas.js";
import { VERBS } from "../../../src/cli/verbs.js";
import { lsRequest } from "../../../src/commands/options/ls-request.js";
import { findSource, type SourceSearch } from "../../../src/credentials/find-source.js";
import { reportJson } from "../../../src/doctor/report.js";
import { Failure } from "../../../src/failure.js";
import type { TransferEvent } from "../../../src/output/transfer-events.js";
import { TransferJson } from "../../../src/output/transfer-json.js";
import { verification } from "../../../src/output/verification.js";
import { listBuckets, listObjects } from "../../../src/s3/plan/ls.js";
import type { Store } from "../../../src/s3/store.js";
import { ALL_VERBS, tableOf } from "../../support/all-verbs.js";
import { parsed } from "../../support/parsed.js";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { testContext } from "../../support/test-context.js";

it("the table of every listed verb is that of its name", () => {
  expect(ALL_VERBS.map(({ name }) => name)).toEqual(VERBS.map(({ name }) => name));
});

it("every verb has a summary", () => {
  for (const { name, summary } of VERBS) expect(summary, name).toMatch(/\.$/);
});

it("every verb has a synopsis with its name, a description, and an example", () => {
  for (const { name, synopsis, description, examples, groups, operands } of ALL_VERBS) {
    expect(synopsis).toContain(name);
    expect(synopsis).toContain((operands.names ?? []).join(" "));
    expect(operands.names?.length ?? 0, name).toBe(operands.min);
    expect(description.length, name).toBeGreaterThan(40);
    expect(examples.length, name).toBeGreaterThan(0);
    const options = groups.flatMap((group) => group.options);
    expect(new Set(options.map((option) => option.name)).size, `${name}: an option twice`).toBe(
      options.length,
    );
    for (const option of ["help", "version", "debug"])
      expect(
        options.map((each) => each.name),
        name,
      ).toContain(option);
  }
});

const documented = (verb: string) =>
  SCHEMAS.find(({ verbs }) => verbs.includes(verb))?.fields.map(([name]) => name);

/** `source.kind` for a field inside; `findings[].level` for one of a list. */
function paths(value: unknown, before = ""): string[] {
  if (Array.isArray(value)) return paths(value[0], `${before}[]`);
  if (typeof value !== "object" || value === null) return [before];
  return Object.entries(value).flatMap(([name, inner]) =>
    paths(inner, before === "" ? name : `${before}.${name}`),
  );
}

it("every verb with --json has its schema, and no other", () => {
  const withJson = ALL_VERBS.filter(({ groups }) =>
    groups.some(({ options }) => options.some(({ name }) => name === "json")),
  );
  expect(SCHEMAS.flatMap(({ verbs }) => verbs).sort()).toEqual(withJson.map(({ name }) => name).sort());
});

it("the schemas name exactly the fields that are printed", () => {
  const caller = { arn: "a", account: "b", userId: "c" };
  const source = { kind: "container", name: "--uri", place: "option" } as const;
  const identity = { from: "sts", roleArn: undefined, accountId: undefined } as const;
  const whose = { identity, accessKeyAccountId: undefined, caller, differs: false };
  const found = verification(
    { accessKeyId: "a", secretAccessKey: "b" },
    source,
    whose,
    { value: "r", from: "AWS_REGION" },
    0,
  );
  expect(paths(found)).toEqual(documented("verify"));
  expect(paths(JSON.parse(reportJson([{ level: "ok", subject: "a", found: "b" }])))).toEqual(
    documented("doctor"),
  );
});

it("the schema of verify names exactly the kinds and places of sources that it can have", async () => {
  const folder = temporaryFolder();
  writeFileSync(folder.at("aws-credentials"), "AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\n");
  const role = "role_arn = arn:aws:iam::123456789012:role/r\n";
  writeFileSync(
    folder.at("config"),
    `[profile keys]\naws_access_key_id = a\naws_secret_access_key = b\n[profile role]\n${role}credential_source = Environment\n[profile process]\ncredential_process = /bin/true\n`,
  );
  const own = {
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
    AWS_CONFIG_FILE: folder.at("config"),
    AWS_WEB_IDENTITY_TOKEN_FILE: "t",
    AWS_ROLE_ARN: "r",
  };
  const sts = () => Promise.reject(new Error("asked"));
  const find = (search: Partial<SourceSearch>, env = {}, secretsFolder = "/dev/null") =>
    findSource({ purpose: "role", sts, ...search }, testContext({ ...own, ...env }, { secretsFolder }));
  const sources = await Promise.all([
    find({ uri: "/a" }),
    find({}, { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/a" }),
    find({}, {}, folder.path),
    find({ webIdentity: true }),
    find({ instanceRole: true }),
    ...["keys", "role", "process"].map((profile) => find({ profile })),
  ]);
  folder.remove();
  const found = sources.flatMap((source) => {
    const description = source?.description;
    return [description, description?.base].flatMap((each) => each ?? []);
  });
  const told = (field: string) => {
    const [, , meaning = ""] = SCHEMAS[0]?.fields.find(([name]) => name === field) ?? [];
    return [...meaning.matchAll(/`([^`]+)`/g)].map(([, value]) => value).sort();
  };
  expect(told("source.kind")).toEqual([...new Set(found.map(({ kind }) => kind))].sort());
  expect(told("source.place")).toEqual([...new Set(found.map(({ place }) => place))].sort());
});

/** The fields of all lines together. */
const fieldsOf = (lines: string) => [
  ...new Set(
    lines
      .trimEnd()
      .split("\n")
      .flatMap((line) => paths(JSON.parse(line))),
  ),
];

it("the schema of cp and sync names exactly the fields of every event", () => {
  const failure = new Failure("s3-error", { message: "m", hint: "h", exitCode: 1 });
  const transfer = { operation: "copy", source: "s3://a/k", destination: "s3://b/k" } as const;
  // One of each: the compiler says when another is added.
  const events: Record<TransferEvent["event"], TransferEvent> = {
    done: { event: "done", transfer, size: 1 },
    dryrun: { event: "dryrun", transfer, size: 1 },
    failed: { event: "failed", transfer, failure },
    error: { event: "error", failure },
    skipped: { event: "skipped", transfer, reason: "r" },
    unverified: { event: "unverified", transfer, reason: "r" },
    warning: { event: "warning", id: "i", message: "m" },
    note: { event: "note", id: "i", message: "m" },
    interrupted: { event: "interrupted", done: 0, failed: 0, skipped: 0, warnings: 0, transfers: 0 },
    progress: {
      event: "progress",
      bytes: 0,
      expectedBytes: 0,
      files: 0,
      failed: 0,
      expectedFiles: 0,
      final: true,
    },
    summary: {
      event: "summary",
      done: 1,
      failed: 1,
      skipped: 0,
      warnings: 0,
      transfers: 2,
      first: { transfer, failure },
    },
  };
  const context = testContext();
  const json = new TransferJson(context, false);
  for (const event of Object.values(events)) json.say(event);
  json.flush();
  expect(fieldsOf(context.stdout.text).sort()).toEqual(documented("cp")?.toSorted());
  const meaning = SCHEMAS.find(({ verbs }) => verbs.includes("cp"))?.fields[0]?.[2];
  // Said in words only.
  const { interrupted: _, ...shown } = events;
  for (const event of Object.keys(shown)) expect(meaning).toContain(`\`${event}\``);
});

it("the schema of ls names exactly the fields of its lines", async () => {
  const store = {
    async *list() {
      yield {
        prefixes: ["p/"],
        objects: [{ key: "k", size: 1, lastModified: 0, etag: '"e"', storageClass: "STANDARD" }],
      };
    },
    async *listBuckets() {
      yield [{ name: "b", created: 0 }];
    },
  } as unknown as Store;
  const request = lsRequest(parsed(tableOf("ls"), ["--human-readable", "--summarize", "--json"]));
  let text = "";
  const write = (more: string) => {
    text += more;
    return undefined;
  };
  await listObjects(store, { bucket: "b", key: "" }, request, write);
  await listBuckets(store, {}, request, write);
  expect(fieldsOf(text).sort()).toEqual(documented("ls")?.toSorted());
});
