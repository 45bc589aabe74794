/**
 * Run in namespaces of its own (unshare -rnm): starts the command given while the only name server is one that never
 * answers, sends it SIGTERM once that has been asked, and prints how it ended, as JSON.
 */
const { execFileSync, spawn } = require("node:child_process");
const { createSocket } = require("node:dgram");

const [resolvConf, ...command] = process.argv.slice(2);
execFileSync("ip", ["link", "set", "lo", "up"]);
execFileSync("mount", ["--bind", resolvConf, "/etc/resolv.conf"]);

const server = createSocket("udp4");
server.bind(53, "127.0.0.1", () => {
  const began = Date.now();
  const child = spawn(command[0], command.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
  let stdout = "";
  let asked;
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  server.once("message", () => {
    asked = Date.now();
    child.kill("SIGTERM");
  });
  child.once("close", (code, signal) => {
    console.log(
      JSON.stringify({ code: signal ?? code, stdout, startMs: asked - began, ms: Date.now() - asked }),
    );
    process.exit();
  });
});
