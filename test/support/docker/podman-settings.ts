import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { succeed } from "./command.js";

/** This machine's own limits: not even root may raise them everywhere. */
async function limits(): Promise<string> {
  const [files, processes] = (await succeed("bash", ["-c", "ulimit -Hn; ulimit -Hu"]))
    .replaceAll("unlimited", "-1")
    .split("\n");
  return `["nofile=${files}:${files}", "nproc=${processes}:${processes}"]`;
}

/** Writes what podman and buildah need on a machine without systemd, with a storage of their own in `folder`; the variables that name it. */
export async function podmanSettings(folder: string): Promise<Readonly<Record<string, string>>> {
  const settings = `[containers]\npids_limit = 0\ndefault_ulimits = ${await limits()}\n`;
  writeFileSync(join(folder, "containers.conf"), settings);
  writeFileSync(
    join(folder, "storage.conf"),
    `[storage]\ndriver = "overlay"\ngraphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`,
  );
  return {
    CONTAINERS_CONF_OVERRIDE: join(folder, "containers.conf"),
    CONTAINERS_STORAGE_CONF: join(folder, "storage.conf"),
  };
}
