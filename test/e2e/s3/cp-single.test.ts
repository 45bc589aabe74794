import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { BUILT_FILE } from "../../support/built-file.js";
import { builtWorld, filesOf, objectsOf } from "../../support/built-world.js";
import { startBuilt } from "../../support/run-built.js";

const world = builtWorld();

describe.concurrent("cp s3://b/k PATH", () => {
  it("writes the object, gives it the object's time, says so as the AWS CLI does", async () => {
    const bucket = world.bucket({ "dir/k.txt": "hello" });
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}/dir/k.txt`, "."], { cwd: place });
    expect(result).toMatchObject({
      code: 0,
      stdout: `download: s3://${bucket}/dir/k.txt to ./k.txt\n`,
      stderr: "",
    });
    expect(readFileSync(`${place}/k.txt`, "utf8")).toBe("hello");
    expect(statSync(`${place}/k.txt`).mtimeMs).toBe(world.server.object(bucket, "dir/k.txt")!.lastModified);
  });

  it("makes parents, takes a name, goes into a folder that exists, and into one that ends in a slash", async () => {
    const bucket = world.bucket({ "dir/k": "x" });
    const place = world.place();
    mkdirSync(`${place}/there`);
    for (const target of ["new/deep/name", "there", "slash/"]) {
      expect((await world.run(["cp", `s3://${bucket}/dir/k`, target], { cwd: place })).code).toBe(0);
    }
    expect(filesOf(place)).toEqual({ "new/deep/name": "x", "there/k": "x", "slash/k": "x" });
  });

  it("cp s3://b/k - and /dev/stdout write the bytes and nothing else", async () => {
    const bucket = world.bucket({ k: "bytes" });
    for (const target of ["-", "/dev/stdout"]) {
      const result = await world.run(["cp", `s3://${bucket}/k`, target, "--quiet"]);
      expect(result).toMatchObject({ code: 0, stdout: "bytes", stderr: "" });
    }
    expect((await world.run(["cp", `s3://${bucket}/k`, "-"])).stdout).toBe("bytes");
  });

  it("writes /dev/null and a fifo straight through", async () => {
    const bucket = world.bucket({ k: "through" });
    const place = world.place();
    execFileSync("mkfifo", [`${place}/fifo`]);
    const copying = startBuilt(["cp", `s3://${bucket}/k`, "fifo"], {
      cwd: place,
      env: { ...world.server.env, AWS_ENDPOINT_URL: world.server.url },
    });
    // Not readFileSync: the server answers from this very process.
    expect(await readFile(`${place}/fifo`, "utf8")).toBe("through");
    expect((await copying.finished).code).toBe(0);
    expect(lstatSync(`${place}/fifo`).isFIFO()).toBe(true);
    expect((await world.run(["cp", `s3://${bucket}/k`, "/dev/null"])).code).toBe(0);
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("replaces a link by the file and leaves what it points at", async () => {
    const bucket = world.bucket({ k: "new" });
    const place = world.place({ old: "old" });
    symlinkSync("old", `${place}/link`);
    expect((await world.run(["cp", `s3://${bucket}/k`, "link"], { cwd: place })).code).toBe(0);
    expect(filesOf(place)).toEqual({ link: "new", old: "old" });
  });

  it("exit 1 with S3's own words and the fix; the target stays", async () => {
    const bucket = world.bucket({ k: "x" });
    const place = world.place({ missing: "before" });
    const result = await world.run(["cp", `s3://${bucket}/missing`, "."], { cwd: place });
    expect(result.code).toBe(1);
    expect(result.stderr.split("\n")[0]?.replace(/[0-9A-F]{16}/, "ID")).toBe(
      `download failed: s3://${bucket}/missing to ./missing An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist. (request ID ID)`,
    );
    expect(result.stderr).toMatch(/\n {2}The bucket exists/);
    expect((await world.run(["cp", "s3://no-such-bucket/k", "."], { cwd: place })).stderr).toContain(
      "NoSuchBucket",
    );
    expect(filesOf(place)).toEqual({ missing: "before" });
  });

  it("--no-overwrite, --if-size-differ, --if-source-newer leave a file alone: exit 0", async () => {
    const bucket = world.bucket({ k: "12345" });
    const place = world.place({ k: "54321", other: "1" });
    for (const option of ["--no-overwrite", "--if-size-differ", "--if-source-newer"]) {
      const result = await world.run(["cp", `s3://${bucket}/k`, "k", option], { cwd: place });
      expect(result).toMatchObject({ code: 0, stdout: "", stderr: "" });
    }
    expect(
      (await world.run(["cp", `s3://${bucket}/k`, "other", "--if-size-differ"], { cwd: place })).code,
    ).toBe(0);
    expect(filesOf(place)).toEqual({ k: "54321", other: "12345" });
  });

  it("a key that ends in a slash names no file: exit 1, whether there is such an object or not", async () => {
    const bucket = world.bucket({ "marker/": "", "full/": "bytes", "prefix/k": "x" });
    const place = world.place();
    for (const key of ["marker/", "full/", "prefix/"]) {
      const { code, stdout, stderr } = await world.run(["cp", `s3://${bucket}/${key}`, "."], { cwd: place });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toBe(
        `download failed: s3://${bucket}/${key} to . s3://${bucket}/${key} ends in a slash, like a folder\n` +
          "  To copy everything below it, add --recursive. To copy an object with exactly this key, give the destination a file name.\n",
      );
    }
    expect(filesOf(place)).toEqual({});
    const named = await world.run(["cp", `s3://${bucket}/full/`, "name"], { cwd: place });
    expect({ code: named.code, files: filesOf(place) }).toEqual({ code: 0, files: { name: "bytes" } });
  });

  it("what --exclude leaves out is not looked at", async () => {
    const bucket = world.bucket();
    expect(await world.run(["cp", `s3://${bucket}/p/`, ".", "--exclude", "*"])).toMatchObject({
      code: 0,
      stderr: "",
    });
  });

  it.each(["no-overwrite", "if-size-differ", "if-source-newer"])(
    "--%s means nothing to -",
    async (option) => {
      const bucket = world.bucket({ k: "bytes" });
      const result = await world.run(["cp", `s3://${bucket}/k`, "-", `--${option}`]);
      expect(result).toMatchObject({
        code: 252,
        stdout: "",
        stderr: `fetch-creds: --${option} parameter is not supported for streaming downloads\n`,
      });
      expect(world.server.requests.filter((request) => request.bucket === bucket)).toEqual([]);
    },
  );

  it("--version-id", async () => {
    const bucket = world.bucket();
    world.server.bucket(bucket).versioning = true;
    const first = world.server.put(bucket, "k", "one");
    world.server.put(bucket, "k", "two");
    const result = await world.run(["cp", `s3://${bucket}/k`, "-", "--version-id", first.versionId]);
    expect(result.stdout).toBe("one");
    expect((await world.run(["cp", `s3://${bucket}/k`, "-"])).stdout).toBe("two");
  });

  it("--dryrun looks, says, and writes nothing", async () => {
    const bucket = world.bucket({ k: "x" });
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}/k`, ".", "--dryrun"], { cwd: place });
    expect(result).toMatchObject({ code: 0, stdout: `(dryrun) download: s3://${bucket}/k to ./k\n` });
    expect((await world.run(["cp", `s3://${bucket}/no`, ".", "--dryrun"], { cwd: place })).code).toBe(1);
    expect(filesOf(place)).toEqual({});
  });

  it("skips an archived object with a warning: exit 2; without one when asked; forced, S3 says no", async () => {
    const bucket = world.bucket();
    world.server.put(bucket, "cold", "x", { storageClass: "GLACIER" });
    const place = world.place();
    const plain = await world.run(["cp", `s3://${bucket}/cold`, "."], { cwd: place });
    expect(plain.code).toBe(2);
    expect(plain.stderr).toContain(
      `warning: Skipping file s3://${bucket}/cold. Object is of storage class GLACIER.`,
    );
    const ignored = await world.run(["cp", `s3://${bucket}/cold`, ".", "--ignore-glacier-warnings"], {
      cwd: place,
    });
    expect(ignored).toMatchObject({ code: 0, stderr: "" });
    const forced = await world.run(["cp", `s3://${bucket}/cold`, ".", "--force-glacier-transfer"], {
      cwd: place,
    });
    expect(forced.code).toBe(1);
    expect(forced.stderr).toContain("InvalidObjectState");
  });

  it("asks for an archived object that is to go to standard output, as the AWS CLI does: S3 says no", async () => {
    const bucket = world.bucket();
    world.server.put(bucket, "cold", "x", { storageClass: "GLACIER" });
    const restore = 'ongoing-request="false", expiry-date="Fri, 21 Dec 2040 00:00:00 GMT"';
    world.server.put(bucket, "restored", "x", { storageClass: "GLACIER", restore });
    const cold = await world.run(["cp", `s3://${bucket}/cold`, "-"]);
    expect(cold).toMatchObject({ code: 1, stdout: "" });
    expect(cold.stderr).toMatch(/^download failed: s3:\S+\/cold to - .*InvalidObjectState/);
    expect(await world.run(["cp", `s3://${bucket}/restored`, "-"])).toMatchObject({ code: 0, stdout: "x" });
  });

  it("a key that ends in .. is never joined to a folder", async () => {
    const bucket = world.bucket({ "a/..": "evil" });
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}/a/..`, "sub/"], { cwd: place });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("parent directory");
    expect(filesOf(place)).toEqual({});
  });
});

describe.concurrent("cp PATH s3://b/k", () => {
  it("uploads with the type of its name, to a key, a prefix or a bucket", async () => {
    const bucket = world.bucket();
    const place = world.place({ "page.html": "<p>" });
    const results = [];
    for (const key of ["/as/this", "/into/", "", "/"]) {
      results.push(await world.run(["cp", "page.html", `s3://${bucket}${key}`], { cwd: place }));
    }
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(results[0]!.stdout).toBe(`upload: ./page.html to s3://${bucket}/as/this\n`);
    expect(Object.keys(objectsOf(world, bucket))).toEqual(["as/this", "into/page.html", "page.html"]);
    expect(world.server.object(bucket, "page.html")!.headers["content-type"]).toBe("text/html");
  });

  it("takes standard input", async () => {
    const bucket = world.bucket();
    const result = await world.run(["cp", "-", `s3://${bucket}/piped`, "--expected-size", "5"], {
      input: "piped",
    });
    expect(result).toMatchObject({ code: 0, stdout: "" });
    expect(objectsOf(world, bucket)).toEqual({ piped: "piped" });
  });

  it("gives the object what the options say", async () => {
    const bucket = world.bucket();
    const place = world.place({ f: "x", key: "k".repeat(32) });
    const options = [
      ...["--content-type", "text/x-test", "--cache-control", "max-age=1", "--content-disposition", "inline"],
      ...["--content-encoding", "gzip", "--content-language", "de", "--expires", "2030-01-01T00:00:00Z"],
      ...["--website-redirect", "/elsewhere", "--grants", "read=id=1", "full=id=2"],
      ...["--metadata", "a=1,b=two", "--storage-class", "STANDARD_IA", "--acl", "private"],
      ...["--sse-c", "--sse-c-key", "fileb://key"],
    ];
    const result = await world.run(["cp", "f", `s3://${bucket}/f`, ...options], { cwd: place });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    const object = world.server.object(bucket, "f")!;
    expect(object.headers).toMatchObject({
      "content-type": "text/x-test",
      "cache-control": "max-age=1",
      "content-disposition": "inline",
      "content-encoding": "gzip",
      "content-language": "de",
      expires: "Tue, 01 Jan 2030 00:00:00 GMT",
      "x-amz-website-redirect-location": "/elsewhere",
    });
    expect(object).toMatchObject({
      metadata: { a: "1", b: "two" },
      storageClass: "STANDARD_IA",
      acl: "private",
    });
    expect(object.grants).toEqual({ "x-amz-grant-read": "id=1", "x-amz-grant-full-control": "id=2" });
    expect(object.customerKeyMd5).toBe(createHash("md5").update("k".repeat(32)).digest("base64"));
  });

  it("reads the customer key once: a pipe gives it only once", async () => {
    const bucket = world.bucket();
    const place = world.place({ f: "x" });
    // The key is in the pipe, and its writer gone, before the program starts.
    const script = 'exec 3< <(printf %s "$KEY"); wait $!; exec "$0" "$@"';
    const args = ["cp", "f", `s3://${bucket}/f`, "--sse-c", "--sse-c-key", "fileb:///dev/fd/3"];
    const env = { ...world.server.env, AWS_ENDPOINT_URL: world.server.url, KEY: "k".repeat(32) };
    const node = process.env.FETCH_CREDS_NODE ?? process.execPath;
    const { stdout, stderr } = await promisify(execFile)(
      "bash",
      ["--norc", "-c", script, node, BUILT_FILE, ...args],
      {
        cwd: place,
        env: { PATH: process.env.PATH, ...env },
      },
    );
    expect({ stdout, stderr }).toEqual({ stdout: `upload: ./f to s3://${bucket}/f\n`, stderr: "" });
    const md5 = createHash("md5").update("k".repeat(32)).digest("base64");
    expect(world.server.object(bucket, "f")?.customerKeyMd5).toBe(md5);
  });

  it("--sse aws:kms, --sse-kms-key-id, --checksum-algorithm, --request-payer", async () => {
    const bucket = world.bucket();
    const place = world.place({ f: "x" });
    const options = [
      ...["--sse", "aws:kms", "--sse-kms-key-id", "a-key", "--checksum-algorithm", "SHA256"],
      ...["--request-payer", "requester"],
    ];
    const result = await world.run(["cp", "f", `s3://${bucket}/f`, ...options], { cwd: place });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(world.server.object(bucket, "f")).toMatchObject({
      encryption: {
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": "a-key",
      },
      checksum: { algorithm: "SHA256", value: createHash("sha256").update("x").digest("base64") },
    });
    const [put, ...more] = world.server.requests.filter((request) => request.bucket === bucket);
    expect(put?.headers["x-amz-request-payer"]).toBe("requester");
    expect(more).toEqual([]);
  });

  it("--no-overwrite leaves an object alone: exit 0", async () => {
    const bucket = world.bucket({ k: "old" });
    const place = world.place({ k: "new" });
    const result = await world.run(["cp", "k", `s3://${bucket}/k`, "--no-overwrite"], { cwd: place });
    expect(result).toMatchObject({ code: 0, stdout: "" });
    expect(objectsOf(world, bucket)).toEqual({ k: "old" });
    expect((await world.run(["cp", "k", `s3://${bucket}/k`], { cwd: place })).code).toBe(0);
    expect(objectsOf(world, bucket)).toEqual({ k: "new" });
  });

  it("a path that is not there is 255, a folder without --recursive 1, a fifo a warning", async () => {
    const bucket = world.bucket();
    const place = world.place({ "d/f": "x" });
    execFileSync("mkfifo", [`${place}/fifo`]);
    const at = (name: string) => world.run(["cp", name, `s3://${bucket}/x`], { cwd: place });
    expect(await at("nope")).toMatchObject({
      code: 255,
      stderr: expect.stringContaining("The user-provided path nope does not exist."),
    });
    expect(await at("d")).toMatchObject({ code: 1, stderr: expect.stringContaining("--recursive") });
    expect(await at("fifo")).toMatchObject({ code: 2, stderr: expect.stringContaining("FIFO, or socket") });
  });
});

describe.concurrent("cp s3://b/k s3://b/k", () => {
  it("copies within S3", async () => {
    const bucket = world.bucket({ "d/k.txt": "x" });
    const result = await world.run(["cp", `s3://${bucket}/d/k.txt`, `s3://${bucket}/e/`]);
    expect(result).toMatchObject({
      code: 0,
      stdout: `copy: s3://${bucket}/d/k.txt to s3://${bucket}/e/k.txt\n`,
    });
    expect(objectsOf(world, bucket)).toEqual({ "d/k.txt": "x", "e/k.txt": "x" });
  });
});

// More of them, in this process: test/unit/commands/wrong-command-lines.test.ts.
describe.concurrent("a wrong command line is 252 and names what is wrong", () => {
  it.each([
    [["cp", "a", "b"], "neither side is an S3 URI"],
    [["cp", "a", "s3://b/k", "--part-size", "1"], "--part-size"],
    [["cp", "a", "s3://b/k", "--sse-c", "--sse-c-key", "fileb://nope"], "ENOENT"],
  ])("%j", async (args, words) => {
    const result = await world.run(args);
    expect(result).toMatchObject({ code: 252, stdout: "" });
    expect(result.stderr.split("\n")[0]).toContain(words);
  });
});

it("a file without read permission is skipped with a warning", async ({ skip }) => {
  if (process.getuid?.() !== 0) skip("needs root to become another user");
  const bucket = world.bucket();
  const place = world.place({ secret: "x", open: "y" });
  chmodSync(`${place}/secret`, 0o600);
  for (const path of [world.folder.path, place]) chmodSync(path, 0o755);
  chmodSync(`${place}/open`, 0o644);
  const result = await world.run(["cp", place, `s3://${bucket}/`, "--recursive"], { uid: 65534, gid: 65534 });
  expect(result.code).toBe(2);
  expect(result.stderr).toContain(`warning: Skipping file ${place}/secret. File/Directory is not readable.`);
  expect(objectsOf(world, bucket)).toEqual({ open: "y" });
});
