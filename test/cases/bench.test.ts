import { describe, expect, it } from "vitest";
import { type Case, type Places, SECTIONS } from "../../bench/cases.js";
import { ENVIRONMENT, OURS } from "../../bench/clients.js";
import { emptyFolder } from "../../bench/data.js";
import { nginxIsInstalled } from "../../bench/nginx.js";
import { makeWorld } from "../../bench/world.js";
import { command } from "../support/docker/command.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const SIZES = { large: 17 << 20, small: 100, synced: 100, runs: 1, starts: 1 };

/** Each case once, whatever the link. */
function allCases(places: Places): Case[] {
  const cases = SECTIONS.flatMap((section) => section.cases(SIZES, places));
  return [...new Map(cases.map((one) => [one.title, one])).values()];
}

/** What `npm run bench` measures is a store that answers as S3 does: else it would measure our second tries. */
describe.skipIf(!nginxIsInstalled())("npm run bench", () => {
  it("has a server from which ours does every case, verifies what it reads, and has nothing to warn of", async () => {
    using folder = temporaryFolder();
    const { nginx, places, close } = await makeWorld(folder.path, SIZES);
    const urls = { http: `http://127.0.0.1:${nginx.http}`, https: `https://127.0.0.1:${nginx.https}` };
    try {
      const all = allCases({ ...places, ...urls });
      expect(all).toHaveLength(17);
      for (const { title, task, env = ENVIRONMENT, empties, check } of all) {
        if (empties !== undefined) emptyFolder(empties);
        const [program, ...args] = OURS(task)!;
        const { code, stderr } = await command(program!, args, { env });
        expect({ title, code, stderr }).toEqual({ title, code: 0, stderr: "" });
        check?.("fetch-creds");
      }
    } finally {
      await close();
    }
  });
});
