import { existsSync, lstatSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { succeed } from "./command.js";

/** What a small Debian image holds, as far as a Dockerfile of ours can notice. */
const PACKAGES = [
  [
    "base-files",
    "bash",
    "coreutils",
    "dash",
    "debianutils",
    "diffutils",
    "findutils",
    "grep",
    "gzip",
    "hostname",
  ],
  ["libc-bin", "libc6", "mawk", "sed", "tar", "util-linux", "login"],
  ["libacl1", "libattr1", "libcrypt1", "libgcc-s1", "libgmp10", "libpcre2-8-0", "libselinux1", "libstdc++6"],
  ["libtinfo6", "libblkid1", "libmount1", "libsmartcols1", "libuuid1", "zlib1g"],
].flat();

const LEFT_OUT = /^\/(usr\/share\/(doc|man|locale|info|lintian|bug|common-licenses)|dev|proc|sys|run)\b/;

/** `/bin/ls` of a merged /usr is `/usr/bin/ls`: an archive must name it so. */
function realPlace(path: string): string {
  return join(realpathSync(dirname(path)), basename(path));
}

async function packageFiles(): Promise<string[]> {
  const known: string[] = [];
  for (const name of PACKAGES) {
    const list = await succeed("sh", ["-c", 'dpkg-query -L "$1" 2>/dev/null || true', "sh", name]);
    known.push(...list.split("\n"));
  }
  const wanted = known.filter((path) => path.startsWith("/") && path !== "/." && !LEFT_OUT.test(path));
  const places = wanted.filter((path) => existsSync(path) && path !== "/").map(realPlace);
  return [...new Set(places)].filter((path) => !lstatSync(path).isDirectory()).sort();
}

/** Copies files of this machine, by absolute path, below `root`. */
async function copyFiles(paths: readonly string[], root: string): Promise<void> {
  const list = `${root}.list`;
  writeFileSync(list, paths.join("\n"));
  const script = 'tar -C / -cf - -T "$1" --no-recursion | tar -C "$2" -xf -';
  await succeed("sh", ["-c", script, "sh", list, root]);
}

/** The libraries that a program is linked to, and the loader. */
export async function libraries(program: string): Promise<string[]> {
  const listed = await succeed("ldd", [program]);
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? "");
}

const ACCOUNTS = ["root:x:0:0:root:/root:/bin/bash", "node:x:1000:1000::/home/node:/bin/bash"];

/** The folders, links and accounts that a Debian image has before any package's files. */
export function skeleton(root: string): void {
  for (const folder of [
    "usr/bin",
    "usr/sbin",
    "usr/lib",
    "usr/lib64",
    "etc",
    "root",
    "home/node",
    "proc",
    "sys",
    "dev",
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  mkdirSync(join(root, "tmp"), { recursive: true });
  for (const name of ["bin", "sbin", "lib", "lib64"]) symlinkSync(`usr/${name}`, join(root, name));
  writeFileSync(
    join(root, "etc/passwd"),
    `${ACCOUNTS.join("\n")}\nnobody:x:65534:65534::/:/usr/sbin/nologin\n`,
  );
  writeFileSync(join(root, "etc/group"), "root:x:0:\nnode:x:1000:\nnogroup:x:65534:\n");
}

/**
 * A small Debian, made of the files that this machine's own packages installed: takes a second or two, needs no
 * network, and runs what a Dockerfile runs (sh, coreutils, tar).
 */
export async function debianRoot(root: string): Promise<void> {
  skeleton(root);
  await copyFiles(await packageFiles(), root);
  if (!existsSync(join(root, "usr/bin/sh"))) symlinkSync("dash", join(root, "usr/bin/sh"));
  if (!existsSync(join(root, "usr/bin/awk"))) symlinkSync("mawk", join(root, "usr/bin/awk"));
}
