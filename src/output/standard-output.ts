/** Names of standard output. Opened by one of them, it fails when it is a socket, as Node's own pipes are. */
export const STANDARD_OUTPUT: readonly string[] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
