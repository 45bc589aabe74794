import { describe, expect, it } from "vitest";
import {
  causeCode,
  isReset,
  isSilent,
  isUnreadable,
  lacksSocket,
  NoResponse,
  Silence,
  unreadable,
} from "../../../src/http/no-response.js";
import { UnreadableResponse } from "../../../src/http/unreadable-response.js";

const coded = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

/** So many errors, each for the next; the last has a code. */
function chain(length: number): Error {
  let error: Error = coded("ECONNRESET");
  for (let made = 1; made < length; made++) error = new Error("above", { cause: error });
  return error;
}

describe("the code in a chain of causes", () => {
  it("is the first that there is", () => {
    expect(causeCode(chain(1))).toBe("ECONNRESET");
    expect(causeCode(coded("EPIPE", { cause: chain(2) }))).toBe("EPIPE");
    expect(causeCode(new Error("none"))).toBeUndefined();
    expect(causeCode(undefined)).toBeUndefined();
  });

  it("is that of the last of several tries, and not of all of them", () => {
    const tries = coded("ECONNREFUSED", { errors: [coded("ENETUNREACH"), coded("EHOSTUNREACH")] });
    expect(causeCode(new Error("above", { cause: tries }))).toBe("EHOSTUNREACH");
  });

  it("is looked for in twenty, so that one that ends in itself ends", () => {
    expect(causeCode(chain(20))).toBe("ECONNRESET");
    expect(causeCode(chain(21))).toBeUndefined();
    const endless: Error & { cause?: unknown } = new Error("endless");
    endless.cause = endless;
    expect(causeCode(endless)).toBeUndefined();
  });
});

describe("what became of a request that got no response", () => {
  it.each([
    ["ECONNRESET", isReset],
    ["ECONNREFUSED", isReset],
    ["EPIPE", isReset],
    ["EMFILE", lacksSocket],
    ["ENFILE", lacksSocket],
    ["ERR_SILENT", isSilent],
    ["ERR_UNREADABLE_ANSWER", isUnreadable],
    ["EPROTO", undefined],
    ["XEPIPE", undefined],
    ["EPIPEX", undefined],
    ["XEMFILE", undefined],
    ["EMFILEX", undefined],
  ])("%s", (code, expected) => {
    for (const is of [isReset, lacksSocket, isSilent, isUnreadable]) {
      expect(is(new NoResponse(coded(code), false)), is.name).toBe(is === expected);
      expect(is(coded(code)), `${is.name}, of what is thrown otherwise`).toBe(false);
    }
  });

  it("was tried once over TLS until the sender says otherwise", () => {
    const error = new NoResponse(new Silence(1500), true);
    expect(error).toMatchObject({ begun: true, tries: 1, overHttp: false, operation: "" });
    expect(error.message).toBe("the server fell silent for 1.5 s");
  });

  it.each([
    ["malformed", "the response is not valid HTTP: a line"],
    ["too-large", "the response is too large: a line"],
  ] as const)("may be a response that is %s", (reason, message) => {
    expect(unreadable(new UnreadableResponse(reason, "a line"))).toMatchObject({
      message,
      code: "ERR_UNREADABLE_ANSWER",
    });
  });

  it("or a fault of ours, as it is", () => {
    const bug = new TypeError("x");
    expect(unreadable(bug)).toBe(bug);
  });
});
