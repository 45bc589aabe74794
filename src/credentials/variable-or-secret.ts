import type { Context } from "../context.js";
import type { SourceDescription } from "./credentials.js";
import { readSecret } from "./secret-file.js";

/** A value, and where it stands. */
export interface Found {
  readonly value: string;
  readonly place: Extract<SourceDescription["place"], "environment" | "secret">;
}

type Places = Pick<Context, "env" | "secretsFolder">;
type Lookup = (name: string) => Found | undefined;

function inEnvironment(name: string, { env }: Places): Found | undefined {
  const value = env[name];
  return value ? { value, place: "environment" } : undefined;
}

function inSecrets(name: string, { secretsFolder }: Places): Found | undefined {
  const value = readSecret(secretsFolder, name);
  return value === undefined ? undefined : { value, place: "secret" };
}

/**
 * The value of a variable, or of the BuildKit secret of its name, each on its own. What is empty counts as not there.
 *
 * @throws Failure `secret-unreadable`
 */
export function variableOrSecret(name: string, places: Places): Found | undefined {
  return inEnvironment(name, places) ?? inSecrets(name, places);
}

/**
 * Looks up what belongs together, so that nothing is mixed from two owners: in the environment alone where it has all of
 * `names`, else in the BuildKit secrets alone where they have; else each name on its own.
 *
 * @throws Failure `secret-unreadable`; so does what it returns
 */
export function lookupTogether(names: readonly string[], places: Places): Lookup {
  const lookups = [inEnvironment, inSecrets].map(
    (look): Lookup =>
      (name) =>
        look(name, places),
  );
  const complete = lookups.find((look) => names.every((name) => look(name) !== undefined));
  return complete ?? ((name) => variableOrSecret(name, places));
}
