/**
 * Runs its share of the set-ups, one after the other, in the network and mount namespace it was started in, and prints a
 * JSON line for each. Its arguments: which share, of how many, a folder of its own, the certificate, its key.
 */
import { join } from "node:path";
import type { Program } from "../observed.js";
import { CONTROL, SET_UPS } from "../table.js";
import { AwsCli } from "./aws-cli.js";
import { setUpNetwork, startNameServer } from "./network.js";
import { Recorder } from "./recorder.js";
import { runSetUp } from "./run-set-up.js";

const [share = "0", shares = "1", folder = "", certificate = "", key = ""] = process.argv.slice(2);
/** IDENTITY_ONLY and IDENTITY_PROGRAMS narrow the table while one works on a row. */
const only = new RegExp(process.env.IDENTITY_ONLY ?? "");
const programs = (process.env.IDENTITY_PROGRAMS ?? "aws,ours").split(",") as Program[];
/** Every tenth is run by the AWS CLI as a program of its own: what a fork of a loaded one does must be the same. */
const WHOLE_EVERY = 10;

setUpNetwork();
await startNameServer();
const recorder = new Recorder();
// What the container's agent, the instance and endpoints of variables are asked at.
for (const port of [80, 8080]) await recorder.listen(port, "0.0.0.0");
await recorder.listenSecurely({ certificate, key }, 443, "0.0.0.0");
const home = join(folder, "home");
const cli = await AwsCli.start(folder, home);
const bed = { recorder, cli, home, certificate };
for (const [index, setUp] of SET_UPS.entries()) {
  if (index % Number(shares) !== Number(share) || (!only.test(setUp.title) && setUp.title !== CONTROL))
    continue;
  for (const program of programs) {
    const run = await runSetUp(setUp, program, bed, index % WHOLE_EVERY === 0);
    console.log(JSON.stringify({ title: setUp.title, program, ...run }));
  }
}
process.exit(0);
