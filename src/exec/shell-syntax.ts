/** What a shell does itself, without a program: the words and special built-in utilities of POSIX, and bash's. */
const SHELL_WORDS = new Set(
  (
    ". : ! { } ( ) [[ alias bg bind break builtin caller case cd command compgen complete continue coproc declare dirs " +
    "disown do done elif else enable esac eval exec exit export false fc fg fi for function getopts hash help history " +
    "if jobs let local logout mapfile popd pushd pwd read readarray readonly return select set shift shopt source " +
    "suspend then time times trap true type typeset ulimit umask unalias unset until wait while"
  ).split(" "),
);

const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

/** What a shell would take for more than the name of a program. */
const SYNTAX = /[\s;&|<>$`*?()]/;

/**
 * What to write instead, when a command that was not found is meant for a shell: `exec` runs programs alone.
 *
 * @param command  the first word after `--`
 */
export function shellHint(command: string): string | undefined {
  const [first = "", second] = command.trim().split(/\s+/, 2);
  if (ASSIGNMENT.test(command))
    return "Only a shell sets variables that way: exec -- sh -c 'NAME=VALUE COMMAND', or exec -- env NAME=VALUE COMMAND.";
  if (SHELL_WORDS.has(command))
    return `A shell does that itself, there is no such program: exec -- sh -c '${command} …'.`;
  if (second !== undefined && !SYNTAX.test(first) && /^[\w./ -]+$/.test(command))
    return `Each argument is a word of its own: exec -- ${command}. For a line of a shell: exec -- sh -c '${command}'.`;
  if (SYNTAX.test(command)) return "A line of a shell goes to a shell: exec -- sh -c 'LINE'.";
  return undefined;
}
