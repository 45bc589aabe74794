import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Invocation } from "../../../../src/cli/invocation.js";
import { metadataOption } from "../../../../src/commands/options/metadata.js";
import { connectionOf, storeOptions } from "../../../../src/commands/options/store-options.js";
import { parseSize } from "../../../../src/commands/options/values.js";
import {
  copyParameters,
  readParameters,
  writeParameters,
} from "../../../../src/commands/options/write-parameters.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";
import { testContext } from "../../../support/test-context.js";

function given(options: Readonly<Record<string, string | true>>): Invocation {
  const all = Object.entries(options).map(([name, value]) => (value === true ? { name } : { name, value }));
  return new Invocation("cp", all, []);
}

describe("parseSize", () => {
  it.each([
    ["5", 5],
    ["16MB", 16 * 1024 ** 2],
    ["16mib", 16 * 1024 ** 2],
    ["64 MiB", 64 * 1024 ** 2],
    ["1G", 1024 ** 3],
    ["7b", 7],
    ["x", undefined],
    ["-1", undefined],
    ["1.5MB", undefined],
    ["99999999TB", undefined],
  ])("%j: %s", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });
});

describe("metadataOption", () => {
  const of = (metadata: string) => metadataOption(given({ metadata }));
  it.each([
    ["a=1", { a: "1" }],
    ["a=1,b=2", { a: "1", b: "2" }],
    ["a=,b=x=y", { a: "", b: "x=y" }],
    ["a=\"1,2\",b='3,4'", { a: "1,2", b: "3,4" }],
    ["a=1\\,2", { a: "1,2" }],
    ["a=it's,b=x\"y", { a: "it's", b: 'x"y' }],
    ["{}", {}],
    ['{"a": "1", "b": "zwei"}', { a: "1", b: "zwei" }],
  ])("%s", (text, map) => {
    expect(of(text)).toEqual(map);
  });

  it.each([
    "",
    " ",
    "a=1,a=2",
    "a={b=1}",
    "a=[1]",
    'a="b',
    "a='b",
    'a="b"c',
    "a",
    "a=1,",
    "=1",
    "a b=1",
    "{",
    "[]",
    '{"a": 1}',
    '{"a\\n": "1"}',
  ])("refuses %j", (text) => {
    expect(() => of(text)).toThrow(expect.objectContaining({ exitCode: 252 }));
  });

  it.each(["a=\u00fc", '{"a":"\u010d\u010a"}', '{"a":"\\ud800"}', "a=1\u2028b"])(
    "is ASCII, not %j",
    (text) => {
      expect(() => of(text)).toThrow(
        expect.objectContaining({
          id: "metadata-not-ascii",
          exitCode: 252,
          message: expect.stringContaining("of 'a'"),
        }),
      );
    },
  );

  it("takes a value from a file", () => {
    using folder = temporaryFolder();
    writeFileSync(folder.at("value"), "from, a file\n");
    writeFileSync(folder.at("lines"), "one\ntwo\n");
    const file = (name: string) => `file://${folder.at(name)}`;
    expect(of(`a@=${file("value")},b=1`)).toEqual({ a: "from, a file", b: "1" });
    expect(of(`a@="${file("value")}"`)).toEqual({ a: "from, a file" });
    expect(of("a@=plain")).toEqual({ a: "plain" });
    expect(of(`a=${file("value")}`)).toEqual({ a: file("value") });
    for (const wrong of [`a@=${file("lines")}`, `a@=${file("nothing")}`, `a=1,a@=${file("value")}`])
      expect(() => of(wrong)).toThrow(expect.objectContaining({ exitCode: 252 }));
  });

  it("lets nothing end a header", () => {
    expect(() => of("a=1\r\nx-evil: 1")).toThrow(expect.objectContaining({ exitCode: 252 }));
  });
});

describe("parameters", () => {
  it("writes what is given and nothing else", () => {
    expect(writeParameters(given({}))).toEqual({});
    expect(
      writeParameters(
        given({ acl: "private", sse: "aws:kms", "sse-kms-key-id": "id", expires: "2030-01-01" }),
      ),
    ).toEqual({
      acl: "private",
      serverSideEncryption: "aws:kms",
      kmsKeyId: "id",
      expires: "Tue, 01 Jan 2030 00:00:00 GMT",
    });
    expect(writeParameters(given({ grants: "read=uri=http://x full=id=1" })).grants).toEqual([
      { permission: "read", grantee: "uri=http://x" },
      { permission: "full", grantee: "id=1" },
    ]);
    expect(copyParameters(given({ "metadata-directive": "COPY" }), {})).toEqual({
      copyProps: "default",
      metadataDirective: "COPY",
    });
    expect(readParameters(given({ "checksum-mode": "ENABLED" }), {})).toEqual({ checksumMode: "ENABLED" });
    expect(connectionOf(given({ "request-payer": "requester" }), testContext())).toMatchObject({
      requestPayer: "requester",
    });
  });

  it.each([
    [["arn:aws-cn:iam::1:role/x"], {}, "cn-northwest-1"],
    [[undefined, "arn:aws-us-gov:sts::1:assumed-role/x/y"], {}, "us-gov-west-1"],
    [["arn:aws-iso-b:iam::1:role/x"], {}, "us-isob-east-1"],
    [["arn:aws-eusc:iam::1:role/x"], {}, "eusc-de-east-1"],
    [[undefined], { "expect-role": "arn:aws-cn:iam::*:role/x" }, "cn-northwest-1"],
    [["arn:aws:iam::1:role/x"], {}, "us-east-1"],
    [[], { "expect-role": "arn:*:role/x" }, "us-east-1"],
    [["arn:aws-cn:iam::1:role/x"], { region: "eu-west-1" }, "eu-west-1"],
    [["arn:aws-cn:iam::1:role/x"], { region: "aws-global" }, "cn-northwest-1"],
  ] as const)("starts in the partition of %j, without a region: %j", (arns, flags, region) => {
    expect(storeOptions(connectionOf(given(flags), testContext()), undefined, arns).region).toBe(region);
  });

  it("finds the server", () => {
    const options = (flags: Readonly<Record<string, string | true>>, env = {}) =>
      storeOptions(connectionOf(given(flags), testContext(env)));
    expect(options({})).toMatchObject({
      region: "us-east-1",
      endpointUrl: undefined,
      verifySsl: true,
      dualStack: false,
    });
    const env = {
      AWS_ENDPOINT_URL: "http://all",
      AWS_ENDPOINT_URL_S3: "http://s3",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_CA_BUNDLE: "ca.pem",
      AWS_USE_FIPS_ENDPOINT: "true",
      AWS_USE_DUALSTACK_ENDPOINT: "TRUE",
    };
    expect(options({}, env)).toMatchObject({
      endpointUrl: "http://s3",
      region: "eu-west-1",
      caBundle: "ca.pem",
      fips: true,
      dualStack: true,
    });
    expect(options({}, { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }).endpointUrl).toBeUndefined();
    expect(
      options({ "endpoint-url": "http://mine", region: "x", "cli-read-timeout": "0" }, env),
    ).toMatchObject({
      endpointUrl: "http://mine",
      region: "x",
      readTimeoutMs: 0,
    });
    expect(() => options({ "endpoint-url": "nonsense" })).toThrow(expect.objectContaining({ exitCode: 252 }));
    expect(() => options({ concurrency: "0" })).toThrow(expect.objectContaining({ exitCode: 252 }));
  });
});
