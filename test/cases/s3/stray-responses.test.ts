import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CERTIFICATE_FILE } from "../../support/certificate/certificate.js";
import { type ConnectProxy, startConnectProxy } from "../../support/fault-proxy/connect-proxy.js";
import { runBuilt } from "../../support/run-built.js";
import { seededRandom } from "../../support/seeded-random.js";
import { type Naming, STRAYS, type Stray, startStrayServer } from "../../support/stray-server.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const OBJECTS = 40;
/** Runs of each way; FETCH_CREDS_STRAY_ROUNDS makes it more. */
const ROUNDS = Number(process.env.FETCH_CREDS_STRAY_ROUNDS ?? 2);

/** Of one size, and each with its name in it. */
function equalSized(size = 3000): Map<string, Buffer> {
  const names = Array.from({ length: OBJECTS }, (_, index) => `object-${String(index).padStart(3, "0")}`);
  return new Map(names.map((name) => [name, Buffer.alloc(size, `${name} `)]));
}

const ENV = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "s",
  AWS_REGION: "us-east-1",
};

interface Case {
  readonly naming: Naming;
  readonly tls?: boolean;
  readonly proxied?: boolean;
  readonly stray: (method: string, index: number) => Stray | undefined;
}

/** Copies 40 objects of one size from a server with strays, and looks at what each file holds. */
async function copied({ naming, tls = false, proxied = false, stray }: Case) {
  const objects = equalSized();
  const server = await startStrayServer({ tls, naming, objects, stray });
  const proxy: ConnectProxy | undefined = proxied ? await startConnectProxy() : undefined;
  using folder = temporaryFolder();
  const result = await runBuilt(["cp", "s3://b", ".", "--recursive", "--no-progress"], {
    cwd: folder.path,
    env: {
      ...ENV,
      AWS_ENDPOINT_URL: server.url,
      ...(tls ? { AWS_CA_BUNDLE: CERTIFICATE_FILE } : {}),
      ...(proxy === undefined ? {} : { HTTPS_PROXY: proxy.url }),
    },
  });
  await proxy?.close();
  await server.close();
  const there = [...objects].filter(([name]) => existsSync(folder.at(name)));
  const wrong = there.filter(([name, body]) => !readFileSync(folder.at(name)).equals(body));
  return { result, count: there.length, wrong: wrong.map(([name]) => name), struck: server.struck };
}

const WAYS = [
  { tls: false, proxied: false },
  { tls: true, proxied: false },
  { tls: true, proxied: true },
];

describe.concurrent.each(WAYS)("with TLS: $tls, through a proxy: $proxied", ({ tls, proxied }) => {
  it.each(STRAYS)("a response about another object %s never becomes a file", async (stray) => {
    const times = 4;
    const at = (_: string, index: number) =>
      index > 5 && index % 9 === 0 && index < 9 * times + 9 ? stray : undefined;
    const { result, count, wrong, struck } = await copied({ naming: "strong", tls, proxied, stray: at });
    expect(wrong).toEqual([]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(count).toBe(OBJECTS);
    expect(struck.get(stray)).toBe(times);
  });

  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
    "wherever such answers stand, no file is wrong, seed %i",
    async (seed) => {
      const random = seededRandom(seed);
      const stray = () => (random() < 1 / 8 ? STRAYS[Math.floor(random() * STRAYS.length)] : undefined);
      const naming: Naming = random() < 1 / 2 ? "strong" : "weak";
      const { result, count, wrong, struck } = await copied({ naming, tls, proxied, stray });
      expect(wrong).toEqual([]);
      if (result.code === 0) expect(count).toBe(OBJECTS);
      else
        expect(result.stderr).toMatch(
          /was replaced while it was being|the server sent more than|checksum of what arrived/,
        );
      expect([...struck.values()].reduce((sum, one) => sum + one, 0)).toBeGreaterThan(0);
    },
  );
});
