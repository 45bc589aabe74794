import { execFileSync } from "node:child_process";

/** The real addresses of the protocol. */
export const AGENTS = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"] as const;

/** What must never be contacted: public look-alikes, neighbours, and what an escaped URI would lead to. */
export const SILENT = [
  "169.254.170.22",
  "169.254.170.3",
  "169.254.169.254",
  "169.254.170.200",
  "8.8.8.8",
  "1.1.1.1",
  "2.2.2.2",
  "10.0.0.1",
  "192.168.0.1",
  "128.0.0.1",
  "126.255.255.255",
  "fd00:ec2::24",
  "fd00:ec2::254",
  "fe80::23",
  "2001:db8::1",
] as const;

/** Names for the namespace's own /etc/hosts. */
export const HOSTS = [
  "127.0.0.1 localhost",
  "::1 localhost",
  "127.0.0.1 loop.test",
  "127.0.0.5 loops.test",
  "127.0.0.1 loops.test",
  "127.0.0.1 mixed.test",
  "8.8.8.8 mixed.test",
  "8.8.8.8 public.test",
  "169.254.170.2 agent.test",
  "10.0.0.1 private.test",
  "",
].join("\n");

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
}

/** Gives the namespace that we are in these addresses, on its loopback device. Nothing of it is seen outside. */
export function setUpNetwork(addresses: readonly string[] = [...AGENTS, ...SILENT]): void {
  run("ip", "link", "set", "lo", "up");
  for (const address of addresses)
    run(
      "ip",
      "addr",
      "add",
      `${address}/${address.includes(":") ? 128 : 32}`,
      "dev",
      "lo",
      ...(address.includes(":") ? ["nodad"] : []),
    );
}

/** Shell lines that make a network in which packets to 169.254.170.2 leave and nothing ever comes back. */
export const SWALLOWING = [
  "ip link set lo up",
  "ip link add out0 type veth peer name out1",
  "ip link set out0 up",
  "ip link set out1 up",
  "ip addr add 169.254.170.1/24 dev out0",
  "ip neigh add 169.254.170.2 lladdr 02:00:00:00:00:02 dev out0",
].join(" && ");
