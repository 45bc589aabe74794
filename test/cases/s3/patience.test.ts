import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { stagesOf, startBreakingServer, WAYS } from "../../support/breaking-server.js";
import { CERTIFICATE_FILE } from "../../support/certificate/certificate.js";
import { type Script, startRawEndpoint } from "../../support/raw-endpoint/raw-endpoint.js";
import { responseText } from "../../support/raw-endpoint/scripts.js";
import { runBuilt } from "../../support/run-built.js";
import { unansweredPort } from "../../support/unresponseed-port.js";

const KEYS = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };

const ETAG = "d41d8cd98f00b204e9800998ecf8427e";
const LISTING =
  "<ListBucketResult><Name>b</Name><Prefix/><KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><Contents><Key>k</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>0</Size></Contents></ListBucketResult>";

/** A server that answers HEAD at once, and all else in pieces, each after a pause in milliseconds. */
async function pausingServer(pauseMs: number, ...pieces: readonly string[]) {
  const seen: string[] = [];
  const script: Script = (socket, { head }) => {
    if (head.startsWith("HEAD"))
      return void socket.end(responseText(200, { "Content-Length": "1", ETag: `"${ETAG}"` }, ""));
    seen.push(head);
    let written = 0;
    const timer = setInterval(() => {
      socket.write(pieces[written++] ?? "");
      if (written === pieces.length) clearInterval(timer);
    }, pauseMs);
    socket.on("close", () => clearInterval(timer));
  };
  const server = await startRawEndpoint("127.0.0.1", 0, () => script);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = (args: readonly string[]) =>
    runBuilt(args, { env: { ...KEYS, AWS_ENDPOINT_URL: url }, input: "x" });
  return { seen, run, [Symbol.dispose]: () => void server.close() };
}

describe.concurrent("a server that is slow, and never silent for the time that is allowed", () => {
  it("has the limit for each silence: before its response, and within it", async () => {
    const head = responseText(200, { "Content-Length": String(LISTING.length) }, "");
    const half = LISTING.length / 2;
    using server = await pausingServer(3000, head, LISTING.slice(0, half), LISTING.slice(half));
    const result = await server.run(["ls", "s3://b", "--cli-read-timeout", "8"]);
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining(" k\n") });
    expect(server.seen).toHaveLength(1);
  });

  it("is waited for without a limit by --cli-read-timeout 0", async () => {
    using server = await pausingServer(
      1000,
      responseText(200, { "Content-Length": String(LISTING.length) }, LISTING),
    );
    const result = await server.run(["ls", "s3://b", "--cli-read-timeout", "0"]);
    expect(result).toMatchObject({ code: 0 });
    expect(server.seen).toHaveLength(1);
  });
});

describe.concurrent("a server that copies before it answers", () => {
  const COPIED = `<CopyObjectResult><ETag>"${ETAG}"</ETag></CopyObjectResult>`;
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  const head = responseText(200, { "Transfer-Encoding": "chunked" }, "");

  it("has twice the limit for each silence, also between bytes of white space", async () => {
    using server = await pausingServer(6000, head + chunk(" "), chunk(COPIED) + chunk(""));
    const result = await server.run([
      "cp",
      "s3://b/k",
      "s3://b/l",
      "--cli-read-timeout",
      "5",
      "--no-progress",
    ]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(server.seen).toHaveLength(1);
  });

  const SILENT = ["cp", "s3://b/k", "s3://b/l", "--cli-read-timeout", "1"];

  it("is given up when it is silent for longer, and its copy is no file of the progress", async () => {
    using server = await pausingServer(100_000, head);
    const { code, stderr } = await server.run(SILENT);
    expect(stderr).toMatch(/^copy failed: \S+ to \S+ No response when calling the CopyObject operation: /m);
    expect(stderr).toContain("--cli-read-timeout sets how long to wait");
    expect(code).toBe(1);
    expect(stderr).toContain("0 Bytes of 1 Byte, 0 of 1 file, 1 failed, 0 Bytes/s\n");
    expect(stderr).not.toContain("1 of 1 file");
  });

  it("has its failure in the events of the progress", async () => {
    using server = await pausingServer(100_000, head);
    const { stdout } = await server.run([...SILENT, "--json"]);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const [progress] = events.filter(({ event }) => event === "progress").slice(-1);
    expect(progress).toMatchObject({ files: 0, failed: 1, expectedFiles: 1 });
    expect(events.at(-1)).toEqual({ event: "summary", done: 0, failed: 1, skipped: 0, warnings: 0 });
  });
});

describe.concurrent("an upload that is not answered", () => {
  it.each([
    { more: [], tries: 5, says: /fell silent for 1 s \(5 tries\)\n/ },
    {
      more: ["--no-overwrite"],
      tries: 1,
      says: /fell silent for 1 s\n.* The request may have succeeded all the same: check\.\n/,
    },
  ])("goes again only where that is safe: $more", async ({ more, tries, says }) => {
    using server = await pausingServer(100_000);
    const { code, stderr } = await server.run(["cp", "-", "s3://b/k", ...more, "--cli-read-timeout", "1"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(says) });
    expect(server.seen).toHaveLength(tries);
  });
});

describe.concurrent("a connect that is never answered", () => {
  it.each([
    { line: "ls s3://b/", code: 255 },
    { line: "cp s3://b/k -", code: 1 },
    { line: "cp - s3://b/k", code: 1 },
    { line: "cp s3://b/k s3://b/l", code: 1 },
    { line: "ls s3://b/", code: 255, proxy: true },
  ])("is named with its host, seconds, tries and option: $line, proxy: $proxy", async (each) => {
    const nobody = await unansweredPort();
    const place = `127.0.0.1:${nobody.port}`;
    const env = each.proxy
      ? { AWS_ENDPOINT_URL: "http://s3.example", HTTP_PROXY: `http://${place}` }
      : { AWS_ENDPOINT_URL: `http://${place}` };
    const args = [...each.line.split(" "), "--cli-connect-timeout", "1"];
    const { code, stderr } = await runBuilt(args, { env: { ...KEYS, ...env }, input: "x" });
    await nobody.close();
    const whom = each.proxy ? `the proxy ${place}` : place;
    expect(stderr).toContain(
      `no response within 1 s while waiting for the connection to ${whom} (5 tries)\n`,
    );
    expect(stderr).toContain("--cli-connect-timeout sets how long to wait");
    expect(stderr).not.toMatch(/fell silent|cli-read-timeout/);
    expect(code).toBe(each.code);
  });
});

/** What of a connection comes before the request: with a limit of its own, and by a proxy each step has its name. */
const CONNECTING = new Set(["TLS with the proxy", "CONNECT", "TLS"]);

const SILENT_STAGES = WAYS.flatMap((way) => stagesOf(way).map((stage) => ({ way, stage })));

describe.concurrent("a server or proxy that is silent", () => {
  it.each(SILENT_STAGES)("is named by what is waited for: $way, $stage", async ({ way, stage }) => {
    const server = await startBreakingServer(way, stage, "is silent");
    const place = new URL(server.url).host;
    // Taken, and then silent: at TLS, or at CONNECT, where there is one.
    const isConnecting = CONNECTING.has(stage) || (stage === "TCP" && way.startsWith("https"));
    // What is not waited for must not be taken for silence on a busy machine.
    const [connect, read] = isConnecting ? ["1", "60"] : ["60", "1"];
    const limits = ["--cli-connect-timeout", connect, "--cli-read-timeout", read];
    const { code, stderr } = await runBuilt(["cp", "-", "s3://b/k", ...limits], {
      env: { ...KEYS, ...server.env, AWS_CA_BUNDLE: CERTIFICATE_FILE, AWS_ENDPOINT_URL: server.url },
      input: "x",
    });
    await server.close();
    const waitedFor =
      /^No response when calling the PutObject operation: no response within 1 s while waiting for .*/;
    const [, line = ""] = /^upload failed: - to \S+ (.*)$/m.exec(stderr) ?? [];
    expect(line).toMatch(isConnecting ? waitedFor : /: the server fell silent for 1 s \(5 tries\)$/);
    if (isConnecting)
      expect(line.endsWith(`${place} (5 tries)`) || line.includes(`${place} to CONNECT (5 tries)`)).toBe(
        true,
      );
    expect(stderr).toContain(`--cli-${isConnecting ? "connect" : "read"}-timeout sets how long to wait`);
    expect(stderr.includes("fell silent")).toBe(!isConnecting);
    expect(code).toBe(1);
    expect(server.connections()).toBe(5);
  });
});
