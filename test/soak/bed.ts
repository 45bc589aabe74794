import { expect } from "vitest";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";

/** Length of each soak; the long one is SOAK_SECONDS=1800. */
export const SECONDS = Number(process.env.SOAK_SECONDS ?? 20);
/** Life of the keys: a minute, or less when the soak itself is short. */
export const LIFE_MS = Math.min(60_000, SECONDS * 250);
/** More than a soak takes, ms. */
export const TIMEOUT = (SECONDS + 240) * 1000;

/** An endpoint whose keys live LIFE_MS, and a server with the bucket `soak` that takes them. */
export interface Bed {
  readonly endpoint: CredentialEndpoint;
  readonly server: S3Server;
  close(): Promise<void>;
}

export async function startBed(): Promise<Bed> {
  const endpoint = await startCredentialEndpoint({ lifeMs: LIFE_MS });
  const server = await startS3Server({ keys: endpoint.keys, buckets: ["soak"] });
  return {
    endpoint,
    server,
    async close() {
      await server.close();
      await endpoint.close();
    },
  };
}

/** The access key ids that requests were signed with. */
function keysUsed(server: S3Server): Set<string> {
  const ids = server.requests.map(
    ({ headers }) => /Credential=([^/]+)/.exec(headers.authorization ?? "")?.[1],
  );
  return new Set(ids.filter((id) => id !== undefined));
}

/**
 * One process of `ms` milliseconds has renewed its keys several times, and used what it got; yet the endpoint was not
 * asked for every request: a set of keys is replaced when half of its life is over.
 */
export function expectRenewals({ endpoint, server }: Bed, ms: number): void {
  const sets = endpoint.issued.length;
  console.log(`${sets} sets of keys in ${(ms / 1000).toFixed(0)} s, ${keysUsed(server).size} of them used`);
  expect(keysUsed(server).size).toBeGreaterThan(2);
  // Twice as many as there are half lives: a request that was signed in time can be late on a busy machine.
  expect(sets).toBeLessThan(2 + (2 * ms) / (LIFE_MS / 2));
}
