import { onTestFinished } from "vitest";
import type { S3Server } from "./s3-server/s3-server.js";

/** Has the server do what it is asked, and never answer, `times` times. @returns how often it was asked */
export function silent(server: S3Server, operation: string, times = Number.POSITIVE_INFINITY): () => number {
  let asked = 0;
  let release = (): void => undefined;
  const held = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined);
  });
  onTestFinished(() => release());
  server.instead = (request) => {
    if (request.operation !== operation || ++asked > times) return undefined;
    return held;
  };
  return () => asked;
}
