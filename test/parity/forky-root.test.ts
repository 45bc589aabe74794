import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { command } from "../support/docker/command.js";
import { libraries } from "../support/docker/debian-files.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";
import { until } from "../support/until.js";

const FORKY = resolve("test/support/forky");
const MAKE_ROOT = join(FORKY, "make-root.sh");
/** Nobody listens there. */
const UNREACHABLE = "http://127.0.0.1:1/debian";

const mayMount =
  process.getuid?.() === 0 && spawnSync("unshare", ["--mount", "--pid", "--fork", "true"]).status === 0;
const hasDebootstrap = spawnSync("sh", ["-c", "command -v debootstrap"]).status === 0;

const hasDpkg = spawnSync("sh", ["-c", "command -v dpkg-query"]).status === 0;

const PROGRAMS = ["dockerd", "docker", "podman", "buildah", "radosgw", "aws", "python3", "rclone"];

/** In debootstrap's place: the root is a copy of the one in $TEMPLATE. Asked to hang, it does. */
const DEBOOTSTRAP = `#!/bin/sh
echo "$4" >>"$CALLS"
cp -a "$TEMPLATE/." "$3"
[ -z "\${HANG-}" ] || exec sleep infinity
`;

/** In chroot's place: nothing is installed; a package that the mirror lacks is $LACKS. */
const CHROOT = `#!/bin/sh
case " $* " in
*" apt-get install "*" \${LACKS:-none} "*) echo "E: Unable to locate package $LACKS"; exit 100 ;;
esac
`;

function writeProgram(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** The least root that in-root.sh can enter: a shell, umount, and programs that say a version. */
async function makeTemplate(folder: string): Promise<void> {
  for (const name of ["proc", "sys", "dev", "tmp", "etc/apt/apt.conf.d", "etc/apt/sources.list.d"])
    mkdirSync(join(folder, name), { recursive: true });
  for (const name of ["etc/apt/preferences.d", "etc/dpkg/dpkg.cfg.d", "usr/sbin", "var/lib/apt/lists"])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "dev/null"), "");
  for (const program of ["/bin/sh", "/usr/bin/umount"]) {
    for (const file of [program, ...(await libraries(program))])
      cpSync(file, join(folder, file), { dereference: true });
  }
  for (const name of PROGRAMS)
    writeProgram(join(folder, "usr/bin", name), `#!/bin/sh\necho "${name} 1.2.3"\n`);
}

interface Scratch {
  readonly folder: TemporaryFolder;
  readonly root: string;
  readonly template: string;
  readonly env: Readonly<Record<string, string>>;
  /** The mirrors that debootstrap was asked to take, in order. */
  calls(): string[];
}

/** A place for a root, and what stands in for debootstrap and chroot. */
async function scratch(): Promise<Scratch> {
  const folder = temporaryFolder();
  const [root, template, calls] = [folder.at("place/root"), folder.at("template"), folder.at("calls")];
  await makeTemplate(template);
  writeProgram(folder.at("stubs/debootstrap"), DEBOOTSTRAP);
  writeProgram(folder.at("stubs/chroot"), CHROOT);
  return {
    folder,
    root,
    template,
    env: {
      PATH: `${folder.at("stubs")}:/usr/sbin:/sbin:${process.env.PATH}`,
      FETCH_CREDS_FORKY: root,
      FETCH_CREDS_MIRROR: "http://mirror.example/debian",
      TEMPLATE: template,
      CALLS: calls,
      TZ: "UTC",
    },
    calls: () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []),
  };
}

const VERSIONS = `Docker Engine 1.2.3
Docker CLI 1.2.3
buildx 1.2.3
compose 1.2.3
podman 1.2.3
buildah 1.2.3
Ceph 1.2.3
AWS CLI 1.2.3
AWS CRT 1.2.3
rclone 1.2.3
`;

const MARK = ".made-by";

describe.skipIf(!mayMount)("test/support/forky/make-root.sh", () => {
  it("makes the root once, says its versions each time, and uses it again", async () => {
    const { folder, root, env, calls } = await scratch();
    using _ = folder;
    for (const run of [1, 2]) {
      const made = await command(MAKE_ROOT, [], { env });
      expect({ run, code: made.code, stdout: made.stdout }).toEqual({ run, code: 0, stdout: VERSIONS });
    }
    expect(calls()).toEqual(["http://mirror.example/debian"]);
    expect(readFileSync(join(root, "etc/resolv.conf"), "utf8")).toBe("nameserver 127.0.0.1\n");
    expect((await command(MAKE_ROOT, ["--unasked"], { env })).output).toBe("");
  });

  it.each([
    ["is half made", undefined],
    ["was made of something else", "another recipe\n"],
  ])("makes it again where what stands there %s", async (_, mark) => {
    const { folder, root, env, calls } = await scratch();
    using __ = folder;
    for (const place of [root, `${root}.new`]) {
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, "old"), "");
      if (mark !== undefined) writeFileSync(join(place, MARK), mark);
    }
    const made = await command(MAKE_ROOT, [], { env });
    expect(made, made.output).toMatchObject({ code: 0, stdout: VERSIONS });
    expect(calls()).toHaveLength(1);
    expect(existsSync(join(root, "old"))).toBe(false);
    expect(existsSync(`${root}.new`)).toBe(false);
    expect(readFileSync(join(root, MARK), "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it("makes it again after a week; where it cannot be, that of last week is used, and it says so", async () => {
    const { folder, root, env, calls } = await scratch();
    using _ = folder;
    await command(MAKE_ROOT, [], { env });
    const old = new Date(Date.now() - 8 * 86_400_000);
    utimesSync(join(root, MARK), old, old);
    const lacks = await command(MAKE_ROOT, [], { env: { ...env, LACKS: "podman" } });
    expect(lacks, lacks.output).toMatchObject({ code: 0 });
    const day = old.toISOString().slice(0, 10);
    expect(lacks.stdout).toBe(`could not be made again: the root of ${day} is used\n${VERSIONS}`);
    // Each time is tried twice.
    expect(calls()).toHaveLength(3);
    const again = await command(MAKE_ROOT, [], { env });
    expect(again).toMatchObject({ code: 0, stdout: VERSIONS });
    expect(calls()).toHaveLength(4);
  });

  it("ends with 3 and the mirror's own words where a package is not to be had, and leaves nothing", async () => {
    const { folder, root, env, calls } = await scratch();
    using _ = folder;
    const made = await command(MAKE_ROOT, [], { env: { ...env, LACKS: "podman" } });
    expect(made.code, made.output).toBe(3);
    expect(made.stdout).toContain("E: Unable to locate package podman\n");
    expect(made.stdout).toMatch(/\nDebian's testing suite cannot be installed\n$/);
    expect(calls()).toHaveLength(2);
    expect([root, `${root}.new`].filter(existsSync)).toEqual([]);
  });

  it.skipIf(!hasDebootstrap)("ends with 3 where the mirror does not answer", async () => {
    const { folder, root, env } = await scratch();
    using _ = folder;
    const PATH = env.PATH!.replace(folder.at("stubs"), "/nonexistent");
    const made = await command(MAKE_ROOT, [], { env: { ...env, PATH, FETCH_CREDS_MIRROR: UNREACHABLE } });
    expect(made.code, made.output).toBe(3);
    expect(made.stdout).toContain(`Failed getting release file ${UNREACHABLE}`);
    expect([root, `${root}.new`].filter(existsSync)).toEqual([]);
  });

  it("fails where a part is installed and does not work, and names it", async () => {
    const { folder, template, env } = await scratch();
    using _ = folder;
    const broken = "#!/bin/sh\necho 'buildah: cannot open shared object file' >&2\nexit 127\n";
    writeProgram(join(template, "usr/bin/buildah"), broken);
    const made = await command(MAKE_ROOT, [], { env });
    expect(made.code, made.output).toBe(1);
    const said = "buildah does not work: buildah: cannot open shared object file";
    expect(made.stdout).toBe(VERSIONS.replace("buildah 1.2.3", said));
  });

  it("is not held up by one that was killed while it made the root, and takes nothing of it", async () => {
    const { folder, root, env, calls } = await scratch();
    using _ = folder;
    const dying: ChildProcess = spawn(MAKE_ROOT, [], { env: { ...env, HANG: "yes" }, stdio: "ignore" });
    await until(() => existsSync(join(`${root}.new`, "usr/bin/rclone")));
    writeFileSync(join(`${root}.new`, "half"), "");
    dying.kill("SIGKILL");
    await once(dying, "exit");
    const made = await command(MAKE_ROOT, [], { env });
    expect(made, made.output).toMatchObject({ code: 0, stdout: VERSIONS });
    expect(calls()).toHaveLength(2);
    expect(existsSync(join(root, "half"))).toBe(false);
  });
});

/** Runs `.ci/run forky` where make-root.sh is this one. */
async function continuousIntegration(makeRoot: string) {
  using folder = temporaryFolder();
  mkdirSync(folder.at(".ci"));
  cpSync(".ci/run", folder.at(".ci/run"));
  writeProgram(folder.at("test/support/forky/make-root.sh"), makeRoot);
  const { code, stdout } = await command(folder.at(".ci/run"), ["forky"]);
  const lines = stdout.trim().split("\n");
  return { code, first: lines[0], last: lines.at(-1), stdout };
}

const LACK =
  "Debian's testing suite cannot be installed: parity and the cases of Docker 28 were not run, Ceph is Debian 12's";

describe.skipIf(!mayMount)(".ci/run", () => {
  it.skipIf(!hasDebootstrap)(
    "says first and last what is not run without a mirror, and does not fail",
    async () => {
      using folder = temporaryFolder();
      const settings = `FETCH_CREDS_FORKY=${folder.at("root")} FETCH_CREDS_MIRROR=${UNREACHABLE}`;
      const run = await continuousIntegration(`#!/bin/sh\n${settings} exec ${MAKE_ROOT}\n`);
      expect(run, run.stdout).toMatchObject({ code: 0, first: LACK });
      expect(run.last).toBe(`1 passed, 0 failed, 0 skipped; ${LACK}`);
    },
  );

  it("tells of a step that passed what was not run in it", async () => {
    const run = await continuousIntegration("#!/bin/sh\nprintf 'one\\nnot run here:\\n  a\\n  b\\ntwo\\n'");
    expect(run.stdout).toContain("\nnot run here:\n  a\n  b\n-- forky ok ");
    expect(run.stdout).not.toMatch(/^(one|two)$/m);
  });

  it("says first and at the end which versions it ran", async () => {
    const run = await continuousIntegration(
      "#!/bin/sh\necho 'Docker Engine 28.5.2'; echo 'AWS CLI 2.36.17'\n",
    );
    const peers = "peers: Docker Engine 28.5.2, AWS CLI 2.36.17";
    expect(run, run.stdout).toMatchObject({ code: 0, first: peers });
    if (hasDpkg) expect(run.stdout).toMatch(/\nof this machine: .*bash \d/);
    expect(run.stdout).toMatch(
      /\npeers: Docker Engine 28\.5\.2, AWS CLI 2\.36\.17\n1 passed, 0 failed, 0 skipped\n$/,
    );
  });

  it("fails where a part of the root does not work", async () => {
    const run = await continuousIntegration("#!/bin/sh\necho 'podman does not work: broken'; exit 1\n");
    expect(run, run.stdout).toMatchObject({ code: 1, last: "0 passed, 1 failed, 0 skipped" });
    expect(run.stdout).toContain("podman does not work: broken");
    expect(run.stdout).toContain("failed: forky\n");
  });
});
