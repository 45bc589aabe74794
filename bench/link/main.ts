/** The link in a process of its own: `main.ts TARGET_PORT OPTIONS_AS_JSON`; prints the port it listens on. */
import type { AddressInfo } from "node:net";
import { createLink } from "./link.js";

const [target, options] = process.argv.slice(2) as [string, string];
const server = createLink(Number(target), JSON.parse(options));
server.listen(0, "127.0.0.1", 1024, () => console.log((server.address() as AddressInfo).port));
// It ends with who started it, however that ends.
process.stdin.on("end", () => process.exit()).resume();
