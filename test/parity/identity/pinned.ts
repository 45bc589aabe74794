/**
 * What ours does of some set-ups, by title, in the words of `outcomeOf`: also held without the AWS CLI and without a
 * network of its own, for those who have neither.
 */
export const PINNED: Readonly<Record<string, string>> = {
  // The order, and what naming a profile changes in it.
  "key variables (--profile)": "stops",
  "web identity variables (--profile)": "stops",
  "a role (AWS_PROFILE)": "assumed (assumed by base)",
  "key variables and a role (AWS_PROFILE)": "environment",
  "key variables and a role (--profile)": "assumed (assumed by base)",
  "key variables and web identity variables (default, unnamed)": "environment",
  "a role and web identity variables (default, unnamed)": "assumed (assumed by base)",
  "web identity variables and web identity in the profile (AWS_PROFILE)": "web (web by web identity)",
  "web identity variables and keys in credentials (AWS_PROFILE)": "web (web by web identity)",
  "web identity variables and keys in credentials (--profile)": "shared",
  "web identity variables and the container (default, unnamed)": "web (web by web identity)",
  "sso and keys in credentials (AWS_PROFILE)": "stops",
  "keys in credentials and login (default, unnamed)": "shared",
  "login and credential_process (default, unnamed)": "stops",
  "credential_process and keys in config (AWS_PROFILE)": "process",
  "a role and the container (default, unnamed)": "assumed (assumed by base)",
  "keys in config and the container (AWS_PROFILE)": "config",
  "keys in config and the container (default, unnamed)": "codebuild",
  "login and the container (default, unnamed)": "codebuild",
  "nothing but the instance": "stops",

  // The profile in force.
  "--profile before both variables": "third",
  "AWS_PROFILE empty, AWS_DEFAULT_PROFILE set": "deploy",
  "--profile '' and AWS_PROFILE": "deploy",
  "--profile missing, key variables": "stops",
  "AWS_PROFILE missing, --no-sign-request": "stops",
  "AWS_PROFILE=default without files, the container": "stops",
  "--profile default, keys and the container": "default",
  "AWS_PROFILE without keys, key variables": "environment",
  "--profile without keys, key variables, the container": "codebuild",

  // Half of a source is final; a secret without its id is none.
  "an id alone, the container": "stops",
  "a secret alone, the container": "codebuild",
  "credentials: an id alone, the container (--profile)": "stops",
  "credentials: an id alone, the pair in config": "stops",
  "credentials: a secret alone, the pair in config": "config",
  "the pair in credentials, the token in config": "deploy (no token)",
  "AWS_SECURITY_TOKEN and AWS_SESSION_TOKEN": "environment (token old-name)",
  "AWS_CREDENTIAL_EXPIRATION in the past, the container": "stops",
  "config: a name twice, in another profile": "stops",
  "config cannot be parsed, --no-sign-request": "stops",
  "the second name is indented": "stops",

  // Roles.
  "a chain of three":
    'third (first by base for 1800 s, second by first as "mine", third by second with the external id "x3")',
  "a loop of two": "stops",
  "itself, with keys": "assumed (assumed by self)",
  "keys and a role without a source": "stops",
  "a role without a source (default, unnamed), the container": "stops",
  "a source without keys": "stops",
  "a source with keys and a role": "assumed (assumed by base)",
  "source_profile and credential_source": "stops",
  "credential_source = Environment (AWS_PROFILE)": "environment",
  "credential_source = Environment (--profile)": "assumed (assumed by environment)",
  "credential_source = ecscontainer (--profile)": "stops",
  "credential_source = EcsContainer (default, unnamed)": "assumed (assumed by codebuild)",
  "a token file without a role, the container": "stops",
  "the token file of the variable, the role of the profile": "stops",
  "the role of the variable, the token file of the profile": "web (web by web identity)",
  "role and token file of both": 'web (web by web identity with the token "other.token")',
  "role and token file of both, under --profile": "profileweb (profileweb by web identity)",
  "profile: with source_profile": "profileweb (profileweb by web identity)",

  // A section that sso_session names is looked up, whoever's keys are used.
  "sso_session of no section, keys in credentials": "stops",
  "sso_session of no section, key variables": "stops",
  "sso_session of no section, unsigned": "stops",
  "sso_session of no section, in another profile": "shared",
  "sso_session of no section, in a source_profile": "assumed (assumed by base)",
  "sso_session of a whole section, keys in credentials": "shared",
  "sso_session in --credentials-file, of no section": "stops",
  "credential_process in a circle: fetch-creds": "stops",

  // What an option names.
  "--credentials-file before the container and key variables": "shared",
  "--credentials-file and --profile, with a role": "assumed (assumed by base)",
  "--web-identity before key variables and the container": "web (web by web identity)",
  "--instance-role before key variables and the container": "instance",
  "--role-arn with its parameters":
    'assumed (assumed by codebuild as "mine" with the external id "handshake" for 1800 s)',
  "--role-arn on a role of the profile": "outer (assumed by base, outer by assumed)",
};
