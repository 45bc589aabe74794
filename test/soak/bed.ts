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
