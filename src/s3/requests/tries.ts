import type { Credentials } from "../../credentials/credentials.js";
import type { Address } from "../endpoint/address.js";

/** What the tries of one request have used up, each thing once. */
export interface Tries {
  /** Requests that were sent, or were to be. */
  made: number;
  failed: number;
  /** Those that failed because the server was given too much at once: it served others meanwhile. */
  rejectedUnderLoad: number;
  /** Those for which this machine had no descriptor left. */
  short: number;
  /** Milliseconds that the last one took to fail. */
  lastMs: number;
  /** Requests that had been served when the last try failed. */
  servedBefore: number;
  /** Of the last try. */
  credentials: Credentials | undefined;
  address: Address | undefined;
  refreshed: boolean;
  skewed: boolean;
  /** Regions that have been asked. */
  readonly regions: Set<string>;
}

/** @param served requests that have been served so far */
export const noTries = (served: number): Tries => ({
  made: 0,
  failed: 0,
  rejectedUnderLoad: 0,
  short: 0,
  lastMs: 0,
  servedBefore: served,
  credentials: undefined,
  address: undefined,
  refreshed: false,
  skewed: false,
  regions: new Set(),
});
