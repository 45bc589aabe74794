import { existsSync, truncateSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { head, rawServer } from "../../support/raw-server.js";
import { runBuilt } from "../../support/run-built.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const KEYS = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  AWS_REGION: "us-east-1",
};

const UNREADABLE = [
  "SSH-2.0-OpenSSH_9.2\r\n\r\n",
  `${head(200, { "content-length": 5, "transfer-encoding": "chunked", etag: '"e"' })}hello`,
  head(200, { "content-length": "-1", etag: '"e"' }),
];

/** The size of a file that goes in parts. */
const LARGE = 9 * 1024 ** 2;

const CASES = [
  { what: "a download", args: ["cp", "s3://b/k", "there"], operation: "GetObject", tries: 5 },
  { what: "an upload", args: ["cp", "small", "s3://b/k"], operation: "PutObject", tries: 5 },
  {
    what: "an upload that must not replace anything",
    args: ["cp", "small", "s3://b/k", "--no-overwrite"],
    operation: "PutObject",
    tries: 1,
  },
  {
    what: "the beginning of an upload in parts",
    args: ["cp", "large", "s3://b/k"],
    operation: "CreateMultipartUpload",
    tries: 1,
  },
  {
    what: "a delete",
    args: ["sync", ".", "s3://b/p/", "--delete", "--exclude", "large", "--exclude", "small"],
    operation: "DeleteObject",
    tries: 5,
  },
  { what: "a listing", args: ["ls", "s3://b/"], operation: "ListObjectsV2", tries: 5 },
] as const;

const PAGE =
  "<ListBucketResult><Prefix>p/</Prefix><IsTruncated>false</IsTruncated><Contents><Key>p/k</Key><Size>1</Size><LastModified>2026-01-02T03:04:05Z</LastModified></Contents></ListBucketResult>";

describe.each(UNREADABLE)("a response that cannot be read: %j", (answer) => {
  it.each(CASES)("to $what ends in one line, after as many tries as it may be sent: $tries", async (each) => {
    const isList = (target: string) => target.includes("list-type=2");
    const raw = await rawServer(({ target }, socket) => {
      const isAnswered = isList(target) && each.operation !== "ListObjectsV2";
      socket.end(
        isAnswered ? head(200, { "content-length": PAGE.length, connection: "close" }) + PAGE : answer,
      );
    });
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());
    writeFileSync(folder.at("small"), "small");
    writeFileSync(folder.at("large"), "");
    truncateSync(folder.at("large"), LARGE);
    const env = { ...KEYS, AWS_ENDPOINT_URL: raw.url };
    const { code, stderr } = await runBuilt(each.args, { cwd: folder.path, env });
    expect(code).toBe(each.operation === "ListObjectsV2" ? 255 : 1);
    expect(stderr).toMatch(
      new RegExp(
        `^.*No response when calling the ${each.operation} operation: the response is not valid HTTP: .*\\n  The response is not valid HTTP: .*\\n$`,
        "m",
      ),
    );
    const asked = raw.requests.filter(({ target }) => each.operation === "ListObjectsV2" || !isList(target));
    expect(asked).toHaveLength(each.tries);
    expect(existsSync(folder.at("there"))).toBe(false);
  });
});

it("a response of HTTP/1.0, to the end of the connection, to what must not be sent twice is taken", async () => {
  const raw = await rawServer((_, socket) => {
    socket.end(head(200, { etag: '"e"', "x-amz-checksum-crc64nvme": "" }).replace("HTTP/1.1", "HTTP/1.0"));
  });
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  writeFileSync(folder.at("small"), "");
  const env = { ...KEYS, AWS_ENDPOINT_URL: raw.url };
  const { code } = await runBuilt(["cp", "small", "s3://b/k", "--no-overwrite"], { cwd: folder.path, env });
  expect({ code, asked: raw.requests.map(({ method }) => method) }).toEqual({ code: 0, asked: ["PUT"] });
});
