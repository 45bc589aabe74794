import { lstatSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { TransferEvent, TransferState } from "../../src/output/transfer-events.js";
import { RunningScript } from "../../src/paths/running-script.js";
import { Filters } from "../../src/s3/filters/filters.js";
import { parseRoute, type Route } from "../../src/s3/locations/location.js";
import type { CopyOptions } from "../../src/s3/plan/copy-options.js";
import { Report } from "../../src/s3/plan/report.js";
import { TransferQueue } from "../../src/s3/plan/transfer-queue.js";
import type { LocalRules, Work } from "../../src/s3/plan/work.js";
import { type Held, MemoryStore } from "./memory-store.js";
import { type TemporaryFolder, temporaryFolder } from "./temporary-folder.js";

/** Options as they are when none is given. */
const PLAIN: CopyOptions = {
  filters: new Filters([]),
  read: {},
  write: {},
  copy: { copyProps: "default" },
  guessContentType: true,
  overwrite: { noOverwrite: false, ifSizeDiffer: false, ifSourceNewer: false },
  caseConflict: "ignore",
  dryRun: false,
  followSymlinks: true,
  forceGlacierTransfer: false,
  ignoreGlacierWarnings: false,
  pageSize: undefined,
};

/** What an event says, in one line. */
function lineOf(event: TransferEvent): string {
  switch (event.event) {
    case "done":
    case "dryrun": {
      const { operation, source, destination } = event.transfer;
      return `${event.event === "dryrun" ? "(dryrun) " : ""}${operation}: ${source}${destination ? ` to ${destination}` : ""}`;
    }
    case "failed":
      return `failed: ${event.transfer.source} ${event.failure.id}`;
    case "skipped":
    case "unverified":
      return `${event.event}: ${event.transfer.source} ${event.reason}`;
    case "warning":
    case "note":
      return `${event.event}: ${event.id}: ${event.message}`;
    default:
      return event.event;
  }
}

/** The surroundings of a plan: a store in memory, a real folder, and all that is said. */
export class PlanWorld {
  readonly store = new MemoryStore();
  readonly folder: TemporaryFolder = temporaryFolder();
  readonly events: TransferEvent[] = [];
  /** How far progress has been told, each time. */
  readonly states: TransferState[] = [];
  /** Whether progress was taken away, and the lines handed over. */
  cleared = 0;
  flushed = 0;

  constructor() {
    onTestFinished(() => this.folder.remove());
  }

  /** The events, a line each, without the folder's path. */
  get said(): string[] {
    return this.events.map((event) => lineOf(event).replaceAll(this.folder.path, "ROOT"));
  }

  /** How far progress has been told last. */
  get state(): TransferState | undefined {
    return this.states.at(-1);
  }

  report(): Report {
    return new Report(
      { say: (event) => void this.events.push(event), flush: () => void this.flushed++ },
      {
        moved: (state) => void this.states.push({ ...state }),
        clear: () => void this.cleared++,
      },
    );
  }

  work(options: Partial<CopyOptions> = {}, local: Partial<LocalRules> = {}): Work {
    return {
      store: this.store,
      report: this.report(),
      queue: new TransferQueue(),
      options: { ...PLAIN, ...options },
      workingFolder: this.folder.path,
      local: { uid: process.getuid?.(), idleFolders: 8, script: new RunningScript(""), ...local },
    };
  }

  /** Makes files, all of the same time (milliseconds since the epoch). */
  files(contents: Readonly<Record<string, string>>, modified = 1_000_000): void {
    for (const [name, content] of Object.entries(contents)) {
      mkdirSync(dirname(this.folder.at(name)), { recursive: true });
      writeFileSync(this.folder.at(name), content);
      utimesSync(this.folder.at(name), modified / 1000, modified / 1000);
    }
  }

  /** Makes objects of the bucket `b`, all of the same time but those that have one. */
  objects(contents: Readonly<Record<string, string | Held>>, modified = 1_000_000): void {
    for (const [key, held] of Object.entries(contents))
      this.store.objects.set(`b/${key}`, typeof held === "string" ? { body: held, modified } : held);
  }

  /** The files that are there, with their content; links are none. */
  get present(): Record<string, string> {
    const names = readdirSync(this.folder.path, { recursive: true, encoding: "utf8" }).sort();
    const files = names.filter((name) => lstatSync(join(this.folder.path, name)).isFile());
    return Object.fromEntries(files.map((name) => [name, readFileSync(this.folder.at(name), "utf8")]));
  }

  /** The objects that are there, by bucket and key, with their content. */
  get stored(): Record<string, string> {
    return Object.fromEntries([...this.store.objects].map(([name, { body }]) => [name, body]).sort());
  }

  /** What was asked of the store, but its listings. */
  get requests(): string[] {
    return this.store.asked.filter((line) => !line.startsWith("ListObjectsV2"));
  }

  /** Operands as they are typed; what is not in S3, nor a stream, lies below the folder. */
  route(source: string, target: string, many = false): Route {
    const placed = (operand: string) =>
      /^(s3:|-$|\/)/.test(operand) ? operand : join(this.folder.path, operand);
    return parseRoute(placed(source), placed(target), many);
  }
}
