/**
 * The first argument of a worker thread that helps with transfers (src/s3/threads). No command line can hold a NUL, which
 * ends arguments in execve(2): nobody can ask for it from outside.
 */
export const THREAD_ARGUMENT = "\0transfers";
