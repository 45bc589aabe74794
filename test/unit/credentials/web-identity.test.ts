import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { Sts } from "../../../src/credentials/sts.js";
import { webIdentitySource } from "../../../src/credentials/web-identity.js";
import { concealed } from "../../../src/output/concealed.js";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { testContext } from "../../support/test-context.js";

const ROLE = "arn:aws:iam::210987654321:role/deploy";
const folder = temporaryFolder();
afterAll(() => folder.remove());

function source(tokenFile: string, sessionName?: string) {
  const asked: { token: string; role: unknown; tokenFile: string }[] = [];
  const sts: Sts = {
    assumeRole: () => Promise.reject(new Error("not asked for")),
    assumeRoleWithWebIdentity: async (token, role, file) => {
      asked.push({ token, role, tokenFile: file });
      return {
        arn: "x",
        credentials: { accessKeyId: `ASIA${asked.length}`, secretAccessKey: "s", sessionToken: "t" },
      };
    },
  };
  const context = testContext({ CODEBUILD_BUILD_ID: "p:0a1b" });
  const given = {
    tokenFile,
    roleArn: ROLE,
    sessionName,
    name: "AWS_WEB_IDENTITY_TOKEN_FILE",
    place: "environment",
  } as const;
  return { source: webIdentitySource(given, async () => sts, context), asked, context };
}

function file(name: string, text: string | Buffer): string {
  writeFileSync(folder.at(name), text);
  return folder.at(name);
}

describe("a web identity", () => {
  it("reads its token anew each time", async () => {
    const path = file("rotated", "eyJh.first-token.sig");
    const { source: given, asked } = source(path);
    await given.fetch();
    writeFileSync(path, "eyJh.other-token.sig\n");
    expect((await given.fetch()).credentials.accessKeyId).toBe("ASIA2");
    expect(asked.map(({ token }) => token)).toEqual(["eyJh.first-token.sig", "eyJh.other-token.sig"]);
    expect(asked[0]).toMatchObject({
      tokenFile: path,
      role: { roleArn: ROLE, sessionName: "fetch-creds-0a1b", from: "AWS_WEB_IDENTITY_TOKEN_FILE" },
    });
  });

  it("is described by what names it, and conceals its token", async () => {
    const path = file("told", "eyJhead.payload-of-token.signature-of-token");
    const { source: given, context } = source(path);
    expect(given.description).toEqual({
      kind: "web-identity",
      name: "AWS_WEB_IDENTITY_TOKEN_FILE",
      place: "environment",
      path,
      roleArn: ROLE,
    });
    await given.fetch();
    expect(context.steps).toEqual([`assuming ${ROLE} as fetch-creds-0a1b with the token in ${path}`]);
    expect(
      concealed("x eyJhead.payload-of-token.signature-of-token y signature-of-token z payload-of-token"),
    ).toBe("x *** y *** z ***");
  });

  it.each(["eyJhbGciOi.eyJpc3MiOi.signature", "a".repeat(60), `abc${".def-".repeat(20)}`])(
    "does not show a token in the place of its file's path",
    async (token) => {
      const { source: given, asked } = source(token);
      await expect(given.fetch()).rejects.toMatchObject({
        id: "web-identity-file",
        message:
          "cannot use the web identity token file ***: it is a token, not the path of its file; nothing was sent",
      });
      expect(JSON.stringify(given.description)).not.toContain(token);
      expect(concealed(`x ${token} y`)).toBe("x *** y");
      expect(asked).toEqual([]);
    },
  );

  it("does not show the parts of such a token either", async () => {
    const token = `${"h".repeat(40)}.second-part-of-it.third-part-of-it`;
    await expect(source(token).source.fetch()).rejects.toMatchObject({ id: "web-identity-file" });
    expect(concealed("x second-part-of-it y third-part-of-it")).toBe("x *** y ***");
  });

  it.each([`builds/MyGroup/my-project-2024/${"deep/".repeat(10)}`, "two\nlines/"])(
    "takes a file that is there, whatever its path looks like: %j",
    async (below) => {
      mkdirSync(folder.at(below), { recursive: true });
      const path = file(`${below}token`, "a-token-of-a-long-path");
      const { source: given, asked } = source(path);
      expect(given.description.path).toBe(path);
      await given.fetch();
      expect(asked[0]).toMatchObject({ token: "a-token-of-a-long-path", tokenFile: path });
    },
  );

  it.each([`/${"n".repeat(60)}`, "n".repeat(59)])("shows the path of a file: %s", async (path) => {
    await expect(source(path).source.fetch()).rejects.toMatchObject({
      message: `cannot use the web identity token file ${path}: no such file; nothing was sent`,
    });
  });

  it.each([
    ["my name", "my-name"],
    ["", "fetch-creds-0a1b"],
    [undefined, "fetch-creds-0a1b"],
  ])("names the session %j: %s", async (name, expected) => {
    const { source: given, asked } = source(file("named", "token"), name);
    await given.fetch();
    expect(asked[0]?.role).toMatchObject({ sessionName: expected });
  });

  it.each([
    ["\n", "it is empty"],
    ["", "it is empty"],
    ['{"value":"eyJh.x.y"}', "it holds JSON, not the token alone"],
    ['"eyJh.x.y"', "it begins with a quote"],
    ["one two", "it holds more than one line of a token"],
    ['"a{b"', "it begins with a quote"],
    ['a"b{', "it holds more than one line of a token"],
    ["eyJh.x.y\neyJh.x.y", "it holds more than one line of a token"],
    ["<html>", "it holds more than one line of a token"],
    ["tök.en", "it holds more than one line of a token"],
    ["x".repeat(20 * 1024 + 1), "it is larger than 20 KiB"],
  ])("is refused before anything is sent: %j", async (text, why) => {
    const path = file("refused", text);
    const { source: given, asked } = source(path);
    await expect(given.fetch()).rejects.toMatchObject({
      id: "web-identity-file",
      exitCode: 253,
      message: `cannot use the web identity token file ${path}: ${why}; nothing was sent`,
    });
    expect(asked).toEqual([]);
  });

  it("may have the longest token", async () => {
    const { source: given, asked } = source(file("longest", "x".repeat(20 * 1024)));
    await given.fetch();
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["absent", "no such file"],
    ["folder", "it is a directory"],
  ])("an %s file is refused", async (name, why) => {
    mkdirSync(folder.at("folder"), { recursive: true });
    await expect(source(folder.at(name)).source.fetch()).rejects.toMatchObject({
      id: "web-identity-file",
      message: expect.stringContaining(`: ${why}; nothing was sent`),
    });
  });

  it("a device is refused", async () => {
    await expect(source("/dev/null").source.fetch()).rejects.toMatchObject({
      id: "web-identity-file",
      message: expect.stringContaining("it is not a regular file"),
    });
  });
});
