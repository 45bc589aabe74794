import type { MessagePort } from "node:worker_threads";
import type { Context } from "../../context.js";
import type { Credentials } from "../../credentials/credentials.js";
import { namesOfThread } from "../local/temporary-names.js";
import { Stop } from "../requests/stop.js";
import { S3Store } from "../s3-store.js";
import {
  BATCH,
  type CarriedFailure,
  carried,
  type Done,
  HUNGRY,
  type Job,
  type News,
  type Orders,
  type ThreadData,
  uncarried,
} from "./messages.js";
import { Outbox } from "./outbox.js";

/** The credentials of the first thread, which alone asks their source. */
class LentCredentials {
  readonly #ask: () => void;
  #held: Credentials | undefined;
  #waiting: { resolve: (credentials: Credentials) => void; reject: (error: Error) => void }[] = [];

  /** @param ask is called when there are none; `set` or `fail` answers */
  constructor(first: Credentials | undefined, ask: () => void) {
    this.#held = first;
    this.#ask = ask;
  }

  get(): Credentials | Promise<Credentials> {
    return (
      this.#held ??
      new Promise((resolve, reject) => {
        if (this.#waiting.push({ resolve, reject }) === 1) this.#ask();
      })
    );
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

/** What is to be told to the first thread, gathered. */
class Gathered {
  readonly #port: MessagePort;
  readonly #outbox = new Outbox(() => this.#post());
  #done: Done[] = [];
  #moved = new Map<number, number>();
  #steps: string[] = [];
  #expired = false;
  #wanting = false;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  /** @param left jobs that are still under way */
  done(left: number, ...done: Done): void {
    this.#done.push(done);
    if (left < HUNGRY || this.#done.length >= BATCH) this.#outbox.soon();
  }

  moved(id: number, bytes: number): void {
    this.#moved.set(id, (this.#moved.get(id) ?? 0) + bytes);
    this.#outbox.later();
  }

  step(step: string): void {
    this.#steps.push(step);
    this.#outbox.soon();
  }

  expired(): void {
    this.#expired = true;
    this.#outbox.soon();
  }

  wanting(): void {
    this.#wanting = true;
    this.#outbox.soon();
  }

  #post(): void {
    const news: News = {
      done: this.#done,
      moved: [...this.#moved].flat(),
      steps: this.#steps,
      expired: this.#expired,
      wanting: this.#wanting,
    };
    this.#done = [];
    this.#moved = new Map();
    this.#steps = [];
    this.#expired = false;
    this.#wanting = false;
    this.#port.postMessage(news);
  }
}

/** The second thread's side: does the jobs with a store of its own until the first thread ends it. */
export async function serveTransfers(outside: Context): Promise<void> {
  const { parentPort, workerData } = await import("node:worker_threads");
  if (parentPort === null) return;
  const { options, credentials: first, run, debugging } = workerData as ThreadData;
  const gathered = new Gathered(parentPort);
  const debug = (step: string) => gathered.step(step);
  const context: Context = debugging
    ? Object.create(outside, { debug: { value: debug }, debugging: { value: true } })
    : outside;
  const lent = new LentCredentials(first, () => gathered.wanting());
  const expire = () => {
    lent.expire();
    gathered.expired();
  };
  const credentials = first === undefined ? undefined : () => lent.get();
  const store = new S3Store({ ...options, credentials, expire }, context, namesOfThread(run));
  const cancels = new Map<number, Stop>();

  const start = (id: number, job: Job): void => {
    const cancel = new Stop();
    cancels.set(id, cancel);
    store
      .perform(job, (bytes) => gathered.moved(id, bytes), cancel)
      .finally(() => cancels.delete(id))
      .then(
        (result) => gathered.done(cancels.size, id, undefined, result),
        (error) => gathered.done(cancels.size, id, carried(error)),
      );
  };

  parentPort.on("message", ({ jobs = [], cancel = [], credentials, noCredentials, abort }: Orders) => {
    if (credentials !== undefined) lent.set(credentials);
    if (noCredentials !== undefined) lent.fail(noCredentials);
    for (const [id, job] of jobs) start(id, job);
    for (const id of cancel) cancels.get(id)?.stop(new Error("cancelled"));
    if (abort) void store.abort(new Error("aborted"));
  });
  parentPort.postMessage({ ready: true } satisfies News);
}
