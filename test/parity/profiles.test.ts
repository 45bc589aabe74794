import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Failure } from "../../src/failure.js";
import { readProfiles, type Setting } from "../../src/profiles/profiles.js";
import { forkyRoot, inRoot } from "../support/forky/root.js";
import { bytesOf, configFile } from "../support/profiles/config-lines.js";
import { temporaryFolder } from "../support/temporary-folder.js";

type Settings = Readonly<Record<string, string | Readonly<Record<string, string>>>>;
type Profiles = Readonly<Record<string, Settings>>;
type Endpoint = string | null | { readonly error: string };

/** What read-profiles.py answers. */
type Answer =
  | {
      readonly profiles: Profiles;
      readonly credentials: Profiles;
      readonly config: Profiles;
      readonly endpoints: Readonly<Record<string, readonly Endpoint[]>>;
    }
  | { readonly file: string; readonly line: { readonly first?: number; readonly last?: number } | null };

/** One Python with botocore, which answers line by line. */
async function startBotocore() {
  const root = inRoot(await forkyRoot());
  const [program = "", ...args] = [...root, "python3", join(import.meta.dirname, "bed", "read-profiles.py")];
  const child = spawn(program, args, {
    env: { PATH: `/usr/bin:${process.env.PATH}`, LANG: "C.UTF-8" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  // An end is noticed where its answer is missing.
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (config: string, credentials: string): Promise<Answer> => {
      child.stdin.write(`${JSON.stringify([config, credentials])}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error("botocore's process has ended");
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}

const folder = temporaryFolder();
let botocore: Awaited<ReturnType<typeof startBotocore>>;
beforeAll(async () => {
  botocore = await startBotocore();
});
afterAll(() => {
  botocore?.close();
  folder.remove();
});

const CONFIG = folder.at("config");
const CREDENTIALS = folder.at("credentials");
const ENV = { AWS_CONFIG_FILE: CONFIG, AWS_SHARED_CREDENTIALS_FILE: CREDENTIALS };

/** Of several lines, but for a command: refused by ours on purpose, since the second may be a secret. */
const isRefused = (name: string, value: unknown) =>
  name !== "credential_process" && typeof value === "string" && value.includes("\n");

/** One setting; a value that ours refuses counts as botocore's, once it has been seen to be refused. */
function textOf(
  get: ((setting: string) => Setting | undefined) | undefined,
  name: string,
  expected: Settings[string] | undefined,
): unknown {
  if (get === undefined || !isRefused(name, expected)) return get?.(name)?.value;
  expect(() => get(name)).toThrow(expect.objectContaining({ id: "setting-lines" }));
  return expected;
}

/** A profile as an object; a nested setting is asked for by each of the names that botocore has. */
function settingsOf(
  get: ((setting: string) => Setting | undefined) | undefined,
  expected: Settings,
): unknown {
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => [
      name,
      typeof value === "string" || name.includes(".")
        ? textOf(get, name, value)
        : Object.fromEntries(Object.keys(value).map((below) => [below, get?.(`${name}.${below}`)?.value])),
    ]),
  );
}

/** Names with a point are nested ones for us. */
const withoutPoints = (profiles: Profiles): Profiles =>
  Object.fromEntries(
    Object.entries(profiles).map(([name, settings]) => [
      name,
      Object.fromEntries(Object.entries(settings).filter(([setting]) => !setting.includes("."))),
    ]),
  );

/** Where botocore raises, or goes on with a dictionary in place of a URL. */
const STUMBLES = { error: "" };

function endpointOf(
  profiles: ReturnType<typeof readProfiles>,
  name: string,
  service: string,
  settings: Settings | undefined,
  expected: Endpoint | undefined,
): Endpoint {
  const profile = profiles.get(name)!;
  try {
    const found = profiles.serviceEndpoint(profile, service) ?? profile.get("endpoint_url");
    // Nested settings, of which the lines are the value.
    if (found?.value.startsWith("\n")) return STUMBLES;
    return found?.value || null;
  } catch (error) {
    const { id } = error as Failure;
    if (id === "setting-lines") {
      const named = ["services", "endpoint_url"].filter((each) => isRefused(each, settings?.[each]));
      expect(named).not.toEqual([]);
      return typeof expected === "string" ? expected : expected ? STUMBLES : null;
    }
    expect(id).toBe("services-missing");
    return STUMBLES;
  }
}

/** What ours makes of the two files, in the words of the answer. */
function ours(expected: Extract<Answer, { profiles: unknown }>) {
  const profiles = readProfiles({ env: ENV });
  const all = (which: "get" | "inCredentials" | "inConfig", of: Profiles) =>
    Object.fromEntries(
      Object.entries(of).map(([name, settings]) => [
        name,
        settingsOf((setting) => profiles.get(name)?.[which](setting), settings),
      ]),
    );
  return {
    names: profiles.names,
    profiles: all("get", withoutPoints(expected.profiles)),
    credentials: all("inCredentials", withoutPoints(expected.credentials)),
    config: all("inConfig", withoutPoints(expected.config)),
    endpoints: Object.fromEntries(
      profiles.names.map((name) => [
        name,
        ["s3", "sts"].map((service, at) =>
          endpointOf(profiles, name, service, expected.profiles[name], expected.endpoints[name]?.[at]),
        ),
      ]),
    ),
  };
}

const endpointsOf = (answer: Extract<Answer, { profiles: unknown }>) =>
  Object.fromEntries(
    Object.entries(answer.endpoints).map(([name, each]) => [
      name,
      each.map((endpoint) => (typeof endpoint === "string" ? endpoint : endpoint && STUMBLES)),
    ]),
  );

function refusal(): Failure {
  try {
    readProfiles({ env: ENV });
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("botocore refuses these files, and ours does not");
}

describe("~/.aws/config and credentials", () => {
  it("mean what they mean to botocore, and are refused where it refuses them", async () => {
    const counted = { read: 0, refused: 0, endpoints: 0, nested: 0 };
    await fc.assert(
      fc.asyncProperty(configFile, configFile, async (config, credentials) => {
        writeFileSync(CONFIG, bytesOf(config));
        writeFileSync(CREDENTIALS, bytesOf(credentials));
        const answer = await botocore.ask(CONFIG, CREDENTIALS);
        if ("file" in answer) {
          counted.refused += 1;
          const { id, message } = refusal();
          expect(id).toBe("config-file");
          expect(message).toContain(`${answer.file} (`);
          const line = Number(/, line (\d+): /.exec(message)?.[1]);
          if (answer.line?.first !== undefined) expect(line).toBe(answer.line.first);
          // Where Python gives up at once, what it had noted before is lost; ours is the first in the file, or this one.
          if (answer.line?.last !== undefined) expect(line).toBeLessThanOrEqual(answer.line.last);
          return;
        }
        counted.read += 1;
        const { names, endpoints, ...rest } = ours(answer);
        expect([...names].sort()).toEqual(Object.keys(answer.profiles).sort());
        expect(rest).toEqual({
          profiles: withoutPoints(answer.profiles),
          credentials: withoutPoints(answer.credentials),
          config: withoutPoints(answer.config),
        });
        expect(endpoints).toEqual(endpointsOf(answer));
        counted.endpoints += JSON.stringify(endpoints).includes("http://n:2/") ? 1 : 0;
        counted.nested += /:\{[^{}]*:\{/.test(JSON.stringify(answer.profiles)) ? 1 : 0;
      }),
      { numRuns: 3000, verbose: 1 },
    );
    // The comparison is one only where there is something to compare.
    expect(counted.read).toBeGreaterThan(1000);
    expect(counted.refused).toBeGreaterThan(300);
    expect(counted.nested).toBeGreaterThan(100);
    expect(counted.endpoints).toBeGreaterThan(5);
  });
});
