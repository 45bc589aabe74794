import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OBJECTS } from "../../../src/http/reading-rules.js";
import { ResponseReader } from "../../../src/http/response-reader.js";
import { UnreadableResponse } from "../../../src/http/unreadable-response.js";
import { damaged } from "../../support/damaged.js";
import { rawServer } from "../../support/raw-server.js";
import { Share } from "../../support/share.js";
import { storeWorld } from "../../support/store-world.js";

const CRLF = "\r\n";
const WORDS = [
  CRLF,
  "\n",
  ":",
  " ",
  "0",
  "5",
  ";x",
  "content-length: 4\r\n",
  "transfer-encoding: chunked\r\n",
];

const SIZE = 12;
const body = fc.string({ unit: "binary-ascii", minLength: SIZE, maxLength: SIZE });

const inChunks = (text: string, size: number) => {
  const parts = text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [];
  return `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join("")}0\r\n\r\n`;
};

const crc = (text: string) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(Buffer.from(text, "latin1")));
  return bytes.toString("base64");
};

/** A response in each of the ways that HTTP has to end a body, with the object's checksum or without. */
const answer = fc
  .tuple(body, fc.constantFrom("length", "chunks", "close"), fc.boolean())
  .map(([text, framing, isSummed]) => {
    const headers = {
      length: `Content-Length: ${SIZE}\r\n`,
      chunks: "Transfer-Encoding: chunked\r\n",
      close: "Connection: close\r\n",
    }[framing];
    const checksum = isSummed ? `x-amz-checksum-crc32: ${crc(text)}\r\n` : "";
    const written = framing === "chunks" ? inChunks(text, 5) : text;
    return `HTTP/1.1 200 OK\r\n${headers}ETag: "e"\r\n${checksum}\r\n${written}`;
  });

/** What the sizes of chunks say, and nothing but them; undefined where they do not end. */
function ofChunks(text: string): string | undefined {
  let joined = "";
  for (let left = text; ; ) {
    const [line = "", digits = ""] = /^([0-9a-f]+)[\t ]*(?:;[^\r\n]*)?\r\n/i.exec(left) ?? [];
    const size = Number.parseInt(digits, 16);
    if (size === 0) return joined;
    if (!(left.length > line.length + size)) return undefined;
    joined += left.slice(line.length, line.length + size);
    left = left.slice(line.length + size + CRLF.length);
  }
}

/**
 * The bodies that may be meant by what a server wrote: so much as a length or the chunks say, or all until the end where
 * there is neither.
 */
function meant(text: string): string[] {
  const [, lines = "", rest = ""] =
    /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(text.replace(/^[\r\n]+/, "")) ?? [];
  // RFC 9112, 5.2: a line that begins with a space goes on with the header above it.
  const head = lines.replace(/\r?\n(?=[\t ])/g, "");
  const bodies = [...head.matchAll(/content-length\s*:\s*(\d+)/gi)]
    .map(([, digits]) => Number(digits))
    .filter((length) => rest.length >= length)
    .map((length) => rest.slice(0, length));
  if (/\ntransfer-encoding:[\t ]*chunked/i.test(head)) return [...bodies, ofChunks(rest) ?? ""];
  return /\ncontent-length:/i.test(head) ? bodies : [...bodies, rest];
}

/** The checksums that stand in the head of a response. */
function checksumsIn(text: string): string[] {
  const [head = ""] = text.replace(/^[\r\n]+/, "").split(/\r?\n\r?\n/);
  return [...head.matchAll(/^x-amz-checksum-crc32:[\t ]*([\w+/]{6}==)[\t ]*$/gim)].map(
    ([, value = ""]) => value,
  );
}

describe("a damaged response", () => {
  it("gives the file that it means, or none", async () => {
    let text = "";
    const raw = await rawServer((_, socket) => void socket.end(text, "latin1"));
    const { open, folder } = await storeWorld({}, { endpointUrl: raw.url });
    const target = folder.at("f");
    const files = new Share();
    const summed = new Share();
    await fc.assert(
      fc.asyncProperty(damaged(answer, WORDS), async (written) => {
        text = written;
        // A store of its own: once a response was odd, another reader takes what comes from the same server.
        const error = await open()
          .download({ bucket: "b", key: "k" }, { kind: "file", path: target }, { size: SIZE })
          .then(() => undefined)
          .catch((thrown: Error) => thrown);
        if (files.count(error === undefined)) {
          const file = readFileSync(target, "latin1");
          expect(meant(written)).toContain(file);
          const checksums = checksumsIn(written);
          if (summed.count(checksums.length === 1)) expect(checksums).toEqual([crc(file)]);
        } else expect(error).toHaveProperty("exitCode");
      }),
      { numRuns: 150 },
    );
    files.expectAtLeast(0.2, 0.9);
    summed.expectAtLeast(0.1, 0.9);
  });
});

/** What the reader makes of bytes that come at once; undefined where it refuses them. */
function readObject(text: string): ResponseReader | undefined {
  const reader = new ResponseReader(OBJECTS);
  try {
    reader.push(Buffer.from(text, "latin1"));
    return reader;
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableResponse);
    return undefined;
  }
}

describe("the reader of objects", () => {
  it("reads no length that is not there", () => {
    const good = fc.constantFrom(
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: "e"\r\n\r\nhello',
      "HTTP/1.1 206 Partial Content\r\nConnection: close\r\ncontent-length: 12\r\n\r\nhello, world",
    );
    const accepted = new Share();
    fc.assert(
      fc.property(damaged(good, [...WORDS, "__proto__: x\r\n"]), (text) => {
        const reader = readObject(text);
        if (!accepted.count(reader?.done === true)) return;
        expect(meant(text)).toContain(reader?.response?.body.toString("latin1"));
      }),
      { numRuns: 1000 },
    );
    accepted.expectAtLeast(0.2, 0.9);
  });

  const HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  it("gives what the sizes of chunks say, or nothing", () => {
    const good = fc.tuple(body, fc.integer({ min: 1, max: SIZE })).map((parts) => inChunks(...parts));
    const accepted = new Share();
    fc.assert(
      fc.property(damaged(good, WORDS), (text) => {
        const reader = readObject(HEAD + text);
        if (!accepted.count(reader?.done === true)) return;
        // Each chunk by itself: sizes, and nothing but them, say where it begins and ends.
        let left = text;
        let joined = "";
        for (let size = -1; size !== 0; ) {
          const [line = "", digits = ""] = /^([0-9a-f]+)[\t ]*(?:;[^\r\n]*)?\r\n/i.exec(left) ?? [];
          size = Number.parseInt(digits, 16);
          expect(size).toBeGreaterThanOrEqual(0);
          joined += left.slice(line.length, line.length + size);
          left = left.slice(line.length + size);
          if (size > 0) expect(left.slice(0, 2)).toBe(CRLF);
          left = left.slice(size > 0 ? 2 : 0);
        }
        expect(reader?.response?.body.toString("latin1")).toBe(joined);
        // Behind the last chunk and its trailers; what is there is told, for its connection is not used again.
        const trailers = /^(?:[^:\r\n]+:[^\r\n]*\r\n)*\r\n/.exec(left)?.[0] ?? "";
        expect(trailers).not.toBe("");
        expect(reader?.beyond.toString("latin1")).toBe(left.slice(trailers.length));
      }),
      { numRuns: 1000 },
    );
    accepted.expectAtLeast(0.2, 0.9);
  });
});
