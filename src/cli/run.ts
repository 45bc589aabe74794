import type { Context } from "../context.js";
import { Failure } from "../failure.js";

export async function run(argv: readonly string[], context: Context): Promise<number> {
  const side = await import("../s3-side.js");
  try {
    await side.probe();
  } catch (e) {
    context.stdout.write(`${e instanceof Failure} ${argv}\n`);
  }
  return 0;
}
