/**
 * The head of a request as it goes over the wire, with the empty line behind it: one character a byte.
 *
 * @param path with its query; it and the headers have one character a byte already
 * @throws Error where something in it would end a line: nobody may write a second request into the first
 */
export function requestText(method: string, path: string, headers: Readonly<Record<string, string>>): string {
  const fields = Object.keys(headers).map((name) => `${name}: ${headers[name]}`);
  const lines = [`${method} ${path} HTTP/1.1`, ...fields];
  if (lines.some((line) => /[\r\n\0]/.test(line)) || /[^\x21-\x7e\x80-\xff]/.test(path))
    throw new Error("a request that cannot be sent");
  return `${lines.join("\r\n")}\r\n\r\n`;
}
