import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readAuthorizationToken } from "../../../src/credentials/authorization-token.js";

const folder = mkdtempSync(join(tmpdir(), "token-"));
const file = join(folder, "token");
afterAll(() => rmSync(folder, { recursive: true }));

const withFile = (content: string) => {
  writeFileSync(file, content);
  return readAuthorizationToken({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file }, "/proc/nowhere");
};
const withVariable = (value: string) =>
  readAuthorizationToken({ AWS_CONTAINER_AUTHORIZATION_TOKEN: value }, "/proc/nowhere");

describe("the authorization token", () => {
  it.each(["token", "token\n", "token\r\n"])("%j", (content) => {
    expect(withFile(content)).toBe("token");
    expect(withVariable(content)).toBe("token");
  });

  it.each(["a\nb", "a\tb", "a\n\n", "é", "\u007f", "a\u0000"])("%j is refused", (content) => {
    expect(() => withFile(content)).toThrow(
      expect.objectContaining({ id: "token-malformed", exitCode: 253 }),
    );
    expect(() => withVariable(content)).toThrow(expect.objectContaining({ id: "token-malformed" }));
  });

  it.each(["", "\n"])("the file %j is final", (content) => {
    expect(() => withFile(content)).toThrow(expect.objectContaining({ id: "token-file", exitCode: 253 }));
  });

  it("a directory or a missing file is final, whatever the variable says", () => {
    mkdirSync(join(folder, "directory"));
    for (const name of ["directory", "missing"]) {
      const env = {
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, name),
        AWS_CONTAINER_AUTHORIZATION_TOKEN: "token",
      };
      expect(() => readAuthorizationToken(env, "/proc/nowhere")).toThrow(
        expect.objectContaining({ id: "token-file" }),
      );
    }
  });

  it("is read from its secret when no variable names one", () => {
    writeFileSync(join(folder, "AWS_CONTAINER_AUTHORIZATION_TOKEN"), "secret-token\n");
    expect(readAuthorizationToken({}, folder)).toBe("secret-token");
    expect(readAuthorizationToken({ AWS_CONTAINER_AUTHORIZATION_TOKEN: "v" }, folder)).toBe("v");
    expect(readAuthorizationToken({}, "/proc/nowhere")).toBeUndefined();
  });
});
