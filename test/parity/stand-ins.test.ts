import { createHash, createHmac } from "node:crypto";
import { request as requestHttp } from "node:http";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startCredentialEndpoint } from "../support/credential-endpoint/credential-endpoint.js";
import { command } from "../support/docker/command.js";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy/fault-proxy.js";
import { forkyRoot, inRoot } from "../support/forky/root.js";
import { startInstanceMetadata } from "../support/instance-metadata/instance-metadata.js";
import type { KnownKeys } from "../support/key-ring.js";
import { type Radosgw, startRadosgw, trusting } from "../support/radosgw.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";

/** What the library asks for. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface Asked {
  readonly method: string;
  /** With its query, encoded. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Other keys than those that the server knows. */
  readonly keys?: Partial<Keys>;
  /** Milliseconds that the clock is off. */
  readonly clock?: number;
  readonly service?: "s3" | "sts";
}

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Peer extends Keys {
  readonly url: string;
}

/** Sends a request that the SDK's library has signed. */
async function send(
  peer: Peer,
  { method, target, headers = {}, body = "", ...how }: Asked,
): Promise<Answered> {
  const url = new URL(target, peer.url);
  const service = how.service ?? "s3";
  const { accessKeyId, secretAccessKey } = { ...peer, ...how.keys };
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region: "us-east-1",
    service,
    sha256: Sha256 as never,
    uriEscapePath: false,
  });
  const signed = await signer.sign(
    {
      method,
      protocol: "http:",
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: {
        host: url.host,
        "content-length": String(Buffer.byteLength(body)),
        "x-amz-content-sha256": createHash("sha256").update(body).digest("hex"),
        ...headers,
      },
      body,
    },
    { signingDate: new Date(Date.now() + (how.clock ?? 0)) },
  );
  return new Promise((resolve, reject) => {
    const outgoing = requestHttp(url, { method, headers: signed.headers, agent: false }, async (incoming) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const fields = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
      resolve({
        status: incoming.statusCode ?? 0,
        headers: Object.fromEntries(fields),
        body: Buffer.concat(chunks).toString(),
      });
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

/** Headers whose values say something of an object; the others are the server's own. */
const TELLING =
  /^(etag|content-(length|range|type|encoding|language|disposition)|cache-control|expires|last-modified|accept-ranges|x-amz-(meta|checksum|version|storage|mp|tagging-count)-?.*)$/;

/** What the documents of a success say. */
const SAID =
  /<(Key|Size|ETag|IsTruncated|KeyCount|MaxKeys|Prefix|Delimiter|EncodingType|StorageClass|Value|Checksum\w+)>([^<]*)</g;

const unescaped = (text: string) => text.replace(/&(quot|#34|#x22);/g, '"');

const codeOf = (body: string) => /<Code>([^<]*)</.exec(body)?.[1];

interface Gist {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly code: string | undefined;
  readonly said: readonly string[];
  readonly body: string;
}

/** What of a response matters: status, code of the error, headers that tell of an object, the elements of a result. */
function gist({ status, headers, body }: Answered): Gist {
  const isXml = body.startsWith("<");
  const isOfObject = !isXml && status < 400 && headers["last-modified"] !== undefined;
  const telling = Object.entries(headers)
    .filter(([name]) => TELLING.test(name) && (isOfObject || !/^(content-|accept-ranges)/.test(name)))
    .map(([name, value]) => [name, name === "last-modified" ? "a date" : value]);
  const said = [...body.matchAll(SAID)].map(([, name, text = ""]) => `${name} ${unescaped(text)}`);
  return {
    status,
    headers: Object.fromEntries(telling),
    code: codeOf(body),
    said: status < 400 ? said.sort() : [],
    body: isXml ? "" : body,
  };
}

let radosgw: Radosgw;
let stand: S3Server;
let proxy: FaultProxy;
let peers: Readonly<Record<"real" | "standIn" | "throughProxy", Peer>>;
let role: string;
const OWN_ROLE = "arn:aws:iam::123456789012:role/deploy";
/** What stands before a program of the root that has the AWS CLI. */
let root: readonly string[];

beforeAll(async () => {
  radosgw = await startRadosgw();
  root = inRoot(await forkyRoot());
  const access = { Version: "2012-10-17", Statement: [] };
  role = await radosgw.makeRole("deploy", { access });
  await radosgw.makeRole("others", { access, trust: trusting({ AWS: ["arn:aws:iam:::user/other"] }) });
  stand = await startS3Server({
    roles: [
      { arn: OWN_ROLE, trusts: ["arn:aws:iam::123456789012:user/tester"] },
      { arn: OWN_ROLE.replace("deploy", "others"), trusts: [] },
    ],
  });
  proxy = await startFaultProxy(radosgw.url);
  const real = { url: radosgw.url, accessKeyId: radosgw.accessKey, secretAccessKey: radosgw.secretKey };
  const own = {
    accessKeyId: stand.env.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: stand.env.AWS_SECRET_ACCESS_KEY ?? "",
  };
  peers = { real, throughProxy: { ...real, url: proxy.url }, standIn: { url: stand.url, ...own } };
  for (const peer of [peers.real, peers.standIn]) await send(peer, { method: "PUT", target: "/bucket" });
  for (const peer of [peers.real, peers.standIn])
    await send(peer, {
      method: "PUT",
      target: "/bucket/there",
      body: "0123456789",
      headers: { "content-type": "text/x", "cache-control": "no-cache", "x-amz-meta-a": "1" },
    });
});
afterAll(() => Promise.all([radosgw?.close(), stand?.close(), proxy?.close()]));

const md5 = (text: string) => createHash("md5").update(text).digest("base64");
const get = (target: string, headers: Record<string, string> = {}): Asked => ({
  method: "GET",
  target,
  headers,
});
const put = (target: string, body: string, headers: Record<string, string> = {}): Asked => ({
  method: "PUT",
  target,
  body,
  headers,
});

/** With it Ceph looks at the checksum, as every SDK sends it. */
const CRC32 = { "x-amz-sdk-checksum-algorithm": "CRC32" };

const CASES: Readonly<Record<string, Asked>> = {
  "an object": get("/bucket/there"),
  "its head": { method: "HEAD", target: "/bucket/there" },
  "its first bytes": get("/bucket/there", { range: "bytes=0-3" }),
  "its last bytes": get("/bucket/there", { range: "bytes=-3" }),
  "a range that ends behind it": get("/bucket/there", { range: "bytes=8-99" }),
  "a range behind it": get("/bucket/there", { range: "bytes=10-" }),
  "another version of it": get("/bucket/there", { "if-match": '"other"' }),
  "no version that is known": get("/bucket/there", {
    "if-none-match": `"${createHash("md5").update("0123456789").digest("hex")}"`,
  }),
  "no such key": get("/bucket/missing"),
  "no such key's head": { method: "HEAD", target: "/bucket/missing" },
  "no such bucket": get("/nobody/k"),
  "a listing of no such bucket": get("/nobody?list-type=2"),
  "a bucket's head": { method: "HEAD", target: "/bucket" },
  "no such bucket's head": { method: "HEAD", target: "/nobody" },
  "a wrong secret": { ...get("/bucket/there"), keys: { secretAccessKey: "wrong" } },
  "an unknown key id": { ...get("/bucket/there"), keys: { accessKeyId: "AKIAUNKNOWN" } },
  "a clock that is off": { ...get("/bucket/there"), clock: -3_600_000 },
  "an upload": put("/bucket/up", "hello"),
  "an upload under a checksum": put("/bucket/summed", "hello", {
    ...CRC32,
    "x-amz-checksum-crc32": "NhCmhg==",
  }),
  "the object with its checksum": get("/bucket/summed", { "x-amz-checksum-mode": "ENABLED" }),
  "an upload under a wrong checksum": put("/bucket/wrong", "hello", {
    ...CRC32,
    "x-amz-checksum-crc32": "AAAAAA==",
  }),
  "an upload under a wrong MD5": put("/bucket/wrong", "hello", { "content-md5": md5("other") }),
  "an upload under another hash": put("/bucket/wrong", "hello", {
    "x-amz-content-sha256": createHash("sha256").update("other").digest("hex"),
  }),
  "an upload that must be new": put("/bucket/there", "hello", { "if-none-match": "*" }),
  "a copy": put("/bucket/copy", "", { "x-amz-copy-source": "/bucket/there" }),
  "the copy": get("/bucket/copy"),
  "a copy of nothing": put("/bucket/copy-of-nothing", "", { "x-amz-copy-source": "/bucket/missing" }),
  "a copy of another version": put("/bucket/copy-of-another", "", {
    "x-amz-copy-source": "/bucket/there",
    "x-amz-copy-source-if-match": '"other"',
  }),
  "a part of no upload": put("/bucket/up?partNumber=1&uploadId=none", "x"),
  "the end of no upload": { method: "DELETE", target: "/bucket/up?uploadId=none" },
  tags: get("/bucket/there?tagging"),
  "tags of nothing": get("/bucket/missing?tagging"),
  "a page of a listing": get("/bucket?list-type=2&max-keys=2"),
  "a listing below a prefix": get("/bucket?list-type=2&prefix=the&encoding-type=url"),
  "a listing of nothing": get("/bucket?list-type=2&prefix=zzz"),
  "a deletion": { method: "DELETE", target: "/bucket/up" },
  "a deletion of nothing": { method: "DELETE", target: "/bucket/up" },
};

/** Amazon S3 keeps a CRC64NVME of what comes without a checksum, and tells of it (since December 2024). */
const sums =
  (...said: string[]) =>
  (real: Gist): Gist => ({ ...real, said: [...real.said, ...said].sort() });

/** Where the stand-in is Amazon's and Ceph is not: what it has otherwise, and why. */
const DIFFERS: Readonly<Record<string, (real: Gist) => Gist>> = {
  // Ceph looks up keys at its STS as well, whose refusal has no code of its own.
  "a wrong secret": (real) => ({ ...real, code: "SignatureDoesNotMatch" }),
  "an unknown key id": (real) => ({ ...real, code: "InvalidAccessKeyId" }),
  "an upload": (real) => ({
    ...real,
    headers: {
      ...real.headers,
      "x-amz-checksum-crc64nvme": "M3eFcAZSQlc=",
      "x-amz-checksum-type": "FULL_OBJECT",
    },
  }),
  "a copy": sums("ChecksumCRC64NVME Ffmx7kz9nB0=", "ChecksumType FULL_OBJECT"),
  "a page of a listing": sums(
    "ChecksumAlgorithm CRC64NVME",
    "ChecksumAlgorithm CRC32",
    "ChecksumType FULL_OBJECT",
    "ChecksumType FULL_OBJECT",
  ),
  "a listing below a prefix": sums("ChecksumAlgorithm CRC64NVME", "ChecksumType FULL_OBJECT"),
};

const throughProxy = (asked: Asked) => send(peers.throughProxy, asked);

describe.each(Object.keys(CASES))("%s", (name) => {
  const asked = CASES[name] as Asked;

  it("is answered by the stand-in as by Ceph's gateway", async () => {
    const real = gist(await send(peers.real, asked));
    const expected = DIFFERS[name]?.(real) ?? real;
    expect(gist(await send(peers.standIn, asked))).toEqual(expected);
    if (name in DIFFERS) expect(expected, "still differs").not.toEqual(real);
  });

  it("comes through the fault proxy as it is", async () => {
    expect(gist(await throughProxy(asked))).toEqual(gist(await send(peers.real, asked)));
  });
});

const assume = (arn: string, more: Readonly<Record<string, string>> = {}) =>
  new URLSearchParams({
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: arn,
    RoleSessionName: "session",
    ...more,
  }).toString();

const STS_CASES: Readonly<Record<string, (role: string) => Partial<Asked>>> = {
  "a role": (role) => ({ body: assume(role) }),
  "a role for a duration": (role) => ({ body: assume(role, { DurationSeconds: "900" }) }),
  "a role for too short a duration": (role) => ({ body: assume(role, { DurationSeconds: "899" }) }),
  "a role for longer than it may be had": (role) => ({ body: assume(role, { DurationSeconds: "43200" }) }),
  "no such role": (role) => ({ body: assume(`${role}-not`) }),
  "a role that trusts others": (role) => ({ body: assume(role.replace("deploy", "others")) }),
  "with a wrong secret": (role) => ({ body: assume(role), keys: { secretAccessKey: "wrong" } }),
  "with an unknown key id": (role) => ({ body: assume(role), keys: { accessKeyId: "AKIAUNKNOWN" } }),
};

const GIVEN = ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "Arn", "RequestId"];

/** AWS's own codes, which Ceph has not (Common errors, AWS STS API Reference). */
const STS_DIFFERS: Readonly<Record<string, object>> = {
  // Ceph's success has no ResponseMetadata.
  "a role": { given: GIVEN },
  "a role for a duration": { given: GIVEN },
  "a role for too short a duration": { code: "ValidationError" },
  "a role for longer than it may be had": { code: "ValidationError" },
  "no such role": { status: 403, code: "AccessDenied" },
  "with a wrong secret": { code: "SignatureDoesNotMatch" },
  "with an unknown key id": { code: "InvalidClientTokenId" },
};

describe.each(Object.keys(STS_CASES))("STS: %s", (name) => {
  it("is answered by the stand-in as by Ceph's", async () => {
    const ask = (peer: Peer, role: string) =>
      send(peer, {
        method: "POST",
        target: "/",
        service: "sts",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        ...STS_CASES[name]?.(role),
      });
    const shown = ({ status, body }: Answered) => ({
      status,
      code: codeOf(body),
      given: GIVEN.filter((element) => new RegExp(`<${element}>[^<]+</${element}>`).test(body)),
      isDated: /<Expiration>\d{4}-\d\d-\d\dT[\d:.]+Z</.test(body),
    });
    const real = shown(await ask(peers.real, role));
    const expected = { ...real, ...STS_DIFFERS[name] };
    expect(shown(await ask(peers.standIn, OWN_ROLE))).toEqual(expected);
    if (name in STS_DIFFERS) expect(expected, "still differs").not.toEqual(real);
  });
});

/** What the AWS CLI takes from a source of credentials; undefined where it finds none there. */
async function exported(env: Readonly<Record<string, string>>): Promise<unknown> {
  const variables = Object.entries({
    PATH: "/usr/bin:/bin",
    HOME: "/nonexistent",
    AWS_MAX_ATTEMPTS: "1",
    ...env,
  });
  const settings = variables.map(([name, value]) => `${name}=${value}`);
  const line = [
    ...root,
    "/usr/bin/env",
    "-i",
    ...settings,
    "/usr/bin/aws",
    "configure",
    "export-credentials",
  ];
  const [program = "", ...args] = line;
  const { code, stdout } = await command(program, args);
  return code === 0 ? JSON.parse(stdout) : undefined;
}

const asProcess = (keys: KnownKeys | undefined) => ({
  Version: 1,
  AccessKeyId: keys?.accessKeyId,
  SecretAccessKey: keys?.secretAccessKey,
  SessionToken: keys?.sessionToken,
  Expiration: `${new Date(keys?.expiresAt ?? 0).toISOString().slice(0, 19)}+00:00`,
});

describe("AWS CLI 2.36 reads as what it is", () => {
  it("the credential endpoint, with a token", async () => {
    const endpoint = await startCredentialEndpoint({ token: "secret-token" });
    onTestFinished(() => endpoint.close());
    // It would look at the real address of an instance.
    const off = { AWS_EC2_METADATA_DISABLED: "true" };
    const env = { ...off, AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri };
    const given = await exported({ ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN: "secret-token" });
    expect(given).toEqual(asProcess(endpoint.issued.at(-1)));
    expect(endpoint.issued).toHaveLength(1);
    expect(await exported({ ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN: "another" })).toBeUndefined();
    expect(
      await exported({ ...env, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint.uri}0` }),
    ).toBeUndefined();
    expect(endpoint.issued).toHaveLength(1);
  });

  it("the instance metadata service", async () => {
    const instance = await startInstanceMetadata();
    onTestFinished(() => instance.close());
    const given = await exported({ AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url });
    expect(given).toEqual(asProcess(instance.issued.at(-1)));
    expect(instance.lines()).toEqual([
      "PUT /latest/api/token",
      "GET /latest/meta-data/iam/security-credentials/",
      "GET /latest/meta-data/iam/security-credentials/build-runner",
    ]);
  });

  it.each([
    ["that is turned off", { isOff: true }],
    ["without a role", { role: null }],
  ])("an instance metadata service %s", async (_which, options) => {
    const instance = await startInstanceMetadata(options);
    onTestFinished(() => instance.close());
    expect(await exported({ AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url })).toBeUndefined();
    expect(instance.requests.length).toBeGreaterThan(0);
  });
});
