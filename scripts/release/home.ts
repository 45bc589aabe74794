/** Where the project lives, as package.json says in `repository`, `homepage` and `bugs`. */
export interface Home {
  /** `https://github.com/OWNER/fetch-creds` */
  readonly address: string;
  /** `OWNER/fetch-creds` */
  readonly repository: string;
  /** Its image, whose name a registry takes in small letters only. */
  readonly image: string;
  /** Whether the address only stands in for the one that is not chosen yet. */
  readonly isPlaceholder: boolean;
}

interface PackageJson {
  readonly repository: { readonly type: string; readonly url: string };
  readonly homepage: string;
  readonly bugs: { readonly url: string };
}

const PLACEHOLDER = "https://github.com/OWNER/fetch-creds";

/**
 * @throws when the three fields are not of one repository on GitHub
 */
export function homeOf({ repository, homepage, bugs }: PackageJson): Home {
  const [, address = "", name = ""] =
    /^git\+(https:\/\/github\.com\/([\w-]+\/[\w.-]+))\.git$/.exec(repository.url) ?? [];
  if (address === "") throw new Error(`package.json: repository.url is no GitHub address: ${repository.url}`);
  for (const [field, found, wanted] of [
    ["homepage", homepage, `${address}#readme`],
    ["bugs.url", bugs.url, `${address}/issues`],
  ])
    if (found !== wanted)
      throw new Error(`package.json: ${field} is ${found}, but repository says ${wanted}`);
  return {
    address,
    repository: name,
    image: `ghcr.io/${name.toLowerCase()}`,
    isPlaceholder: address === PLACEHOLDER,
  };
}

/**
 * Refuses a release whose package names another home than the repository it is released from: npm takes no provenance
 * for such a package (E422), and the links in it lead elsewhere.
 *
 * @param repository where the workflow runs: `GITHUB_REPOSITORY`
 */
export function checkHome(home: Home, repository: string): void {
  if (home.isPlaceholder)
    throw new Error(
      `package.json: the home is still the placeholder ${home.address}: write the real one, then npm run docs`,
    );
  if (home.repository !== repository)
    throw new Error(
      `package.json: the home is ${home.repository}, but this workflow runs in ${repository}; a fork needs its own`,
    );
}
