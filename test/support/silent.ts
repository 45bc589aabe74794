import type { onTestFinished } from "vitest";
import type { S3Server } from "./s3-server/s3-server.js";

/**
 * Has the server do what it is asked, and never answer, `times` times.
 *
 * @param whenOver of the test's context
 * @returns how often it was asked
 */
export function silent(
  server: S3Server,
  operation: string,
  whenOver: typeof onTestFinished,
  times = Number.POSITIVE_INFINITY,
): () => number {
  let asked = 0;
  let release = (): void => undefined;
  const held = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined);
  });
  whenOver(() => release());
  server.instead = (request) => {
    if (request.operation !== operation || ++asked > times) return undefined;
    return held;
  };
  return () => asked;
}
