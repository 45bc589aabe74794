import { verifyVerb } from "../commands/verify.js";
import type { Verb } from "./verb.js";

/** A verb as lists show it. */
export interface ListedVerb {
  readonly name: string;
  readonly summary: string;
  /** Its words name files and objects, in which a UUID is nothing secret. */
  readonly namesObjects?: true;
  /** Its table and its work: compiled when it is asked for. */
  readonly load: () => Promise<Verb>;
}

const s3Side = () => import("../s3-side.js");

/** Every verb. */
export const VERBS: readonly ListedVerb[] = [
  {
    name: "verify",
    summary: "Check that a role answers, and say which. The default.",
    load: async () => verifyVerb,
  },
  {
    name: "export",
    summary: "Print the role's credentials for a shell or a program.",
    load: async () => (await import("../commands/export.js")).exportVerb,
  },
  {
    name: "exec",
    summary: "Run a command with the role's credentials in its environment.",
    load: async () => (await import("../commands/exec.js")).execVerb,
  },
  {
    name: "cp",
    summary: "Copy objects to or from S3, or within it, as aws s3 cp does.",
    namesObjects: true,
    load: async () => (await s3Side()).cpVerb,
  },
  {
    name: "sync",
    summary: "Copy what is new or changed, as aws s3 sync does.",
    namesObjects: true,
    load: async () => (await s3Side()).syncVerb,
  },
  {
    name: "ls",
    summary: "List buckets or objects, as aws s3 ls does.",
    namesObjects: true,
    load: async () => (await s3Side()).lsVerb,
  },
  {
    name: "cache-key",
    summary: "Print a digest that changes when, and only when, the objects do.",
    namesObjects: true,
    load: async () => (await s3Side()).cacheKeyVerb,
  },
  {
    name: "doctor",
    summary: "Check everything that commonly goes wrong, and suggest fixes.",
    namesObjects: true,
    load: async () => (await s3Side()).doctorVerb,
  },
];

/** Runs when no verb is given. */
export const DEFAULT_VERB = verifyVerb;

const NAMES = VERBS.map(({ name }) => name);

export function listedVerb(name: string): ListedVerb | undefined {
  return VERBS.find((verb) => verb.name === name);
}

/**
 * @throws Failure (252) for a name that is none
 */
export async function verbNamed(name: string): Promise<Verb> {
  const listed = listedVerb(name);
  if (listed !== undefined) return listed.load();
  const { unknownVerb } = await import("./failures.js");
  const { verbHint } = await import("./verb-hints.js");
  throw unknownVerb(name, verbHint(name, NAMES));
}

/** The verb of that name, or the one that was misspelt so. */
export async function meantVerb(name: string): Promise<ListedVerb | undefined> {
  const listed = listedVerb(name);
  if (listed !== undefined) return listed;
  const { nearest } = await import("../output/nearest.js");
  return listedVerb(nearest(name, NAMES) ?? "");
}
