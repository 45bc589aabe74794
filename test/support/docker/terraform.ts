import { buildContext } from "./build-context.js";
import type { Engine } from "./docker-engine.js";

/** In Terraform's place: runs the credential_process of ~/.aws/config as an SDK does, and keeps a digest of the key. */
const TERRAFORM = `#!/usr/bin/env node
const { execSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { readFileSync, writeFileSync } = require("node:fs");
const [verb, option = ""] = process.argv.slice(2);
if (verb === "plan") {
  const config = readFileSync(process.env.HOME + "/.aws/config", "utf8");
  const keys = JSON.parse(execSync(/^credential_process = (.*)$/m.exec(config)[1]));
  if (keys.Version !== 1) throw new Error("not version 1");
  writeFileSync(option.replace("-out=", ""), createHash("sha256").update(keys.SecretAccessKey).digest("hex"));
}
`;

/** Makes `hashicorp/terraform:1.9`, for every test that begins with it. */
export async function standInForTerraform(engine: Engine): Promise<void> {
  const dockerfile =
    "FROM debian:bookworm-slim\nCOPY terraform /bin/terraform\nRUN chmod 755 /bin/terraform\n";
  using context = buildContext({ Dockerfile: dockerfile, terraform: TERRAFORM });
  const { code, output } = await engine.build({ context: context.path, tag: "hashicorp/terraform:1.9" });
  if (code !== 0) throw new Error(output);
}
