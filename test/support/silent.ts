import type { onTestFinished } from "vitest";
import type { S3Server } from "./s3-server/s3-server.js";

type Request = S3Server["requests"][number];

/**
 * Has the server never answer what is asked, `times` times.
 *
 * @param meant an operation, or which requests
 * @param whenOver of the test's context
 * @returns how often it was asked
 */
export function silent(
  server: S3Server,
  meant: string | ((request: Pick<Request, "operation" | "headers">) => boolean),
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
    const isMeant = typeof meant === "string" ? request.operation === meant : meant(request);
    if (!isMeant || ++asked > times) return undefined;
    return held;
  };
  return () => asked;
}
