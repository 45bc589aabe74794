import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request, as far as settings decide about it. */
export interface Contact {
  /** `https HOST` where a tunnel was asked for; `http HOST/PATH REGION`, the region being that of the signature. */
  readonly where: string;
  readonly method: string;
  readonly headers: IncomingMessage["headers"];
}

export interface Recorder extends AsyncDisposable {
  /** The variables that lead all requests here. */
  readonly env: Readonly<Record<string, string>>;
  readonly contacts: readonly Contact[];
}

const DENIED = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>';

/** The MD5 of `hello`, which is all that is sent to it. */
const HELLO = '"5d41402abc4b2a76b9719d911017c592"';

function contactOf(request: IncomingMessage): Contact {
  const { host, pathname } = new URL(request.url ?? "");
  const scope = /Credential=[^/]*\/\d+\/([^/]*)\//.exec(request.headers.authorization ?? "");
  const where = `http ${host}${pathname.replace(/\/$/, "")} ${scope?.[1] ?? "unsigned"}`;
  return { where, method: request.method ?? "", headers: request.headers };
}

/** A proxy that notes what it is asked for, refuses tunnels and what is read, and takes what is written. */
export async function startRecorder(): Promise<Recorder> {
  const contacts: Contact[] = [];
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      contacts.push(contactOf(request));
      if (request.method === "PUT") response.writeHead(200, { etag: HELLO }).end();
      else if (request.method === "HEAD")
        response.writeHead(200, { "content-length": "5", etag: HELLO }).end();
      else response.writeHead(403, { "content-type": "application/xml" }).end(DENIED);
    });
  });
  server.on("connect", ({ url = "", headers }, socket) => {
    contacts.push({ where: `https ${url.replace(/:443$/, "")}`, method: "CONNECT", headers });
    socket.on("error", () => undefined).end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    contacts,
    env: { HTTP_PROXY: url, HTTPS_PROXY: url },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
