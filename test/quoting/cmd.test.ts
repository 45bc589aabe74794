import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { windowsCmd } from "../../src/formats/shells.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const printable = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));
const value = fc
  .array(fc.oneof(printable, fc.constantFrom("%", "^", "&", '"', "%PATH%", "%%", "^^", '"&')), {
    minLength: 1,
    maxLength: 30,
  })
  .map((parts) => parts.join(""));

const onWindows = process.platform === "win32";

it.skipIf(!onWindows)(`cmd.exe sees what we had${onWindows ? "" : " (skipped: no cmd.exe here)"}`, () => {
  const values = fc.sample(value, 2000);
  const lines = values.flatMap((sessionToken) => [
    windowsCmd.write(
      { accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken },
      { region: undefined, section: "default" },
    ),
    "set AWS_SESSION_TOKEN\n",
  ]);
  const file = folder.at("script.cmd");
  writeFileSync(file, `@echo off\n${lines.join("")}`.replaceAll("\n", "\r\n"));
  const { stdout } = spawnSync("cmd.exe", ["/d", "/c", file], { maxBuffer: 1 << 28 });
  const seen = stdout.toString().split("\r\n").slice(0, -1);
  expect(seen).toEqual(values.map((each) => `AWS_SESSION_TOKEN=${each}`));
});
