import { describe, expect, it } from "vitest";
import { anyFailure } from "../../../src/output/any-failure.js";
import {
  checkQuestions,
  checkRun,
  checkServerError,
  checkTranslations,
} from "../../support/error-translations.js";
import { THROWN } from "../../support/thrown-values.js";

describe("what is thrown outside of our code", () => {
  it.each(THROWN)("is said in one line: %s", async (_what, thrown) => {
    await checkTranslations(thrown);
    checkQuestions(thrown);
    await checkRun(thrown);
  });

  it.each(["constructor", "__proto__", "toString", "", " ", "2".repeat(300), "&#10;", "&#x1b;[31m"])(
    "is S3's error, whatever its code: %j",
    async (code) => {
      for (const status of [200, 301, 400, 403, 404, 412, 500, 503, 599])
        await checkServerError(status, code, "words");
    },
  );

  const of = (code: string, syscall: string) =>
    Object.assign(new Error(`${code}: words, ${syscall}`), { code, syscall });

  it.each([
    ["EIO", "read", "system-refused"],
    ["ENOENT", "uv_cwd", "working-folder-gone"],
  ])("is no bug of ours when it is the system's: %s of %s", (code, syscall, id) => {
    expect(anyFailure(of(code, syscall))).toMatchObject({ id, exitCode: 255 });
  });

  it("is no bug of ours when there is no memory", () => {
    const failure = anyFailure(new RangeError("Array buffer allocation failed"));
    expect(failure).toMatchObject({ id: "out-of-memory", exitCode: 255 });
  });

  it.each([new TypeError("x is not a function"), "a text", undefined, of("constructor", "open")])(
    "is a bug of ours when nobody else can have thrown it: %s",
    (thrown) => {
      expect(anyFailure(thrown)).toMatchObject({ id: "internal-error", exitCode: 255 });
    },
  );
});
