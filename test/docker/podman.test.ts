import { chmodSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { command, succeed } from "../support/docker/command.js";
import { podmanSettings } from "../support/docker/podman-settings.js";
import * as suite from "./suite.js";

const { BUILD_ARGUMENT: NAME, CODEBUILD, engine, expectNoSecret, inForky, MOUNT, SECRET, SECRETS } = suite;

const PROGRAMS = ["podman", "buildah"] as const;

/** Prints how long the secret is, in bytes. */
const SIZE = `echo "$(wc -c < /run/secrets/${NAME}) bytes"`;

/** The user of the root that rootless builds run as; make-root.sh makes it. */
const BUILDER = 1500;

/** As root, and as a user of no rights: what each of them is run by, inside the root. */
const USERS = {
  root: "",
  rootless: `mount -t tmpfs tmpfs /dev/net && mknod -m 666 /dev/net/tun c 10 200
    mkdir -p /run/user/${BUILDER} && chown ${BUILDER} /run/user/${BUILDER} && chmod 700 /run/user/${BUILDER}
    export XDG_RUNTIME_DIR=/run/user/${BUILDER}
    exec setpriv --reuid ${BUILDER} --regid ${BUILDER} --clear-groups `,
} as const;

let archive: string;

beforeAll(async () => {
  archive = join(tmpdir(), "node.tar");
  await engine.docker("save", "--output", archive, "node:22-slim");
  chmodSync(archive, 0o644);
  // pasta wants a way out; this one leads nowhere.
  await command("ip", ["link", "add", "nowhere", "type", "veth", "peer", "name", "nowhere-end"]);
  for (const words of [
    ["address", "replace", "10.99.9.1/30", "dev", "nowhere"],
    ["link", "set", "nowhere", "up"],
    ["link", "set", "nowhere-end", "up"],
    ["route", "replace", "default", "via", "10.99.9.2"],
  ])
    await succeed("ip", words);
});

/** Fills the user's folder; the variables that its programs need. */
async function prepare(folder: string): Promise<Readonly<Record<string, string>>> {
  mkdirSync(join(folder, "context"), { recursive: true });
  cpSync("docs/recipes/podman/Dockerfile", join(folder, "context/Dockerfile"));
  for (const program of PROGRAMS)
    cpSync(`docs/recipes/${program}/build.sh`, join(folder, `context/${program}.sh`));
  cpSync(BUILT_FILE, join(folder, "context/fetch-creds.js"));
  writeFileSync(
    join(folder, "context/Dockerfile.env"),
    `FROM node:22-slim\nCOPY fetch-creds.js /\nRUN ${MOUNT},env=ADDRESS node /fetch-creds.js\n`,
  );
  writeFileSync(join(folder, "context/Dockerfile.size"), `FROM node:22-slim\nRUN ${MOUNT} ${SIZE}\n`);
  return podmanSettings(folder);
}

describe.each(["root", "rootless"] as const)("as %s", (user) => {
  const folder = join(tmpdir(), `podman-${user}`);
  let settings: Readonly<Record<string, string>>;

  /** Runs a line of shell as that user, where the context is. */
  async function run(line: string) {
    const script = `set -e
      export HOME=${folder} TMPDIR=${folder}
      cd ${folder}/context
      ${USERS[user]}sh -ec "$LINE"`;
    return inForky(["sh", "-c", script], { env: { ...CODEBUILD, ...settings, LINE: line } });
  }

  beforeAll(async () => {
    settings = await prepare(folder);
    if (user === "rootless") await succeed("chown", ["-R", `${BUILDER}:${BUILDER}`, folder]);
    const pulled = await run(`podman pull -q docker-archive:${archive}`);
    expect(pulled.code, pulled.output).toBe(0);
  });

  it.each(PROGRAMS)(
    "%s builds by the recipe's build.sh, and the image keeps nothing of the secret",
    async (program) => {
      const inspect =
        program === "podman"
          ? "podman history --no-trunc myapp:latest; podman inspect myapp:latest"
          : "buildah inspect myapp:latest";
      const push = program === "podman" ? "podman push" : "buildah push --disable-compression";
      const save = `${push} -q myapp:latest dir:${folder}/${program}-saved`;
      const read = `for layer in ${folder}/${program}-saved/*; do gzip -dcf "$layer"; done | grep -acF -e`;
      const built = await run(`./${program}.sh; ${inspect}; ${save}
      for needle in ${Object.values(SECRETS).join(" ")}; do ! ${read} "$needle" || echo LEAKED; done
      ${read} '{"greeting":'`);
      expect(built.code, built.output).toBe(0);
      expect(built.output).toContain("download: s3://my-bucket/app/settings.json to ./settings.json");
      expect(built.output).not.toContain("LEAKED");
      expectNoSecret(built.output);
    },
  );

  it.each(PROGRAMS)("%s knows no secret as a variable, and says so", async (program) => {
    const built = await run(`${program} build --secret ${SECRET} --file Dockerfile.env .`);
    expect(built.code).not.toBe(0);
    expect(built.output).toContain(
      "secret should have syntax id=id[,target=path,required=bool,mode=uint,uid=uint,gid=uint",
    );
  });

  it.runIf(user === "root").each(PROGRAMS)(
    "%s takes a variable of the secret's name before the file, but for type=file",
    async (program) => {
      const size = `${program} build --no-cache --file Dockerfile.size --secret id=${NAME}`;
      const built = await run(`printf 12345678901 > ../address
        ${size},src=../address .
        ${size},type=file,src=../address .
        env -u ${NAME} ${size},src=../address .`);
      expect(built.code, built.output).toBe(0);
      expect(built.output.match(/^\d+ bytes$/gm)).toEqual(["0 bytes", "11 bytes", "11 bytes"]);
    },
  );

  it.runIf(user === "root").each(PROGRAMS)(
    "%s says little of a variable that is not set",
    async (program) => {
      const build = `env -u ${NAME} ${program} build --no-cache --file Dockerfile.size --secret id=${NAME}`;
      const alone = await run(`${build} .`);
      expect(alone.code, alone.output).toBe(125);
      expect(alone.output).toMatch(/could not parse secrets: faccessat .*no such file or directory/);
      const named = await run(`${build},env=${NAME} .`);
      expect(named.code, named.output).toBe(0);
      expect(named.output).toMatch(/^0 bytes$/m);
    },
  );

  it.runIf(user === "rootless").each(PROGRAMS)("%s wants a context that the user owns", async (program) => {
    await succeed("chown", ["-R", "0:0", join(folder, "context")]);
    const built = await run(`${program} build --no-cache --secret ${SECRET} .`);
    await succeed("chown", ["-R", `${BUILDER}:${BUILDER}`, join(folder, "context")]);
    expect(built.code, built.output).toBe(125);
    expect(built.output).toMatch(/sanitizing bind subdirectory .*: permission denied/);
  });

  it.runIf(user === "root").each(PROGRAMS)("%s writes what --env gives into the image", async (program) => {
    const built = await run(`printf 'FROM node:22-slim\\nRUN true\\n' > ../Dockerfile.true
      ${program} build --file ../Dockerfile.true --env ${NAME} --tag baked . ; ${program} inspect baked`);
    expect(built.code, built.output).toBe(0);
    expect(built.output).toContain(`${NAME}=${CODEBUILD[NAME]}`);
  });
});

it("buildah reaches the endpoint with --isolation chroot, too", async () => {
  const folder = join(tmpdir(), "podman-root");
  const build = `buildah build --no-cache --isolation chroot --secret ${SECRET} .`;
  const env = { ...CODEBUILD, ...(await podmanSettings(folder)), HOME: folder, TMPDIR: folder };
  const built = await inForky(["sh", "-c", build], { cwd: join(folder, "context"), env });
  expect(built.code, built.output).toBe(0);
  const downloads = built.output.match(/download: .*/g);
  expect(downloads).toEqual(["download: s3://my-bucket/app/settings.json to ./settings.json"]);
});
