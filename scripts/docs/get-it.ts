import type { Home } from "../release/home.js";

/** What stands for the digest before the first release has one. */
const NO_DIGEST = "SHA256";

/** A release as its readers are sent to it. */
export interface Offer {
  readonly home: Home;
  readonly version: string;
  /** The sha256 of its fetch-creds.js; undefined before it is released. */
  readonly digest?: string | undefined;
}

/** Where a file of a release is downloaded. */
export function assetAddress({ home, version }: Offer, name: string): string {
  return `${home.address}/releases/download/v${version}/${name}`;
}

/** The ADD line, which takes these bytes and no others. A file from the web would be its owner's alone (0600). */
export function addLine(offer: Offer): string {
  const address = assetAddress(offer, "fetch-creds.js");
  return `ADD --checksum=sha256:${offer.digest ?? NO_DIGEST} --chmod=755 \\
    ${address} /fetch-creds.js`;
}

export function copyLine({ home, version }: Offer): string {
  return `COPY --from=${home.image}:${version} /fetch-creds.js /fetch-creds.js`;
}

function notReleased({ home, digest }: Offer): string[] {
  if (home.isPlaceholder)
    return [
      "There is no release yet, and `OWNER` is a placeholder. Until there is one, [build it yourself](#build-it).",
    ];
  return digest === undefined
    ? [`Replace \`${NO_DIGEST}\` with the checksum of fetch-creds.js in \`SHA256SUMS\`.`]
    : [];
}

/** The README's lines on where to get the file. */
export function getItSection(offer: Offer): string {
  return [
    ...notReleased(offer),
    "Download it next to your Dockerfile, and verify its checksum:",
    `\`\`\`sh
curl -fsSLO ${assetAddress(offer, "fetch-creds.js")}
curl -fsSLO ${assetAddress(offer, "SHA256SUMS")}
grep ' fetch-creds.js$' SHA256SUMS | sha256sum -c
\`\`\``,
    "Or have the build download it, pinned by its checksum (Docker 25 or later):",
    `\`\`\`dockerfile\n${addLine(offer)}\n\`\`\``,
    "Or copy it from an image that contains nothing else:",
    `\`\`\`dockerfile\n${copyLine(offer)}\n\`\`\``,
    "With `ADD` or `COPY`, the file is already in the image, so leave `--mount=type=bind,…` out of the example.",
    "Or install it from npm, and copy it next to your Dockerfile:",
    `\`\`\`sh
npm install --save-dev --save-exact fetch-creds@${offer.version}
cp node_modules/fetch-creds/dist/fetch-creds.js .
\`\`\``,
    "### Build it",
    "In a clone of this repository, with Node 20.19 or later:",
    "```sh\nnpm ci --ignore-scripts && npm run build\n```",
    "This writes `dist/fetch-creds.js`. At the tag of a release, it is identical to the released file.",
  ].join("\n\n");
}
