import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { debianRoot, libraries, skeleton } from "./debian-files.js";
import type { Engine } from "./docker-engine.js";

/** The names in our Dockerfiles that a Debian without Node satisfies. */
const DEBIAN_NAMES = ["debian:bookworm-slim", "ubuntu:16.04"];
const NODE_NAMES = ["node:22-slim"];
const DISTROLESS_NAME = "gcr.io/distroless/nodejs22-debian12";

/**
 * Copies a file by its path, following links, so that the loader finds the library under the name it asks for. What is
 * there already goes first: an absolute link that a package brought leads to this machine's own file.
 */
function copyAs(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { force: true });
  copyFileSync(source, target);
}

async function addLibraries(program: string, root: string): Promise<void> {
  for (const library of await libraries(program)) copyAs(library, join(root, library));
}

/** Node and, where this machine's Node has it beside itself, npm: as the official image lays them out. */
async function addNode(root: string): Promise<void> {
  const node = realpathSync(process.execPath);
  copyAs(node, join(root, "usr/local/bin/node"));
  await addLibraries(node, root);
  const npm = join(dirname(node), "../lib/node_modules/npm");
  if (!existsSync(npm)) return;
  cpSync(realpathSync(npm), join(root, "usr/local/lib/node_modules/npm"), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(root, "usr/local/bin/npm"));
}

/**
 * Stand-ins for the images that our Dockerfiles begin with, made from this machine's Debian packages and its Node, so
 * that no registry is asked. `environment` is set in those that have Node: the S3 server's address goes there, which
 * lets the Dockerfiles stay as a user writes them.
 */
export async function importBaseImages(
  engine: Engine,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const settings = Object.entries(environment).map(([name, value]) => `ENV ${name}=${value}`);
  const debian = join(folder, "debian");
  mkdirSync(debian, { recursive: true });
  await debianRoot(debian);
  chmodSync(join(debian, "tmp"), 0o1777);
  chownSync(join(debian, "home/node"), 1000, 1000);
  await engine.importImage(debian, DEBIAN_NAMES, ['CMD ["bash"]']);

  await addNode(debian);
  await engine.importImage(debian, NODE_NAMES, ['CMD ["node"]', ...settings]);

  const bare = join(folder, "bare");
  mkdirSync(bare, { recursive: true });
  skeleton(bare);
  const node = realpathSync(process.execPath);
  copyAs(node, join(bare, "nodejs/bin/node"));
  await addLibraries(node, bare);
  chmodSync(join(bare, "tmp"), 0o1777);
  mkdirSync(join(bare, "home/nonroot"));
  chownSync(join(bare, "home/nonroot"), 65532, 65532);
  await engine.importImage(bare, [DISTROLESS_NAME], ['ENTRYPOINT ["/nodejs/bin/node"]', ...settings]);
  await engine.importImage(
    bare,
    [`${DISTROLESS_NAME}:nonroot`],
    ['ENTRYPOINT ["/nodejs/bin/node"]', "USER 65532", ...settings],
  );
}
