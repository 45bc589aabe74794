const STANDARD: Readonly<Record<string, number>> = { "/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2 };

/** The descriptor that a path such as /dev/stdout or /dev/fd/3 stands for; undefined for any other path. */
export function descriptorOf(path: string): number | undefined {
  const plain = path.replace(/\/(\.?\/)+/g, "/");
  const numbered = /^\/(?:dev\/fd|proc\/self\/fd)\/(\d{1,9})$/.exec(plain)?.[1];
  return numbered === undefined ? STANDARD[plain] : Number(numbered);
}
