import type { Script } from "./raw-endpoint.js";

/** A response as a text: status line, headers, body. */
export function responseText(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join("")}\r\n${body}`;
}

/** An ordinary answer with its length. */
export function answer(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Script {
  return (socket) => {
    const bytes = Buffer.from(body as string);
    const all = { "Content-Length": String(bytes.length), ...headers };
    socket.write(responseText(status, all, ""));
    socket.end(bytes);
  };
}

/** These bytes, then the end. */
export function bytes(text: string | Buffer): Script {
  return (socket) => socket.end(text);
}

/** These bytes, then a reset. */
export function reset(text = ""): Script {
  return (socket) => {
    if (text === "") socket.resetAndDestroy();
    else socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 50));
  };
}

/** These bytes, then nothing. */
export function stall(text = ""): Script {
  return (socket) => {
    if (text !== "") socket.write(text);
  };
}

/** `text` at once, then `drop` every `everyMs` for as long as the connection lives. */
export function drip(text: string, drop: string, everyMs: number): Script {
  return (socket) => {
    socket.write(text);
    const timer = setInterval(() => {
      if (socket.destroyed || !socket.writable) clearInterval(timer);
      else socket.write(drop);
    }, everyMs);
    socket.on("close", () => clearInterval(timer));
  };
}

/** The response in pieces of `size` bytes, each in a packet of its own. */
export function inPieces(text: string, size: number): Script {
  return (socket) => {
    socket.setNoDelay(true);
    const all = Buffer.from(text, "latin1");
    let at = 0;
    const next = () => {
      if (socket.destroyed) return;
      socket.write(all.subarray(at, at + size));
      at += size;
      if (at >= all.length) socket.end();
      else setImmediate(next);
    };
    next();
  };
}

/** A response that begins after a while. */
export function later(ms: number, script: Script): Script {
  return (socket, request) => {
    setTimeout(() => {
      if (!socket.destroyed) script(socket, request);
    }, ms);
  };
}

/** Bytes without end. */
export function endless(text: string): Script {
  return (socket) => {
    socket.write(text);
    const block = Buffer.alloc(64 * 1024, " ");
    const pour = () => {
      while (!socket.destroyed && socket.write(block));
    };
    socket.on("drain", pour);
    pour();
  };
}
