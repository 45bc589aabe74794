import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { inRoot } from "../../../support/forky/root.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";
import type { Program, Run } from "../observed.js";
import { makeCertificate } from "./certificate.js";

/** Namespaces that work at the same time, each with a recorder of its own, so that no request is another run's. */
const SHARES = 3;

const WORKER = "test/parity/identity/bed/worker.ts";

type Line = Run & { readonly title: string; readonly program: Program };

async function runShare(root: string, args: readonly string[]): Promise<Line[]> {
  const worker = [process.execPath, "--import", "tsx", WORKER, ...args];
  const [program, ...rest] = ["unshare", "-n", ...inRoot(root), ...worker];
  const child = spawn(program!, rest, { stdio: ["ignore", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`a worker of the identity table ended with ${code}`);
  const lines = Buffer.concat(chunks).toString().trim().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Line);
}

/** What each program did of each set-up, by title. */
export async function runAll(root: string): Promise<Map<string, Record<Program, Run>>> {
  using folder = temporaryFolder();
  const { certificate, key } = makeCertificate(folder.path);
  const shares = Array.from({ length: SHARES }, (_, share) => {
    mkdirSync(folder.at(`${share}`));
    return runShare(root, [`${share}`, `${SHARES}`, folder.at(`${share}`), certificate, key]);
  });
  const runs = new Map<string, Record<Program, Run>>();
  for (const { title, program, ...run } of (await Promise.all(shares)).flat())
    runs.set(title, { ...runs.get(title), [program]: run } as Record<Program, Run>);
  return runs;
}
