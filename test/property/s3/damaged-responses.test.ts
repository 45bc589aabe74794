import { readFileSync } from "node:fs";
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

const answer = body.map((text) => `HTTP/1.1 200 OK\r\nContent-Length: ${SIZE}\r\nETag: "e"\r\n\r\n${text}`);

/** The bodies that may be meant by what a server wrote: so much as a length says, or all until the end where none does. */
function meant(text: string): string[] {
  const [, head = "", rest = ""] = /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(text.replace(/^[\r\n]+/, "")) ?? [];
  const bodies = [...head.matchAll(/content-length\s*:\s*(\d+)/gi)]
    .map(([, digits]) => Number(digits))
    .filter((length) => rest.length >= length)
    .map((length) => rest.slice(0, length));
  return /\ncontent-length:/i.test(head) ? bodies : [...bodies, rest];
}

describe("a damaged response", () => {
  it("gives the file that it means, or none", async () => {
    let text = "";
    const raw = await rawServer((_, socket) => void socket.end(text, "latin1"));
    const env = { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" };
    const { open, folder } = await storeWorld({}, { endpointUrl: raw.url }, env);
    const target = folder.at("f");
    const files = new Share();
    await fc.assert(
      fc.asyncProperty(damaged(answer, WORDS), async (written) => {
        text = written;
        // A store of its own: once a response was odd, another reader takes what comes from the same server.
        const error = await open()
          .download({ bucket: "b", key: "k" }, { kind: "file", path: target }, { size: SIZE })
          .then(() => undefined)
          .catch((thrown: Error) => thrown);
        if (files.count(error === undefined))
          expect(meant(written)).toContain(readFileSync(target, "latin1"));
        else expect(error).toHaveProperty("exitCode");
      }),
      { numRuns: 150 },
    );
    files.expectAtLeast(0.2, 0.9);
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
  const inChunks = (text: string, size: number) => {
    const parts = text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [];
    return `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join("")}0\r\n\r\n`;
  };

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
