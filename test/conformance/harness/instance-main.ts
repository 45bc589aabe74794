/**
 * Runs the built file against instance metadata services at the addresses of every instance, inside the network namespace
 * it was started in, and prints what came of it as JSON. Started by test/conformance/instance-addresses.test.ts.
 */
import { spawn } from "node:child_process";
import { BUILT_FILE } from "../../support/built-file.js";
import { startInstanceMetadata } from "../../support/instance-metadata/instance-metadata.js";
import { setUpNetwork } from "./network.js";

const ADDRESSES = ["169.254.169.254", "fd00:ec2::254"] as const;

/** Packets to 169.254.169.254 leave, and nothing ever comes back. */
const SWALLOWING = [
  "ip link set lo up",
  "ip link add out0 type veth peer name out1",
  "ip link set out0 up",
  "ip link set out1 up",
  "ip addr add 169.254.169.1/24 dev out0",
  "ip neigh add 169.254.169.254 lladdr 02:00:00:00:00:02 dev out0",
].join(" && ");

interface InstanceRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(env: Readonly<Record<string, string>>, around: readonly string[] = []): Promise<InstanceRun> {
  const node = process.env.FETCH_CREDS_NODE ?? process.execPath;
  const [command = "", ...args] = [...around, node, BUILT_FILE, "--instance-role"];
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (part: Buffer) => stdout.push(part));
  child.stderr.on("data", (part: Buffer) => stderr.push(part));
  return new Promise((resolve) =>
    child.once("close", (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    ),
  );
}

setUpNetwork(ADDRESSES);
const [ipv4, ipv6] = [
  await startInstanceMetadata({ listen: { address: ADDRESSES[0], port: 80 } }),
  await startInstanceMetadata({ listen: { address: ADDRESSES[1], port: 80 } }),
];
const counts = () => [ipv4.requests.length, ipv6.requests.length];
const byDefault = { ...(await run({})), counts: counts() };
const byMode = { ...(await run({ AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: "IPv6" })), counts: counts() };
const swallowed = await run({}, ["unshare", "-n", "sh", "-c", `${SWALLOWING} && exec "$@"`, "sh"]);
console.log(JSON.stringify({ byDefault, byMode, swallowed }));
process.exit(0);
