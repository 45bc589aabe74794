import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Answered {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that gives these responses in turn, the last one for ever, and keeps the requests; it ends with the test. */
export async function answeringServer(
  ...answers: readonly (readonly [status: number, body: string])[]
): Promise<{ readonly url: string; readonly requests: readonly Answered[] }> {
  const requests: Answered[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const [status, text] = answers[Math.min(requests.length, answers.length - 1)] ?? [500, ""];
      requests.push({ headers: request.headers, body });
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
