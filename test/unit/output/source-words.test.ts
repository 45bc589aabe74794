import { expect, it } from "vitest";
import type { SourceDescription } from "../../../src/credentials/credentials.js";
import { sourceWords } from "../../../src/output/source-words.js";

const container = {
  kind: "container",
  name: "URI",
  place: "environment",
  address: "http://h/x",
} satisfies SourceDescription;

it.each([
  [container, "URI (environment variable), http://h/x"],
  [{ ...container, address: undefined }, "URI (environment variable)"],
  [{ ...container, name: "--endpoint", place: "option" }, "--endpoint, http://h/x"],
  [{ kind: "credentials-file", name: "/p", place: "file", path: "/p" }, "/p"],
  [
    { kind: "assumed-role", name: "--role-arn", place: "option", roleArn: "arn:r", base: container },
    "arn:r, by --role-arn, assumed with the keys of URI (environment variable), http://h/x",
  ],
])("a source is named with where it stands: %j", (source, words) => {
  expect(sourceWords(source as SourceDescription)).toBe(words);
});
