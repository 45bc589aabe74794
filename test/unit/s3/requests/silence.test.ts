import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CopyParameters, Store } from "../../../../src/s3/store.js";
import { silent } from "../../../support/silent.js";
import { storeWorld } from "../../../support/store-world.js";
import type { TemporaryFolder } from "../../../support/temporary-folder.js";

/** Tries of a request. */
const TRIES = 5;
/** Milliseconds that are borne: nothing that matters is answered. */
const SHORT_MS = 600;

const k = { bucket: "b", key: "k" };
const PART = 8 * 1024 ** 2;

/** A file in a folder of one test. */
function file(folder: TemporaryFolder, content: Buffer): string {
  const path = folder.at(`file-${content.length}`);
  writeFileSync(path, content);
  return path;
}

describe.concurrent("a server that is silent", () => {
  const parameters: CopyParameters = { copyProps: "none" };
  const upload = (store: Store, path: string, more: object) => store.upload({ kind: "file", path }, k, more);

  it.for([
    { operation: "DeleteObject", tries: TRIES, ask: (store: Store) => store.remove(k) },
    { operation: "HeadObject", tries: TRIES, ask: (store: Store) => store.head(k) },
    { operation: "PutObject", tries: TRIES, ask: (store: Store, small: string) => upload(store, small, {}) },
    {
      operation: "PutObject",
      tries: 1,
      ask: (store: Store, small: string) => upload(store, small, { ifAbsent: true }),
    },
    {
      operation: "CreateMultipartUpload",
      tries: 1,
      ask: (store: Store, _: string, large: string) => upload(store, large, {}),
    },
    {
      operation: "CopyObject",
      tries: TRIES,
      ask: (store: Store) => store.copy(k, { bucket: "b", key: "to" }, parameters, { size: 1 }),
    },
    {
      operation: "CopyObject",
      tries: 1,
      ask: (store: Store) =>
        store.copy(k, { bucket: "b", key: "to" }, { ...parameters, ifAbsent: true }, { size: 1 }),
    },
  ])(
    "has a request, and is asked again only where that does no harm: $operation, $tries",
    async (each, { onTestFinished }) => {
      const { server, store, folder } = await storeWorld({}, { readTimeoutMs: SHORT_MS }, {}, onTestFinished);
      server.put("b", "k", "x");
      const asked = silent(server, each.operation, onTestFinished);
      const [small, large] = [file(folder, Buffer.from("x")), file(folder, Buffer.alloc(PART))];
      // On a connection that is kept as on any other.
      for await (const _ of store.list({ bucket: "b", prefix: "" })) break;
      const failure = await each.ask(store, small, large).then(
        () => undefined,
        (error: Error) => error,
      );
      expect(asked()).toBe(each.tries);
      expect(failure).toMatchObject({
        id: "s3-unreachable",
        message: expect.stringMatching(
          each.tries > 1 ? /fell silent .*\(5 tries\)$/ : /fell silent for \S+ s$/,
        ),
        hint: expect.stringMatching(
          each.tries > 1 ? /how long to wait\.$/ : /The request may have succeeded all the same: check\.$/,
        ),
      });
    },
  );
});
