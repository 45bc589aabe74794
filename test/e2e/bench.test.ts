import { mkdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Case, cases } from "../../bench/cases.js";
import { ENVIRONMENT, OURS } from "../../bench/clients.js";
import { emptyFolder, makeObjects, makeSyncedTree, smallKeys } from "../../bench/data.js";
import { writeListing } from "../../bench/listing.js";
import { nginxIsInstalled, startNginx } from "../../bench/nginx.js";
import { SMALL_OBJECT } from "../../bench/sizes.js";
import { command } from "../support/docker/command.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const SIZES = { large: 17 << 20, small: 100, synced: 100, runs: 1, starts: 1 };

/** The server knows no checksum of what it serves. */
const UNVERIFIED = /^(?:note: \S+ was not verified: .*\n)?$/;

/** What `npm run bench` measures is a store that answers as S3 does: else it would measure our second tries. */
describe.skipIf(!nginxIsInstalled())("npm run bench", () => {
  it("has a server from which ours does every case, and sends nothing twice", async () => {
    using folder = temporaryFolder();
    const at = (name: string) => folder.at(name);
    for (const name of ["target", "nginx"]) mkdirSync(at(name));
    makeObjects(at("objects/bench"), SIZES);
    makeSyncedTree(at("local"), SIZES);
    writeListing(at("listings"), "small", smallKeys("small", SIZES.small), SMALL_OBJECT);
    writeListing(at("listings"), "synced", smallKeys("synced", SIZES.synced), 1);
    const nginx = await startNginx(at("nginx"), at("objects"), at("listings"));
    try {
      const places = { objects: at("objects/bench"), synced: at("local"), target: at("target") };
      const all: readonly Case[] = cases(SIZES, { ...nginx, ...places, sink: at("nginx/bench/sink") });
      expect(all).toHaveLength(10);
      for (const { title, task, empties, check } of all) {
        if (empties !== undefined) emptyFolder(empties);
        const [program, ...args] = OURS(task)!;
        const run = await command(program!, args, { env: ENVIRONMENT });
        expect({ title, code: run.code, stderr: run.stderr }).toEqual({
          title,
          code: 0,
          stderr: expect.stringMatching(UNVERIFIED),
        });
        check?.("fetch-creds");
      }
    } finally {
      await nginx.close();
    }
  });
});
