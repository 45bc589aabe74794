/** The bucket of every command. */
export const BUCKET = "some-bucket";

/** What is there before the command runs; `<HOME>` is the home folder, in all of it. */
export interface Given {
  /** On top of PATH, HOME, AWS_CA_BUNDLE and AWS_REGION; undefined takes one of these away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** `~/.aws/config`. */
  readonly config?: string | Buffer;
  /** `~/.aws/credentials`. */
  readonly credentials?: string | Buffer;
  /** Below the home folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Behind `ls s3://some-bucket`. */
  readonly args?: readonly string[];
  readonly stdin?: string;
}

/** One row of the table: both programs are given the same, and must do the same. */
export interface SetUp extends Given {
  readonly title: string;
  /** Another command than `ls s3://some-bucket`. */
  readonly command?: readonly string[];
  /** BuildKit secrets with the names of variables. The AWS CLI, which knows none, is given the variables. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What ours is given instead, where it has an option for what the AWS CLI has a file for. */
  readonly ours?: Given;
}

export interface SetUpGroup {
  readonly title: string;
  readonly setUps: readonly SetUp[];
}
