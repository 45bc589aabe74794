import { mkdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { runBuilt, startBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";
import {
  contentOf,
  generationOf,
  generationsIn,
  SIZES,
  temporaryFiles,
  writeGeneration,
} from "./generations.js";

/** Kills over all of the jobs: 500 in a long run, some dozens in CI. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 500);

interface Job {
  readonly what: string;
  readonly args: readonly string[];
  readonly direction: "down" | "up";
}

const JOBS: readonly Job[] = [
  {
    what: "a download",
    direction: "down",
    args: ["cp", "s3://b/p/large.bin", "files/", "--part-size", "5MiB"],
  },
  { what: "a recursive download", direction: "down", args: ["cp", "s3://b/p", "files", "--recursive"] },
  { what: "a sync down", direction: "down", args: ["sync", "s3://b/p", "files"] },
  { what: "an upload", direction: "up", args: ["cp", "files/large.bin", "s3://b/p/", "--part-size", "5MiB"] },
  { what: "a sync up", direction: "up", args: ["sync", "files", "s3://b/p"] },
];

/** A bucket and a folder, one of which is copied to the other. */
class Bench {
  readonly #endpoint: CredentialEndpoint;
  readonly #server: S3Server;
  readonly #folder: TemporaryFolder;
  readonly #job: Job;
  /** Multipart uploads and temporary files that were there before the last run: a killed one ends and removes none. */
  #openUploads = 0;
  #leftBefore: ReadonlySet<string> = new Set();

  constructor(endpoint: CredentialEndpoint, server: S3Server, folder: TemporaryFolder, job: Job) {
    this.#endpoint = endpoint;
    this.#server = server;
    this.#folder = folder;
    this.#job = job;
  }

  /** Gives the source a new generation of every file. */
  renew(generation: number): void {
    if (this.#job.direction === "up") writeGeneration(this.#folder.at("files"), generation);
    else for (const name of SIZES.keys()) this.#server.put("b", `p/${name}`, contentOf(name, generation));
  }

  /** Everything that stands at the target under its own name. */
  target(): Map<string, number | undefined> {
    if (this.#job.direction === "down") return generationsIn(this.#folder.at("files"));
    const bucket = this.#server.bucket("b");
    return new Map(
      bucket.keys().map((key) => {
        const name = key.slice("p/".length);
        return [name, generationOf(name, bucket.object(key)?.body ?? Buffer.alloc(0))];
      }),
    );
  }

  leftovers(): string[] {
    return temporaryFiles(this.#folder.at("files"));
  }

  /** Temporary files of the last run alone. */
  #ownLeftovers(): string[] {
    return this.leftovers().filter((name) => !this.#leftBefore.has(name));
  }

  /** Whether the run that goes on has begun to write. */
  #hasBegun(): boolean {
    if (this.#job.direction === "down") return this.#ownLeftovers().length > 0;
    return this.#server.requests.some(({ operation }) =>
      /^(CreateMultipartUpload|PutObject)$/.test(operation),
    );
  }

  /** Whether a kill met it in the middle: some of this generation is there, and not all. */
  wasInterrupted(generation: number): boolean {
    if (this.#job.direction === "down") return this.#ownLeftovers().length > 0;
    const generations = [...this.target().values()];
    const some = generations.includes(generation) && generations.some((one) => one !== generation);
    return some || this.#server.bucket("b").uploads.size > this.#openUploads;
  }

  get options() {
    return {
      cwd: this.#folder.path,
      env: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: this.#endpoint.uri,
        AWS_REGION: "us-east-1",
        AWS_ENDPOINT_URL: this.#server.url,
      },
    };
  }

  /** Runs the job to its end; gives back the milliseconds it took. */
  async finish(): Promise<number> {
    const start = Date.now();
    const result = await runBuilt([...this.#job.args, "--no-progress"], this.options);
    expect(result.stderr).toBe("");
    expect(result.code).toBe(0);
    return Date.now() - start;
  }

  /** Runs the job and kills it, after so many milliseconds or when it has begun to write; true when it was running. */
  async kill(when: number | "begun"): Promise<boolean> {
    this.#server.forget();
    this.#openUploads = this.#server.bucket("b").uploads.size;
    this.#leftBefore = new Set(this.leftovers());
    const { child, finished } = startBuilt(this.#job.args, this.options);
    const kill = () => child.kill("SIGKILL");
    const look = () => {
      if (this.#hasBegun()) kill();
    };
    const timer = when === "begun" ? setInterval(look, 1) : setTimeout(kill, when);
    const { signal } = await finished;
    clearInterval(timer);
    return signal === "SIGKILL";
  }
}

/** Whole files of this generation or of one before, under every name. */
function expectWhole(target: ReadonlyMap<string, number | undefined>, newest: number): void {
  for (const [name, generation] of target) {
    expect(generation, `${name} is whole`).toBeDefined();
    expect(generation).toBeLessThanOrEqual(newest);
  }
}

describe(`SIGKILL at random moments, ${ROUNDS} times`, () => {
  it.concurrent.for(JOBS)(
    "never leaves $what with a wrong or partial file, and the next run finishes",
    { timeout: 1_800_000 },
    async (job) => {
      const endpoint = await startCredentialEndpoint();
      const server = await startS3Server({ keys: endpoint.keys, buckets: ["b"] });
      const folder = temporaryFolder();
      try {
        mkdirSync(folder.at("files"));
        const bench = new Bench(endpoint, server, folder, job);
        bench.renew(1);
        let duration = await bench.finish();
        const only =
          job.args[0] === "cp" && !job.args.includes("--recursive") ? ["large.bin"] : [...SIZES.keys()];
        let kills = 0;
        let interrupted = 0;
        const wanted = Math.ceil(ROUNDS / JOBS.length);
        let generation = 1;
        // Until one has met it in the middle, too, which a machine with much else to do may put off.
        while (kills < wanted || (interrupted === 0 && kills < 10 * wanted)) {
          generation += 1;
          bench.renew(generation);
          // Every other one comes when there is something to be left behind.
          const killed = await bench.kill(generation % 2 === 0 ? "begun" : Math.random() * duration);
          expectWhole(bench.target(), generation);
          if (killed) kills += 1;
          // It ended before its time: the machine is faster than it was.
          else duration = Math.max(50, duration * 0.9);
          if (bench.wasInterrupted(generation)) interrupted += 1;
          if (generation % 10 !== 0 && kills < wanted) continue;
          duration = await bench.finish();
          expect(bench.leftovers()).toEqual([]);
          const target = bench.target();
          for (const name of only) expect(target.get(name), name).toBe(generation);
        }
        console.log(`${job.what}: ${kills} kills, ${interrupted} of them in the middle`);
        expect(interrupted).toBeGreaterThan(0);
      } finally {
        await Promise.all([server.close(), endpoint.close()]);
        folder.remove();
      }
    },
  );
});
