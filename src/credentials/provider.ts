import type { Context } from "../context.js";
import { ExitCode, Failure } from "../failure.js";
import type { CredentialSource, Credentials } from "./credentials.js";

const MINUTE = 60_000;

/** Keys with less left than this are not handed out while fresh ones are on their way. */
const CLOSE_TO_EXPIRY = MINUTE;

/** After a failed refresh, how long the old keys are handed out before the next one, ms. */
const PAUSE_AFTER_FAILURE = 30_000;

export interface CredentialProvider {
  /** Keys that have not expired, at once where they are at hand; asks the source when it is time. */
  get(): Credentials | Promise<Credentials>;
  /** The server said that the keys have expired: the next `get` asks anew. */
  expire(): void;
}

interface Held {
  readonly credentials: Credentials;
  /** ms since the epoch; Infinity: never. */
  refreshAt: number;
  readonly expiresAt: number;
}

/**
 * When keys should be replaced: at a random moment from 5 to 15 minutes before expiry, so that parallel steps do not
 * ask together; keys that live less than half an hour, when half their time is over.
 */
export function refreshTime(now: number, expiresAt: number, random: number): number {
  const ahead = (5 + 10 * random) * MINUTE;
  return Math.max(expiresAt - ahead, now + (expiresAt - now) / 2);
}

/** The new keys are not those that were expected: no keys are handed out any more, however long the old ones live. */
function isRefusal(error: unknown): boolean {
  return error instanceof Failure && error.exitCode === ExitCode.failed;
}

/**
 * Hands out a source's keys over a long process: one fetch in flight at a time, fresh ones in good time.
 *
 * @param source its failure with exit code 1, an expectation that does not hold, ends it all
 */
export function createProvider(
  source: CredentialSource,
  context: Pick<Context, "now" | "random" | "debug">,
): CredentialProvider {
  let held: Held | undefined;
  let flight: Promise<Credentials> | undefined;
  let refusal: unknown;

  const hold = (credentials: Credentials): Credentials => {
    const now = context.now();
    const expiresAt = credentials.expiration?.epochMs ?? Number.POSITIVE_INFINITY;
    const refreshAt = refreshTime(now, expiresAt, context.random());
    held = { credentials, expiresAt, refreshAt };
    return credentials;
  };

  const fetch = (): Promise<Credentials> => {
    flight ??= source
      .fetch()
      .then(
        ({ credentials }) => hold(credentials),
        (error: unknown) => {
          if (isRefusal(error)) refusal = error;
          throw error;
        },
      )
      .finally(() => {
        flight = undefined;
      });
    return flight;
  };

  /** A refresh whose failure is borne as long as the old keys live. */
  const refresh = (old: Held): Promise<Credentials> =>
    fetch().catch((error: unknown) => {
      const now = context.now();
      if (refusal !== undefined || old.expiresAt <= now) throw error;
      old.refreshAt = now + Math.min(PAUSE_AFTER_FAILURE, (old.expiresAt - now) / 2);
      context.debug(`refresh failed, the old keys are kept: ${(error as Error).message}`);
      return old.credentials;
    });

  return {
    get() {
      if (refusal !== undefined) throw refusal;
      const now = context.now();
      if (held === undefined || held.expiresAt <= now) return fetch();
      if (now < held.refreshAt) return held.credentials;
      const refreshed = refresh(held);
      if (held.expiresAt - now <= CLOSE_TO_EXPIRY) return refreshed;
      // Nobody waits for it; a refusal is told at the next turn.
      refreshed.catch(() => undefined);
      return held.credentials;
    },
    expire() {
      held = undefined;
    },
  };
}
