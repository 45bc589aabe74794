import { parentPort, workerData } from "node:worker_threads";
import type { Context } from "../../context.js";
import type { Credentials } from "../../credentials/credentials.js";
import { TemporaryNames } from "../local/temporary-names.js";
import { S3Store } from "../open-store.js";
import {
  type CarriedFailure,
  carried,
  type Job,
  type News,
  type Orders,
  type ThreadData,
  uncarried,
} from "./messages.js";
import { Outbox } from "./outbox.js";

/** The credentials of the first thread, which alone asks their source. */
class LentCredentials {
  #held: Credentials | undefined;
  #waiting: { resolve: (credentials: Credentials) => void; reject: (error: Error) => void }[] = [];

  constructor(first: Credentials | undefined) {
    this.#held = first;
  }

  get(): Credentials | Promise<Credentials> {
    return this.#held ?? new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  expire(): void {
    this.#held = undefined;
  }

  set(credentials: Credentials): void {
    this.#held = credentials;
    for (const { resolve } of this.#waiting.splice(0)) resolve(credentials);
  }

  fail(failure: CarriedFailure): void {
    for (const { reject } of this.#waiting.splice(0)) reject(uncarried(failure));
  }
}

/** The second thread's side: does the jobs with a store of its own until the first thread ends it. */
export function serveTransfers(outside: Context): void {
  const { options, credentials: first, run, debugging } = workerData as ThreadData;
  let done: [number, CarriedFailure?][] = [];
  let moved = new Map<number, number>();
  let steps: string[] = [];
  let expired = false;
  const outbox = new Outbox(() => {
    const news: News = { done, moved: [...moved].flat(), steps, expired };
    done = [];
    moved = new Map();
    steps = [];
    expired = false;
    parentPort?.postMessage(news);
  });
  const debug = (step: string) => {
    steps.push(step);
    outbox.plan();
  };
  const context: Context = debugging
    ? Object.create(outside, { debug: { value: debug }, debugging: { value: true } })
    : outside;
  const lent = new LentCredentials(first);
  const store = new S3Store(
    {
      ...options,
      credentials: first === undefined ? undefined : () => lent.get(),
      expire: () => {
        lent.expire();
        expired = true;
        outbox.plan();
      },
    },
    context,
    TemporaryNames.ofThread(run),
  );

  const start = (id: number, job: Job): void => {
    const onBytes = (bytes: number) => {
      moved.set(id, (moved.get(id) ?? 0) + bytes);
      outbox.plan();
    };
    const running: Promise<unknown> =
      job.kind === "download"
        ? store.download(job.ref, { kind: "file", path: job.path }, { ...job.options, onBytes })
        : store.upload({ kind: "file", path: job.path }, job.ref, job.parameters, { onBytes });
    running
      .then(
        () => done.push([id]),
        (error) => done.push([id, carried(error)]),
      )
      .then(() => outbox.plan());
  };

  parentPort?.on("message", ({ jobs = [], credentials, noCredentials, abort }: Orders) => {
    if (credentials !== undefined) lent.set(credentials);
    if (noCredentials !== undefined) lent.fail(noCredentials);
    for (const [id, job] of jobs) start(id, job);
    if (abort) void store.abort(new Error("aborted"));
  });
  parentPort?.postMessage({ ready: true } satisfies News);
}
