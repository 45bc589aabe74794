import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld } from "../support/built-world.js";

const PAGE = readFileSync("docs/policies.md", "utf8");

/** The actions that IAM wants for a request (AWS' Service Authorization Reference, "API operations defined by Amazon S3"). */
const ACTIONS: Readonly<Record<string, string>> = {
  GetObject: "s3:GetObject",
  HeadObject: "s3:GetObject",
  ListObjectsV2: "s3:ListBucket",
  PutObject: "s3:PutObject",
  DeleteObject: "s3:DeleteObject",
  ListBuckets: "s3:ListAllMyBuckets",
};

/** A row of the table: for each of its commands, what it says of the bucket and of the objects. */
const ROWS = [...PAGE.matchAll(/^\| (`.*?`.*?) \| (.*?) ?\| (.*?) ?\|$/gm)].map(
  ([, commands = "", bucket = "", objects = ""]) => ({
    commands: [...commands.matchAll(/`([a-z][^`]*)`/g)].map(([, command = ""]) => command),
    actions: [...`${bucket} ${objects}`.matchAll(/`(s3:\w+)`/g)].map(([, action = ""]) => action).sort(),
    bucket,
    objects,
  }),
);

const DENIED = {
  status: 403,
  headers: {},
  body: Buffer.from("<Error><Code>AccessDenied</Code><Message>no</Message></Error>"),
};

const ALL = ROWS.flatMap(({ commands, ...row }) => commands.map((command) => ({ command, ...row })));

describe("the table of docs/policies.md", () => {
  const world = builtWorld();

  /** The page's words as a command line: `s3://B/P` has an object, D is a folder and F a file. */
  function lineOf(command: string): string[] {
    const [bucket, other] = [world.bucket({ "p/k": "x", k: "x", "p/old": "x" }), world.bucket()];
    const folder = world.place({ new: "x" });
    return command.split(" ").map((word) =>
      word
        .replace(/^s3:\/\/B\/P(\/?)$/, `s3://${bucket}/p$1`)
        .replace(/^s3:\/\/B\/K$/, `s3://${bucket}/k`)
        .replace(/^s3:\/\/C\/K$/, `s3://${other}/k`)
        .replace(/^D$/, folder)
        .replace(/^F$/, `${folder}/new`)
        .replace(/^\.$/, `${world.place()}/`),
    );
  }

  /** Runs a command where S3 lets it do these actions alone; its exit code, and what it was refused. */
  async function runWith(command: string, allowed: readonly string[]) {
    const args = command.startsWith("exec") ? [command, "--", "true"] : lineOf(command);
    world.server.instead = ({ operation, headers }) => {
      const action = headers["x-amz-copy-source"] === undefined ? ACTIONS[operation] : "a copy";
      return action === "a copy" || allowed.includes(action ?? operation) ? undefined : DENIED;
    };
    world.server.forget();
    const { code, stderr } = await world.run(args);
    world.server.instead = undefined;
    return { code, stderr, requests: world.server.requests.length };
  }

  it.each(ALL)("is what is enough, and needed, for: $command", async ({ command, actions }) => {
    const enough = await runWith(command, actions);
    // Without S3 there is nothing here that gives credentials.
    if (actions.length === 0) {
      expect(enough).toMatchObject({ code: expect.toBeOneOf([1, 253]), requests: 0 });
      expect(enough.stderr).not.toContain("AccessDenied");
    } else {
      expect(enough.code, enough.stderr).toBe(0);
      expect(enough.requests).toBeGreaterThan(0);
    }
    // The tags of a copy are looked at by S3 itself, within its one request.
    const needed = actions.filter((action) => !action.endsWith("Tagging") && !command.includes("s3://C/"));
    for (const action of needed) {
      const others = actions.filter((other) => other !== action);
      const { code } = await runWith(command, others);
      expect({ without: action, code }).not.toEqual({ without: action, code: 0 });
    }
  });

  it("puts listing with the bucket, and all else with the objects", () => {
    expect(ALL.length).toBeGreaterThan(12);
    for (const { bucket, objects } of ALL) {
      expect(["", "`s3:ListBucket`"]).toContain(bucket);
      expect(objects).not.toContain("ListBucket");
    }
  });
});

describe("a policy of docs/policies.md", () => {
  const policies = [...PAGE.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);

  it.each(policies)("names the bucket for listing, and its objects for the rest: %s", (text) => {
    const { Version, Statement } = JSON.parse(text) as {
      readonly Version: string;
      readonly Statement: readonly {
        readonly Effect: string;
        readonly Action: string | string[];
        readonly Resource?: string;
      }[];
    };
    expect(Version).toBe("2012-10-17");
    for (const { Effect, Action, Resource } of Statement) {
      expect(Effect).toBe("Allow");
      for (const action of [Action].flat())
        if (action.startsWith("s3:"))
          expect(Resource).toMatch(
            action === "s3:ListBucket" ? /^arn:aws:s3:::[^/]+$/ : /^arn:aws:s3:::.+\/\*$/,
          );
    }
  });

  it("is there for every action that the table names", () => {
    const given = policies.join("\n");
    for (const action of new Set(ALL.flatMap(({ actions }) => actions)))
      expect(given).toContain(`"${action}"`);
  });
});
