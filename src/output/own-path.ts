/** What a shell, and a Dockerfile, takes as one word as it stands. */
const BARE = /^[\w@%+=:,./-]+$/;

/**
 * The path of the running file, for a line that is pasted into a shell or a Dockerfile; `fetch-creds.js` where it would
 * have to be quoted.
 */
export function pastablePath(scriptPath: string): string {
  return BARE.test(scriptPath) ? scriptPath : "fetch-creds.js";
}

/**
 * A hint whose commands can be pasted where it is read: `node fetch-creds.js …` gets the path that the file runs from. A
 * synopsis (`Usage: …`) is no command, and `./fetch-creds.js` is that of another place, the build's host.
 */
export function withOwnPath(hint: string, scriptPath: string): string {
  const path = pastablePath(scriptPath);
  return hint.replace(/(?<!Usage: )\bnode fetch-creds\.js\b/g, () => `node ${path}`);
}
