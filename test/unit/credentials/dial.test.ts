import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { dial, permittedAddresses, systemLookup } from "../../../src/credentials/dial.js";
import { TEST_TLS } from "../../support/certificate/certificate.js";

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

it("the system gives all addresses of a name, and says which it does not know", async () => {
  expect(await systemLookup("127.0.0.1")).toEqual(["127.0.0.1"]);
  await expect(systemLookup("x".repeat(300))).rejects.toHaveProperty("code");
});

/** Its port; gone when the test is over. */
async function listening(server: Server, host: string): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe("a connection", () => {
  it("over http goes to the address, not to the name", async () => {
    const port = await listening(
      createServer((socket) => socket.end("here")),
      "127.0.0.1",
    );
    const socket = await dial({ scheme: "http", host: "nowhere.invalid", port, target: "/" }, "127.0.0.1");
    const [bytes] = await once(socket, "data");
    expect(String(bytes)).toBe("here");
    socket.destroy();
  });

  it.each([
    ["localhost", "localhost"],
    // The name of a server is never an address (RFC 6066).
    ["127.0.0.1", "none"],
  ])(
    "over https names %s as %s, asks for HTTP/1.1, and ends where nobody vouches for the certificate",
    async (host, name) => {
      vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
      // Node's own, about that variable.
      const warning = vi.spyOn(process, "emitWarning").mockReturnValue();
      onTestFinished(() => {
        vi.unstubAllEnvs();
        warning.mockRestore();
      });
      const hellos: { name: string; protocols: string[] }[] = [];
      const ALPNCallback = (hello: { servername: string | false; protocols: string[] }) => {
        hellos.push({ name: hello.servername || "none", protocols: hello.protocols });
        return hello.protocols[0];
      };
      const server = createTlsServer({ ...TEST_TLS, ALPNCallback });
      const port = await listening(server, host);
      const socket = await dial({ scheme: "https", host, port, target: "/" }, host);
      const [error] = await once(socket, "error");
      expect(error.code).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
      expect(hellos).toEqual([{ name, protocols: ["http/1.1"] }]);
    },
  );
});
