import { describe, expect, it } from "vitest";
import { permittedAddresses } from "../../../src/credentials/dial.js";

const named = { name: "V", place: "environment" } as const;
const ask = (host: string, ...addresses: string[]) =>
  permittedAddresses({ scheme: "http", host, port: 80, target: "/" }, named, async () => addresses);

describe("the addresses that are dialled", () => {
  it("are those of a name that is loopback alone, in its order", async () => {
    expect(await ask("localhost", "::1", "127.0.0.1")).toEqual(["::1", "127.0.0.1"]);
  });

  it("are the address itself, unmapped, without a lookup", async () => {
    expect(await ask("169.254.170.2")).toEqual(["169.254.170.2"]);
    expect(await ask("::ffff:7f00:1")).toEqual(["127.0.0.1"]);
  });

  it.each([[["127.0.0.1", "8.8.8.8"]], [["8.8.8.8"]], [["169.254.170.2"]], [["::1", "10.0.0.1"]]])(
    "are refused for a name with %j",
    async (addresses) => {
      await expect(ask("name.test", ...addresses)).rejects.toMatchObject({ id: "uri-host", exitCode: 253 });
    },
  );

  it("are refused for a name without any", async () => {
    await expect(ask("name.test")).rejects.toMatchObject({ id: "uri-name" });
  });

  it("are refused for a name that cannot be looked up", async () => {
    const failing = permittedAddresses(
      { scheme: "http", host: "x.test", port: 80, target: "/" },
      named,
      async () => {
        throw Object.assign(new Error("no"), { code: "ENOTFOUND" });
      },
    );
    await expect(failing).rejects.toMatchObject({
      id: "uri-name",
      message: expect.stringContaining("ENOTFOUND"),
    });
  });
});
