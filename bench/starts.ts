import { BUILT_FILE } from "../test/support/built-file.js";
import { startCredentialEndpoint } from "../test/support/credential-endpoint/credential-endpoint.js";
import { forkyRoot, inRoot } from "../test/support/forky/root.js";
import { type Measurement, measure, median } from "./measure.js";
import type { Result } from "./report.js";

/**
 * Whole processes that get the role's credentials, beside a Node that does nothing. In a clean environment: a
 * variable such as NODE_EXTRA_CA_CERTS would add to every start of Node.
 */
export async function measureStarts(runs: number, folder: string): Promise<Result> {
  const endpoint = await startCredentialEndpoint();
  const env = {
    PATH: "/usr/bin:/bin",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri,
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const programs: Record<string, readonly string[]> = {
    "fetch-creds": [process.execPath, BUILT_FILE, "verify"],
    "… export": [process.execPath, BUILT_FILE, "export"],
    "node -e 0": [process.execPath, "-e", "0"],
  };
  const root = await forkyRoot();
  if (root !== undefined) programs["AWS CLI"] = [...inRoot(root), "/usr/bin/aws", "--version"];
  const measured: Record<string, Measurement[]> = {};
  try {
    for (let run = 0; run < runs; run++) {
      for (const [name, command] of Object.entries(programs)) {
        const list = measured[name] ?? [];
        list.push(await measure(command, { env, folder }));
        measured[name] = list;
      }
    }
  } finally {
    await endpoint.close();
  }
  const medians = Object.fromEntries(Object.entries(measured).map(([name, list]) => [name, median(list)]));
  return { title: "the role's credentials (AWS CLI: only its version)", medians };
}
