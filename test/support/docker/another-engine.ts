import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, succeed } from "./command.js";
import { type Engine, type EngineOptions, type RunningEngine, startEngine } from "./docker-engine.js";

/**
 * Starts one more engine in the bed, on a bridge of its own: the first engine's rules stay as they are, and what builds
 * ask for is on this machine's own addresses.
 *
 * @param number 1 to 255, its own among the engines of the bed
 */
export async function startAnotherEngine(
  number: number,
  options: EngineOptions = {},
): Promise<RunningEngine> {
  const bridge = `another${number}`;
  await command("ip", ["link", "delete", bridge]);
  await succeed("ip", ["link", "add", bridge, "type", "bridge"]);
  await succeed("ip", ["address", "add", `172.30.${number}.1/24`, "dev", bridge]);
  await succeed("ip", ["link", "set", bridge, "up"]);
  const network = ["--bridge", bridge, "--iptables=false", "--ip6tables=false"];
  return startEngine(join(tmpdir(), bridge), { ...options, more: [...network, ...(options.more ?? [])] });
}

/** Hands images of one engine to another. */
export async function copyImages(from: Engine, to: Engine, names: readonly string[]): Promise<void> {
  const file = join(tmpdir(), "images.tar");
  await from.docker("save", "--output", file, ...names);
  await to.docker("load", "--quiet", "--input", file);
}
