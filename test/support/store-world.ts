import { PassThrough } from "node:stream";
import { onTestFinished } from "vitest";
import type { Context } from "../../src/context.js";
import { openStore } from "../../src/s3/open-store.js";
import type { Store, StoreOptions } from "../../src/s3/store.js";
import { type S3Server, type S3ServerOptions, startS3Server } from "./s3-server/s3-server.js";
import { type TemporaryFolder, temporaryFolder } from "./temporary-folder.js";

export type QuickContext = { -readonly [Name in keyof Context]: Context[Name] } & {
  readonly slept: number[];
};

/** A context whose sleeps take no time; `slept` has what they would have taken. */
export function quickContext(env: Record<string, string> = {}): QuickContext {
  const slept: number[] = [];
  const stdout = new PassThrough();
  return {
    env,
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    print: (answer) => stdout.write(answer),
    now: Date.now,
    random: Math.random,
    sleep: async (ms) => {
      slept.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
    secretsFolder: "/nonexistent",
    onSignal: () => () => undefined,
    atExit: () => () => undefined,
    suspend: () => undefined,
    makeStreamsBlock: () => undefined,
    debug: () => undefined,
    debugging: false,
    scriptPath: "",
    nodeVersion: process.version,
    pid: process.pid,
    signalGroup: () => undefined,
    isRunning: () => false,
    slept,
  };
}

export interface StoreWorld {
  readonly server: S3Server;
  readonly store: Store;
  readonly folder: TemporaryFolder;
  /** Of the store that was opened last. */
  readonly context: QuickContext;
  /** Another store on the same server. */
  open(options?: Partial<StoreOptions>, env?: Record<string, string>): Store;
}

/** What the command line makes of these variables. */
const when = (value: string | undefined) =>
  value?.toLowerCase() === "when_required" ? "when_required" : "when_supported";

/**
 * An S3 server with the bucket `b`, a store on it and a folder, all gone when the test is over.
 *
 * @param whenOver that of the test's own context, where tests run side by side
 */
export async function storeWorld(
  serverOptions: S3ServerOptions = {},
  options: Partial<StoreOptions> = {},
  env: Record<string, string> = {},
  whenOver: typeof onTestFinished = onTestFinished,
): Promise<StoreWorld> {
  const server = await startS3Server({ buckets: ["b"], ...serverOptions });
  const folder = temporaryFolder();
  const stores: Store[] = [];
  let context = quickContext();
  const open: StoreWorld["open"] = (more = {}, moreEnv = {}) => {
    context = quickContext({ ...env, ...moreEnv });
    const store = openStore(
      {
        credentials: async () => ({
          accessKeyId: server.env.AWS_ACCESS_KEY_ID ?? "",
          secretAccessKey: server.env.AWS_SECRET_ACCESS_KEY ?? "",
        }),
        expire: () => undefined,
        region: "us-east-1",
        endpointUrl: server.url,
        caBundle: serverOptions.tls ? server.certificateFile : undefined,
        verifySsl: true,
        addressingStyle: "auto",
        dualStack: false,
        requestPayer: undefined,
        fips: false,
        requestChecksums: when({ ...env, ...moreEnv }.AWS_REQUEST_CHECKSUM_CALCULATION),
        responseChecksums: when({ ...env, ...moreEnv }.AWS_RESPONSE_CHECKSUM_VALIDATION),
        connectTimeoutMs: 10_000,
        readTimeoutMs: 20_000,
        concurrency: undefined,
        partSize: undefined,
        ...options,
        ...more,
      },
      context,
    );
    stores.push(store);
    return store;
  };
  const store = open();
  whenOver(async () => {
    for (const each of stores) await each.close();
    await server.close();
    folder.remove();
  });
  return {
    server,
    store,
    folder,
    open,
    get context() {
      return context;
    },
  };
}
