import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { fileInImage, filesInImage, tracesInImage } from "../support/docker/image-contents.js";
import { OBJECTS, objectsBelow } from "../support/docker/objects.js";
import { podmanSettings } from "../support/docker/podman-settings.js";
import { standInForTerraform } from "../support/docker/terraform.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import {
  CODEBUILD,
  description,
  engine,
  expectBuilt,
  expectFailed,
  expectNoSecret,
  readYaml,
  SECRET,
  SECRETS,
  shell,
} from "./suite.js";

const RECIPES = "docs/recipes";
const SETTINGS = OBJECTS["app/settings.json"];

/** What an image holds: a folder of it, and its files. */
type Held = readonly [folder: string, files: Readonly<Record<string, Buffer | undefined>>];

async function expectHeld(tag: string, [folder, expected]: Held): Promise<void> {
  const files = await filesInImage(engine, tag, folder);
  const names = Object.keys(expected);
  for (const name of names) expect(files[name]?.equals(expected[name]!), name).toBe(true);
  const ours = Object.keys(files).filter((name) => !name.startsWith("."));
  expect(ours.sort()).toEqual(names.sort());
}

interface Built {
  /** The folder below docs/recipes. */
  readonly recipe: string;
  readonly holds?: Held;
}

/** Every recipe whose Dockerfile is built with the secret, as its own files or its README say. */
const BUILT: readonly Built[] = [
  { recipe: "codebuild-secret", holds: ["/app", { "settings.json": SETTINGS }] },
  { recipe: "private-packages" },
  {
    recipe: "model-weights",
    holds: [
      "/opt/model",
      {
        "config.json": OBJECTS["models/tiny/config.json"],
        "weights.bin": OBJECTS["models/tiny/weights.bin"],
      },
    ],
  },
  { recipe: "ubuntu-16.04", holds: ["/etc/myapp", { "settings.json": SETTINGS }] },
  { recipe: "distroless", holds: ["/home/nonroot", { "settings.json": SETTINGS }] },
  { recipe: "non-root", holds: ["/home/node/app", { "settings.json": SETTINGS }] },
  { recipe: "credential-process" },
  { recipe: "compose", holds: ["/app", { "settings.json": SETTINGS }] },
  { recipe: "bake", holds: ["/app", { "settings.json": SETTINGS }] },
  { recipe: "eks-pod-identity" },
  { recipe: "ec2-runner", holds: ["/app", { "settings.json": SETTINGS }] },
  { recipe: "buildah", holds: ["/app", { "settings.json": SETTINGS }] },
];

/** Recipes with a buildspec, whose commands are run as CodeBuild runs them. */
const BUILDSPECS: readonly Required<Built>[] = [
  { recipe: "codebuild-secret", holds: ["/app", { "settings.json": SETTINGS }] },
  { recipe: "codebuild-build-arg", holds: ["/app", { "settings.json": SETTINGS }] },
  { recipe: "cache-key", holds: ["/srv/assets", objectsBelow("app/assets/")] },
];

/** Recipes that are built in the tests of their names, in handed-over, podman and assumed-roles.test.ts. */
const ELSEWHERE = [
  ...["cdk", "codeartifact", "gitlab-ci", "multi-platform", "podman", "remote-builder"],
  ...["cross-account", "irsa"],
];

describe("docs/recipes", () => {
  beforeAll(() => standInForTerraform(engine));

  it("are all known here", () => {
    const folders = readdirSync(RECIPES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const known = [...[...BUILT, ...BUILDSPECS].map(({ recipe }) => recipe), ...ELSEWHERE, "github-actions"];
    expect(folders.map((folder) => folder.name).sort()).toEqual([...new Set(known)].sort());
  });

  it.each(BUILT)(
    "$recipe: its Dockerfile builds, and nothing of the secret stays",
    async ({ recipe, holds }) => {
      using context = buildContext({}, join(RECIPES, recipe));
      const tag = `recipe:${recipe}`;
      const built = await engine.build({ context: context.path, secrets: [SECRET], env: CODEBUILD, tag });
      expectBuilt(built);
      expectNoSecret(built.output);
      if (holds !== undefined) await expectHeld(tag, holds);
      expect(await tracesInImage(engine, tag, SECRETS)).toEqual([]);
    },
  );

  it("private-packages: the image runs the package that came from the bucket", async () => {
    const said = await engine.docker("run", "--rm", "recipe:private-packages");
    expect(said.trim()).toBe("hello from a private package");
  });

  it("credential-process: the program got the role's keys", async () => {
    const plan = await fileInImage(engine, "recipe:credential-process", "/plan/plan.tfplan");
    const digest = createHash("sha256").update(description.roleKeys.secretAccessKey).digest("hex");
    expect(plan.toString()).toBe(digest);
  });

  it("eks-pod-identity: start.sh fetches with the agent's token, and its program can refresh by itself", async () => {
    // In the program's place: asks the agent once more, as an SDK does when keys expire.
    const server = `const { readFileSync } = require("node:fs");
      const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file } = process.env;
      fetch(uri, { headers: { authorization: readFileSync(file, "utf8") } })
        .then((answer) => answer.json())
        .then((keys) => console.log(readFileSync("/tmp/settings.json", "utf8").trim(), typeof keys.SecretAccessKey,
          process.env.AWS_SECRET_ACCESS_KEY));`;
    using volume = temporaryFolder();
    writeFileSync(volume.at("server.js"), server);
    writeFileSync(volume.at("token"), description.podToken);
    chmodSync(volume.path, 0o755);
    const folder = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount";
    const mounts = [`${volume.path}:${folder}:ro`, `${volume.at("server.js")}:/app/server.js:ro`];
    const variables = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials",
      `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=${folder}/token`,
    ];
    const said = await engine.docker(
      "run",
      "--rm",
      ...mounts.flatMap((mount) => ["--volume", mount]),
      ...variables.flatMap((variable) => ["--env", variable]),
      "recipe:eks-pod-identity",
    );
    expect(said).toContain(`${SETTINGS?.toString().trim()} string undefined`);
  });

  it("ec2-runner: the keys that the host asks for do, too, as a secret", async () => {
    const readme = readFileSync(join(RECIPES, "ec2-runner/README.md"), "utf8");
    const script = [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, text = ""]) => text)[1] ?? "";
    expect(script).toContain("export --instance-role");
    using context = buildContext({}, join(RECIPES, "codebuild-secret"));
    const dockerfile = readFileSync(join(context.path, "Dockerfile"), "utf8");
    writeFileSync(
      join(context.path, "Dockerfile"),
      dockerfile.replace("id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "id=aws-credentials"),
    );
    await engine.run(["image", "rm", "myapp:latest"]);
    const run = await shell(script, context.path, { AWS_REGION: "us-east-1" });
    expect(run.code, run.output).toBe(0);
    expectNoSecret(run.output);
    expect(await fileInImage(engine, "myapp:latest", "/app/settings.json")).toEqual(SETTINGS);
  });

  it("a secret that was forgotten never becomes the instance's role", async () => {
    using context = buildContext({}, join(RECIPES, "codebuild-secret"));
    const env = { AWS_REGION: "us-east-1" };
    // Another build of the recipe would be in the cache: secrets are no part of its key.
    const built = await engine.build({ context: context.path, env, more: ["--no-cache"] });
    expectFailed(built, /no credential source found/, 253);
  });

  it.each(BUILDSPECS)(
    "$recipe: the commands of its buildspec.yml do the build",
    async ({ recipe, holds }) => {
      const spec = (await readYaml(join(RECIPES, recipe, "buildspec.yml"))) as {
        readonly version: number;
        readonly env?: { readonly variables: Readonly<Record<string, string>> };
        readonly phases: Readonly<Record<string, { readonly commands: readonly string[] }>>;
      };
      expect(spec.version).toBe(0.2);
      const { build, install, ...others } = spec.phases;
      expect(others).toEqual({});
      if (install !== undefined) expect(install).toEqual({ "runtime-versions": { nodejs: 22 } });
      using context = buildContext({}, join(RECIPES, recipe));
      const commands = build!.commands;
      for (const line of commands) expect(typeof line).toBe("string");
      // As CodeBuild does: one shell for all of them, the first failure ends it.
      const run = await shell(commands.join("\n"), context.path, {
        ...CODEBUILD,
        DOCKER_BUILDKIT: "0",
        ...spec.env?.variables,
      });
      expect(run.code, run.output).toBe(0);
      await expectHeld("myapp:latest", holds);
      expect(await tracesInImage(engine, "myapp:latest", SECRETS)).toEqual([]);
    },
  );

  it("github-actions: the workflow's steps are in order, and its build runs with the role's keys", async () => {
    const file = join(RECIPES, "github-actions/workflow.yml");
    const workflow = (await readYaml(file)) as {
      readonly permissions: Readonly<Record<string, string>>;
      readonly jobs: { readonly image: { readonly steps: readonly { uses?: string; run?: string }[] } };
    };
    expect(workflow.permissions).toEqual({ "id-token": "write", contents: "read" });
    const steps = workflow.jobs.image.steps;
    expect(steps.map((step) => step.uses?.split("@")[0] ?? "run")).toEqual([
      "actions/checkout",
      "aws-actions/configure-aws-credentials",
      "run",
    ]);
    using context = buildContext({}, join(RECIPES, "github-actions"));
    using runnerTemp = temporaryFolder();
    const { accessKeyId, secretAccessKey, sessionToken } = description.roleKeys;
    const run = await shell(steps[2]!.run!, context.path, {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_EC2_METADATA_DISABLED: "true",
      DOCKER_BUILDKIT: "1",
      RUNNER_TEMP: runnerTemp.path,
    });
    expect(run.code, run.output).toBe(0);
    expectNoSecret(run.output);
    expect(await fileInImage(engine, "myapp:latest", "/app/settings.json")).toEqual(SETTINGS);
  });

  it("github-actions: the same Dockerfile builds in CodeBuild", async () => {
    using context = buildContext({}, join(RECIPES, "github-actions"));
    const built = await engine.build({
      context: context.path,
      secrets: [SECRET],
      env: CODEBUILD,
      tag: "github",
    });
    expectBuilt(built);
    expect(await fileInImage(engine, "github", "/app/settings.json")).toEqual(SETTINGS);
  });

  it("cache-key: in the image that builds, as its page says", async () => {
    const [, line = ""] = /^```sh\n([\s\S]*?)^```$/m.exec(
      readFileSync(join(RECIPES, "cache-key/README.md"), "utf8"),
    )!;
    using context = buildContext({});
    const run = await shell(`${line}\necho "$ASSETS"`, context.path, CODEBUILD);
    expect(run.code, run.output).toBe(0);
    expect(run.stdout.trim()).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ["compose", "docker compose build"],
    ["bake", "docker buildx bake"],
  ])("%s: `%s` builds with the secret", async (recipe, command) => {
    using context = buildContext({}, join(RECIPES, recipe));
    await engine.run(["image", "rm", "myapp:latest"]);
    const run = await shell(`${command} --progress plain`, context.path, CODEBUILD);
    expect(run.code, run.output).toBe(0);
    expectNoSecret(run.output);
    expect(await fileInImage(engine, "myapp:latest", "/app/settings.json")).toEqual(SETTINGS);
    expect(await tracesInImage(engine, "myapp:latest", SECRETS)).toEqual([]);
  });

  it("buildah: build.sh builds with the real buildah", async () => {
    using context = buildContext({}, join(RECIPES, "buildah"));
    using storage = temporaryFolder();
    await engine.docker("save", "--output", storage.at("node.tar"), "node:22-slim");
    writeFileSync(storage.at("registries.conf"), 'unqualified-search-registries = ["docker.io"]\n');
    const env = {
      ...CODEBUILD,
      ...(await podmanSettings(storage.path)),
      CONTAINERS_REGISTRIES_CONF: storage.at("registries.conf"),
    };
    const script = `buildah pull -q docker-archive:${storage.at("node.tar")}
      ./build.sh
      buildah push -q myapp:latest docker-archive:${storage.at("built.tar")}:buildah:latest
      buildah rmi --all --force >/dev/null`;
    const run = await shell(script, context.path, env);
    expect(run.code, run.output).toBe(0);
    expectNoSecret(run.output);
    await engine.docker("load", "--input", storage.at("built.tar"));
    const images = await engine.docker("images", "--format", "{{.Repository}}:{{.Tag}}");
    const image = images.split("\n").find((name) => name.endsWith("buildah:latest"))!;
    expect(await fileInImage(engine, image, "/app/settings.json")).toEqual(SETTINGS);
    expect(await tracesInImage(engine, image, SECRETS)).toEqual([]);
  });
});

describe("not run here, only read", () => {
  const NOT_RUN = [
    "ec2-runner: EC2 itself, and aws ec2 modify-instance-metadata-options (a stand-in was asked at the real address)",
    "eks-pod-identity/pod.yaml: EKS itself (start.sh was run against a stand-in for its agent)",
    "github-actions/workflow.yml: GitHub's runner and its two actions (its build step was run)",
    "gitlab-ci/.gitlab-ci.yml: GitLab's runner, and apk (its script was run)",
    "*/buildspec.yml: CodeBuild itself (the commands were run, but for those of cdk)",
    "irsa: EKS itself, GitHub's runner (build.sh and the workflow's last step were run); cross-account: two accounts of AWS'",
    "remote-builder: CodeBuild's Docker server, the drivers remote and kubernetes",
    "real base images, Ubuntu's and Alpine's too: they are in a registry; npm has no Node for musl",
  ];
  afterAll(() => console.log(`not run here:\n  ${NOT_RUN.join("\n  ")}`));

  it("pod.yaml runs the image under a service account, and passes no keys", async () => {
    const pod = (await readYaml(join(RECIPES, "eks-pod-identity/pod.yaml"))) as {
      readonly kind: string;
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly { readonly env: readonly { readonly name: string }[] }[];
      };
    };
    expect(pod.kind).toBe("Pod");
    expect(pod.spec.serviceAccountName).toBe("myapp");
    expect(pod.spec.containers[0]!.env.map(({ name }) => name)).toEqual(["AWS_REGION"]);
  });
});
