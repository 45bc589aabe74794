import type { OptionName, SwitchName, ValueName } from "./option-names.js";

/** One option as given: its name without the dashes, its value (absent for a flag). In the order of the command line. */
export interface GivenOption {
  readonly name: string;
  readonly value?: string;
}

/** A parsed command line: what the verb was given, before any meaning. */
export class Invocation {
  readonly verb: string;
  readonly options: readonly GivenOption[];
  readonly operands: readonly string[];
  /** What stands after `--`, unread; undefined without one. */
  readonly command: readonly string[] | undefined;

  constructor(
    verb: string,
    options: readonly GivenOption[],
    operands: readonly string[],
    command?: readonly string[],
  ) {
    this.verb = verb;
    this.options = options;
    this.operands = operands;
    this.command = command;
  }

  /** Whether the flag was given. */
  flag(name: OptionName): boolean {
    return this.options.some((option) => option.name === name);
  }

  /** Whether a default is left on: the last of `--NAME` and `--no-NAME` decides, as with the AWS CLI. */
  isOn(name: SwitchName): boolean {
    return (
      this.options.findLast((option) => [name, `no-${name}`].includes(option.name))?.name !== `no-${name}`
    );
  }

  /** The last value given for an option, as every Unix program takes it; undefined when it was not given. */
  value(name: ValueName): string | undefined {
    return this.options.findLast((option) => option.name === name)?.value;
  }

  /** Every value given for an option that may be repeated, in order. */
  values(name: ValueName): string[] {
    return this.options.flatMap((option) =>
      option.name === name && option.value !== undefined ? [option.value] : [],
    );
  }
}
