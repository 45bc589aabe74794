import { expect, it } from "vitest";
import { headerBytes } from "../../../../src/http/header-bytes.js";
import { withSourceProperties } from "../../../../src/s3/copies/copied-properties.js";
import { writeHeaders } from "../../../../src/s3/objects/write-headers.js";

it("a copy in parts sends the source's headers as the bytes that they were", () => {
  const headers = {
    "content-type": "text/plain",
    "cache-control": Buffer.from("č").toString("latin1"),
    expires: "0",
    "x-amz-meta-latin1": "caf\xe9",
    "x-amz-meta-utf8": Buffer.from("日本").toString("latin1"),
    "x-amz-meta-word": "=?UTF-8?B?w7w=?=",
    "x-amz-meta-percent": "%C3%BC",
  };
  const parameters = withSourceProperties({ copyProps: "default" }, { size: 1, headers });
  const sent = Object.entries(writeHeaders(parameters)).map(([name, text]) => [
    name,
    headerBytes(name, text),
  ]);
  expect(Object.fromEntries(sent)).toEqual(headers);
});
