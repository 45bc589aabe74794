import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { rawServer } from "../support/raw-server.js";
import { runBuilt } from "../support/run-built.js";
import { assumedRole } from "../support/sts-answers.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const KEYS = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  AWS_REGION: "us-east-1",
};

const RANGE = "Content-Range: bytes 0-4/5";

/** Answers to GetObject, each as the bytes of its connection. */
const TAKEN: Readonly<Record<string, string>> = {
  "lines that end without CR": `HTTP/1.1 206 OK\nContent-Length: 5\n${RANGE}\nETag: "e"\n\nhello`,
  "a folded header": `HTTP/1.1 206 OK\r\nContent-Length: 5\r\nContent-Range: bytes\r\n 0-4/5\r\nETag: "e"\r\n\r\nhello`,
  "the same length twice": `HTTP/1.1 206 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n${RANGE}\r\nETag: "e"\r\n\r\nhello`,
  "no reason": `HTTP/1.1 206\r\nContent-Length: 5\r\n${RANGE}\r\nETag: "e"\r\n\r\nhello`,
  "HTTP/1.0 and no length": `HTTP/1.0 206 OK\r\n${RANGE}\r\nETag: "e"\r\n\r\nhello`,
  "extensions of chunks, and trailers": `HTTP/1.1 206 OK\r\nTransfer-Encoding: chunked\r\n${RANGE}\r\nETag: "e"\r\n\r\n2;a="b"\r\nhe\r\n3\r\nllo\r\n0\r\nX: y\r\n\r\n`,
  "early hints before it": `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 206 OK\r\nContent-Length: 5\r\n${RANGE}\r\nETag: "e"\r\n\r\nhello`,
};

const REFUSED: Readonly<Record<string, readonly [answer: string, fault: string]>> = {
  "two lengths": [
    `HTTP/1.1 206 OK\r\nContent-Length: 5\r\nContent-Length: 4\r\n${RANGE}\r\n\r\nhello`,
    "an unclear length",
  ],
  "a length and chunks": [
    `HTTP/1.1 206 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n${RANGE}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    "both a length and chunks",
  ],
  "another protocol": ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "no HTTP/1 status line"],
};

async function copied(answer: string) {
  const { url, requests } = await rawServer((_, socket) => void socket.end(answer, "latin1"));
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const run = await runBuilt(["cp", "s3://b/k", "f"], {
    cwd: folder.path,
    env: { ...KEYS, AWS_ENDPOINT_URL: url, AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" },
  });
  return { ...run, requests: requests.length, file: () => readFileSync(folder.at("f"), "utf8") };
}

describe("an object whose answer has", () => {
  it.each(Object.entries(TAKEN))("%s is copied with one request", async (_form, answer) => {
    const { code, stderr, requests, file } = await copied(answer);
    expect({ code, stderr, requests }).toEqual({ code: 0, stderr: "", requests: 1 });
    expect(file()).toBe("hello");
  });

  it.each(Object.entries(REFUSED))("%s is not copied, after five tries", async (_form, [answer, fault]) => {
    const { code, stderr, requests, file } = await copied(answer);
    expect({ code, requests }).toEqual({ code: 1, requests: 5 });
    expect(stderr).toContain(
      `No response when calling the GetObject operation: the response is not valid HTTP: ${fault}`,
    );
    expect(file).toThrow("ENOENT");
  });
});

describe("whose keys they are", () => {
  const XML =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/u</Arn><UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

  /** `verify` with these options, of which STS is asked, and answers so with these line ends. */
  async function asked(lineEnd: string, options: readonly string[] = ["--sts"], xml = XML) {
    const lines = ["HTTP/1.1 200 OK", `Content-Length: ${xml.length}`, "", xml];
    const { url, requests } = await rawServer((_, socket) => void socket.end(lines.join(lineEnd)));
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION } = KEYS;
    writeFileSync(
      folder.at("keys"),
      `AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID}\nAWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY}\n`,
    );
    const run = await runBuilt(
      ["verify", "--credentials-file", folder.at("keys"), ...options, "--endpoint-url-sts", url],
      { env: { AWS_REGION } },
    );
    return { ...run, requests: requests.length };
  }

  it("is believed of a response in HTTP's own form alone", async () => {
    const strict = await asked("\r\n");
    expect(strict).toMatchObject({ code: 0, stderr: "", requests: 1 });
    expect(strict.stdout).toContain("arn:aws:iam::123456789012:user/u");
    const lax = await asked("\n");
    expect(lax).toMatchObject({ code: 255, stdout: "", requests: 5 });
    expect(lax.stderr).toContain("the response is not valid HTTP: a line that ends without CR");
  });

  it("and so are the keys of a role that it gives", async () => {
    const arn = "arn:aws:iam::210987654321:role/deploy";
    const session = "arn:aws:sts::210987654321:assumed-role/deploy/fetch-creds";
    const xml = assumedRole({ arn: session, keys: { Expiration: "2099-01-01T00:00:00Z" } });
    const strict = await asked("\r\n", ["--role-arn", arn], xml);
    expect(strict).toMatchObject({ code: 0, stderr: "", requests: 1 });
    expect(strict.stdout).toContain(session);
    const lax = await asked("\n", ["--role-arn", arn], xml);
    expect(lax).toMatchObject({ code: 255, stdout: "", requests: 5 });
    expect(lax.stderr).toContain("the response is not valid HTTP: a line that ends without CR");
  });
});
