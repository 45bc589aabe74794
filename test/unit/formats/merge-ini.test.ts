import { describe, expect, it } from "vitest";
import { holdsProfiles, mergeIni } from "../../../src/formats/merge-ini.js";
import { expectLinear } from "../../support/time-growth.js";

const OURS = "[build]\naws_access_key_id = NEW\naws_secret_access_key = SECRET\n";
const merge = (text: string, section = OURS) => mergeIni(text, section);

describe("a section that is merged into a file of profiles", () => {
  it.each([
    ["is all of an empty one", "", OURS],
    ["comes last, after an empty line", "[a]\nx = 1\n", `[a]\nx = 1\n\n${OURS}`],
    ["comes last, after the empty line that is there", "[a]\nx = 1\n\n", `[a]\nx = 1\n\n${OURS}`],
    ["comes last where the last line has no end", "[a]\nx = 1", `[a]\nx = 1\n\n${OURS}`],
    ["comes after comments", "# mine\n", `# mine\n\n${OURS}`],
    [
      "takes the place of the one of that name",
      "# top\n[a]\nx=1\n\n[build]\naws_access_key_id = OLD\naws_secret_access_key = OLD\naws_session_token = OLD\n\n[c]\ny : 2 ; z\n",
      `# top\n[a]\nx=1\n\n${OURS}\n[c]\ny : 2 ; z\n`,
    ],
    [
      "keeps what says nothing of credentials, comments and nested settings too",
      "[build]\noutput = json\n# note\naws_access_key_id = OLD\ns3 =\n  max_queue_size = 1\nrole_arn = x\n[c]\n",
      `${OURS}output = json\n# note\ns3 =\n  max_queue_size = 1\n[c]\n`,
    ],
    [
      "takes away what other tools say of its keys",
      "[build]\nx_security_token_expires = x\nx_principal_arn = y\naws_security_token = z\nsso_session = w\ncredential_process = v\nexpiration = u\n",
      OURS,
    ],
    [
      "takes away the lines that go on with one of these",
      "[build]\naws_session_token = a\n  b\n  c\nregion = r\n",
      `${OURS}region = r\n`,
    ],
    [
      "is where it stands first, and nothing of its keys stays where it stands again",
      "[build]\nregion = r\n[c]\n[build]\naws_access_key_id = OLD\n",
      `${OURS}region = r\n[c]\n[build]\n`,
    ],
    [
      "is known by its name alone",
      "  [ build ] # x\naws_access_key_id = OLD\n",
      `  [ build ] # x\n${OURS.slice(8)}`,
    ],
    [
      "replaces settings that are indented, and is indented as they are",
      "[build]\n  aws_access_key_id = OLD\n  aws_secret_access_key: OLD\n  region = r\n  s3 =\n    x = y\n",
      "[build]\n  aws_access_key_id = NEW\n  aws_secret_access_key = SECRET\n  region = r\n  s3 =\n    x = y\n",
    ],
    [
      "leaves a section after it that is indented its own",
      " [build]\n [c]\n x = y\n",
      " [build]\n aws_access_key_id = NEW\n aws_secret_access_key = SECRET\n [c]\n x = y\n",
    ],
    [
      "is indented as the section that follows, which would be its last setting's otherwise",
      "[build]\n [c]\n[d]\n",
      "[build]\n aws_access_key_id = NEW\n aws_secret_access_key = SECRET\n [c]\n[d]\n",
    ],
    ["is not another's whose name begins alike", "[builder]\na = 1\n", `[builder]\na = 1\n\n${OURS}`],
    ["is whole where its header is the last line", "[a]\n[build]", `[a]\n${OURS}`],
    [
      "leaves others the keys that they have",
      "[a]\naws_access_key_id = A\n[build]\naws_access_key_id = OLD\n[c]\nrole_arn = x\n",
      `[a]\naws_access_key_id = A\n${OURS}[c]\nrole_arn = x\n`,
    ],
    ["stands below an empty file's line ends", "\n", `\n${OURS}`],
    ["stands below a file of blanks", " ", ` \n${OURS}`],
    ["is not what only ends like its header", "[a]\nx = [build]\n", `[a]\nx = [build]\n\n${OURS}`],
    ["is not what only begins like its header", "[a]\n[build] x\n", `[a]\n[build] x\n\n${OURS}`],
    [
      "keeps names that only begin or end like those of credentials, and comments with them",
      "[build]\nmy_role_arn = x\nrole_arn_of = x\n# role_arn = x\n",
      `${OURS}my_role_arn = x\nrole_arn_of = x\n# role_arn = x\n`,
    ],
    [
      "keeps what is nested below another setting, and not what is below one of credentials",
      "[build]\ns3 =\n  role_arn = x\nrole_arn = y\n  s3 = z\n",
      `${OURS}s3 =\n  role_arn = x\n`,
    ],
    [
      "keeps lines that are no settings, in any place",
      "[build]\n  odd\naws_session_token = a\nodd line\n",
      `[build]\n  ${OURS.split("\n").slice(1, -1).join("\n  ")}\n  odd\nodd line\n`,
    ],
    [
      "is indented as its header where nothing follows",
      " [build]\n",
      " [build]\n aws_access_key_id = NEW\n aws_secret_access_key = SECRET\n",
    ],
  ])("%s", (_, text, expected) => {
    expect(merge(text)).toBe(expected);
  });

  it("has the line ends of the file", () => {
    expect(merge("[a]\r\nx=1\r\n")).toBe(`[a]\r\nx=1\r\n\r\n${OURS.replaceAll("\n", "\r\n")}`);
    expect(merge("[build]\r\naws_access_key_id=1\r\n[c]\r\n")).toBe(
      `${OURS.replaceAll("\n", "\r\n")}[c]\r\n`,
    );
  });

  it("replaces its region where it has one", () => {
    const withRegion = `${OURS}region = new\n`;
    expect(merge("[build]\nregion = old\noutput = json\n", withRegion)).toBe(`${withRegion}output = json\n`);
  });

  it("leaves bytes that are no text as they are", () => {
    const bytes = Buffer.from([0x5b, 0x61, 0x5d, 0x0a, 0xff, 0xfe, 0x00, 0x80, 0x0a]).toString("latin1");
    expect(merge(bytes)).toBe(`${bytes}\n${OURS}`);
  });

  it("takes time in proportion to the file", () =>
    expectLinear((size) => {
      const count = Math.ceil(size / 8);
      return `[a]\n${"x = 1\n".repeat(count)}${"[".repeat(count)}\n[build]\n${" ".repeat(count)}\n`;
    }, merge));
});

describe("a file of profiles", () => {
  it.each([
    ["", true],
    ["# comment\n; another\n\n", true],
    ["[default]\n", true],
    ["\u00ef\u00bb\u00bf[default]\n", true],
    ["# x\n[a]\nb = c\n", true],
    ["export A=1\n", false],
    ["#!/bin/sh\n[ -f x ] && y\n", false],
    ['{"a": 1}\n', false],
    ["a = 1\n[b]\n", false],
  ])("%j: %s", (text, expected) => {
    expect(holdsProfiles(text)).toBe(expected);
  });
});
