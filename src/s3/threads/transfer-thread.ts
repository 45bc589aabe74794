import type { Worker } from "node:worker_threads";
import type { Context } from "../../context.js";
import type { Credentials } from "../../credentials/credentials.js";
import type { Stop } from "../requests/stop.js";
import type { ByteListener, StoreOptions } from "../store.js";
import {
  BATCH,
  carried,
  HUNGRY,
  type Job,
  type JobResult,
  type News,
  type Orders,
  uncarried,
} from "./messages.js";
import { Outbox } from "./outbox.js";

interface Waiting {
  readonly onBytes: ByteListener | undefined;
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: Error) => void;
  readonly ended: () => void;
}

/** The thread is no more, and what it was asked to do may not be done. */
export class ThreadLost extends Error {}

/** A second thread with a store of its own, seen from the first: takes jobs in batches and tells how they went. */
export class TransferThread {
  readonly #worker: Worker;
  readonly #options: StoreOptions;
  readonly #context: Context;
  readonly #waiting = new Map<number, Waiting>();
  readonly #outbox = new Outbox(() => void this.#post());
  readonly #ended: Promise<void>;
  #jobs: [number, Job][] = [];
  #count = 0;
  #credentials: Credentials | undefined;
  readonly #onReady: () => void;
  #ready = false;
  #emptied: (() => void) | undefined;

  /**
   * @param worker has just been started
   * @param credentials it was started with
   * @param onReady called when it is up
   */
  constructor(
    worker: Worker,
    credentials: Credentials | undefined,
    options: StoreOptions,
    context: Context,
    onReady: () => void,
  ) {
    this.#onReady = onReady;
    this.#options = options;
    this.#context = context;
    this.#credentials = credentials;
    this.#worker = worker;
    this.#worker.on("message", (news: News) => this.#hear(news));
    this.#worker.on("error", (error) => context.debug(`the second thread failed: ${error.message}`));
    this.#ended = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        this.#lose();
        resolve();
      });
    });
  }

  /** Whether it can take jobs; not before it is up, and never again once it is lost. */
  get isReady(): boolean {
    return this.#ready;
  }

  get inFlight(): number {
    return this.#waiting.size;
  }

  /**
   * Has a job done.
   *
   * @param stop cancels it; it has ended, as the thread says, when this rejects
   * @throws ThreadLost; else as the store's own methods
   */
  run(job: Job, onBytes: ByteListener | undefined, stop: Stop | undefined): Promise<JobResult> {
    return new Promise((resolve, reject) => {
      const id = this.#count++;
      const release = stop?.onStop(() => this.#cancel(id));
      const ended = () => release?.();
      this.#waiting.set(id, { onBytes, resolve, reject, ended });
      this.#jobs.push([id, job]);
      this.#plan();
    });
  }

  /** Jobs go when there are enough for a message, or the thread is about to run out of them. */
  #plan(): void {
    const { length } = this.#jobs;
    if (length >= BATCH || (length > 0 && this.#waiting.size - length < HUNGRY)) this.#outbox.soon();
  }

  /** One that has not gone yet never goes. */
  #cancel(id: number): void {
    const kept = this.#jobs.filter(([each]) => each !== id);
    if (kept.length === this.#jobs.length) this.#send({ cancel: [id] });
    else {
      this.#jobs = kept;
      this.#waiting.get(id)?.reject(new Error("cancelled"));
      this.#waiting.delete(id);
    }
  }

  /** Stops all jobs; they have ended, with their temporary files gone, when this resolves. */
  async abort(): Promise<void> {
    if (!this.#ready) return void (await this.#worker.terminate());
    this.#send({ abort: true });
    await Promise.race([this.#empty(), this.#ended]);
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await Promise.race([this.#empty(), this.#ended]);
    await this.#worker.terminate();
  }

  #send(orders: Orders): void {
    this.#worker.postMessage(orders);
  }

  async #post(): Promise<void> {
    const jobs = this.#jobs;
    this.#jobs = [];
    const fresh = await this.#fresh();
    this.#send({ jobs, ...fresh });
  }

  /** Credentials, when they are others than those that were sent last. */
  async #fresh(): Promise<Pick<Orders, "credentials" | "noCredentials">> {
    try {
      const given = this.#options.credentials?.();
      const credentials = given instanceof Promise ? await given : given;
      if (credentials === undefined || credentials === this.#credentials) return {};
      this.#credentials = credentials;
      return { credentials };
    } catch (error) {
      return { noCredentials: carried(error) };
    }
  }

  #hear({ ready, done = [], moved = [], steps = [], expired, wanting }: News): void {
    if (ready) {
      this.#ready = true;
      this.#onReady();
    }
    for (const step of steps) this.#context.debug(`[2] ${step}`);
    for (let index = 0; index < moved.length; index += 2)
      this.#waiting.get(moved[index] as number)?.onBytes?.(moved[index + 1] as number);
    for (const [id, failure, result = {}] of done) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      waiting?.ended();
      if (failure === undefined) waiting?.resolve(result);
      else waiting?.reject(uncarried(failure));
    }
    this.#plan();
    if (this.#waiting.size === 0) this.#emptied?.();
    if (expired) this.#expire();
    if (wanting) void this.#lend();
  }

  /** This thread may have heard of it before: then it has others, or they are on their way. */
  #expire(): void {
    const current = this.#options.credentials?.();
    if (current instanceof Promise) current.catch(() => undefined);
    else if (current === this.#credentials) this.#options.expire();
  }

  async #lend(): Promise<void> {
    this.#credentials = undefined;
    this.#send(await this.#fresh());
  }

  #empty(): Promise<void> {
    return new Promise((resolve) => {
      this.#emptied = resolve;
      if (this.#waiting.size === 0) resolve();
    });
  }

  #lose(): void {
    this.#ready = false;
    for (const { reject } of this.#waiting.values()) reject(new ThreadLost("the second thread ended"));
    this.#waiting.clear();
  }
}
