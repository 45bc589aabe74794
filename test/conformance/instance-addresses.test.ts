import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Requests so far: at IPv4, at IPv6. */
type Counted = Run & { readonly counts: readonly [number, number] };

const HARNESS = [process.execPath, "--import", "tsx", "test/conformance/harness/instance-main.ts"];

const { byDefault, byMode, swallowed } = JSON.parse(
  execFileSync("unshare", ["-rnm", ...HARNESS]).toString(),
) as { readonly byDefault: Counted; readonly byMode: Counted; readonly swallowed: Run };

describe("the instance metadata service, at its real addresses", () => {
  it("is asked at 169.254.169.254", () => {
    expect(byDefault).toMatchObject({ code: 0, stderr: "", counts: [3, 0] });
    expect(byDefault.stdout).toContain("http://169.254.169.254");
  });

  it("is asked at fd00:ec2::254 in the mode IPv6", () => {
    expect(byMode).toMatchObject({ code: 0, stderr: "", counts: [3, 3] });
    expect(byMode.stdout).toContain("http://[fd00:ec2::254]");
  });

  it("that no packet comes back from is given up, with what it may be", () => {
    expect(swallowed.code).toBe(255);
    expect(swallowed.stderr).toMatch(
      /^fetch-creds: http:\/\/169\.254\.169\.254\/latest\/api\/token \(--instance-role\) did not accept the connection for a token in time\n {2}this is no EC2 instance, or a firewall .*--http-put-response-hop-limit 2/,
    );
  });
});
