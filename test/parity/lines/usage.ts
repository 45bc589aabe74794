import { group, type LineEntry } from "../line.js";
import { noFolder, serviceError, wrongValue } from "./differences.js";
import { filesOf, TREE } from "./trees.js";

const wrong: LineEntry[] = [
  "cp",
  "cp a.txt",
  "cp s3://BUCKET/a.txt",
  "cp a.txt b.txt",
  "cp a.txt dir/c.txt --recursive",
  "cp a.txt s3://BUCKET/ third",
  "cp a.txt s3://BUCKET/ --no-such-option",
  "cp a.txt s3://BUCKET/ --content-type",
  ["cp a.txt s3://BUCKET/ --page-size nonsense --recursive", wrongValue(/--page-size/)],
  ["cp a.txt s3://BUCKET/ --cli-read-timeout nonsense", wrongValue(/--cli-read-timeout/)],
  "cp a.txt s3://BUCKET/ --delete",
  "cp - -",
  "cp - out.txt",
  "cp a.txt -",
  ["cp s3://BUCKET/a.txt s3://", wrongValue(/no bucket in it/, ["stderr"])],
  ["cp s3:// out --recursive", wrongValue(/no bucket in it/, ["files"])],
  [
    "cp s3://BUCKET out.txt",
    {
      differs: {
        why: "key-needed",
        in: ["code"],
        ours: { code: 252, stderr: /names a bucket, not an object/ },
      },
    },
  ],
  ["cp s3://B@D/x out.txt", wrongValue(/is not a valid bucket name/)],
  "cp s3://UPPER_case/x out.txt",
  "sync",
  "sync dir",
  "sync a.txt s3://BUCKET",
  "sync dir dir2",
  "sync - s3://BUCKET",
  "sync s3://BUCKET -",
  "sync dir s3://BUCKET --recursive",
  "sync dir s3://BUCKET --no-such-option",
  "ls one two",
  "ls s3://BUCKET --no-such-option",
  ["ls s3://BUCKET --page-size nonsense", wrongValue(/--page-size/)],
  "ls s3://BUCKET --size-only",
  "no-such-verb",
];

/** Global options that change nothing of what s3 commands do. */
const NO_EFFECT =
  "--output json --query x --color off --no-paginate --no-cli-pager --no-cli-auto-prompt --cli-binary-format base64 --cli-error-format json";

const connection: LineEntry[] = [
  `cp s3://BUCKET/a.txt out.txt ${NO_EFFECT}`,
  `sync s3://BUCKET out ${NO_EFFECT}`,
  `ls s3://BUCKET ${NO_EFFECT}`,
  "ls s3://BUCKET --output nonsense",
  "ls s3://BUCKET --color nonsense",
  "cp s3://BUCKET/a.txt out.txt --progress-frequency 5 --no-progress",
  "cp s3://BUCKET/a.txt out.txt --progress-multiline --no-progress",
  "sync s3://BUCKET out --progress-frequency 5 --progress-multiline --no-progress",
  ["cp s3://BUCKET/a.txt out.txt --endpoint-url URL", { ownEndpoint: true }],
  ["cp s3://BUCKET/a.txt out.txt --endpoint-url=URL", { ownEndpoint: true }],
  ["cp s3://BUCKET/a.txt out.txt --endpoint-url HTTPS_URL --ca-bundle CERTIFICATE", { ownEndpoint: true }],
  [
    "cp s3://BUCKET/a.txt out.txt --endpoint-url HTTPS_URL",
    { ownEndpoint: true, env: { AWS_CA_BUNDLE: "CERTIFICATE" } },
  ],
  ["cp s3://BUCKET/a.txt out.txt --endpoint-url HTTPS_URL --no-verify-ssl", { ownEndpoint: true }],
  ["cp s3://BUCKET/a.txt out.txt --endpoint-url HTTPS_URL", { ownEndpoint: true }],
  ["ls s3://BUCKET --endpoint-url HTTPS_URL --ca-bundle CERTIFICATE", { ownEndpoint: true }],
  ["ls s3://BUCKET --endpoint-url HTTPS_URL --no-verify-ssl", { ownEndpoint: true }],
  ["sync s3://BUCKET out --endpoint-url HTTPS_URL --ca-bundle CERTIFICATE", { ownEndpoint: true }],
  ["sync s3://BUCKET out --endpoint-url HTTPS_URL --no-verify-ssl", { ownEndpoint: true }],
  [
    "cp dir s3://BUCKET/up --recursive --endpoint-url HTTPS_URL --ca-bundle CERTIFICATE",
    { ownEndpoint: true },
  ],
  ["cp s3://BUCKET/a.txt out.txt --endpoint-url nonsense", { ownEndpoint: true }],
  [
    "cp s3://BUCKET/a.txt out.txt --endpoint-url http://127.0.0.1:1",
    { ownEndpoint: true, env: { AWS_MAX_ATTEMPTS: "1" } },
  ],
  ["ls s3://BUCKET --endpoint-url http://127.0.0.1:1", { ownEndpoint: true, env: { AWS_MAX_ATTEMPTS: "1" } }],
  ["cp s3://BUCKET/a.txt out.txt --ca-bundle nowhere.pem --endpoint-url HTTPS_URL", { ownEndpoint: true }],
];

/** Nothing but the set-up is there: the target folder was not made. */
const denied = noFolder({ code: 1, files: filesOf(TREE) });

const access: LineEntry[] = [
  "cp s3://BUCKET/a.txt out.txt --no-sign-request",
  "cp s3://BUCKET/private.txt out.txt --no-sign-request",
  "cp a.txt s3://BUCKET/up.txt --no-sign-request",
  ["ls s3://BUCKET --no-sign-request", serviceError(/AccessDenied/)],
  ["sync s3://BUCKET out --no-sign-request", denied],
  ["cp s3://BUCKET/a.txt out.txt", { env: { AWS_SECRET_ACCESS_KEY: "wrong" } }],
  ["cp s3://BUCKET/a.txt out.txt", { env: { AWS_ACCESS_KEY_ID: "NOSUCHKEY" } }],
  ["cp s3://BUCKET/a.txt out.txt", { env: { AWS_SESSION_TOKEN: "made-up" } }],
  ["cp a.txt s3://BUCKET/up.txt", { env: { AWS_SECRET_ACCESS_KEY: "wrong" } }],
  ["cp dir s3://BUCKET/up --recursive", { env: { AWS_SECRET_ACCESS_KEY: "wrong" } }],
  [
    "ls s3://BUCKET",
    { env: { AWS_SECRET_ACCESS_KEY: "wrong" }, ...serviceError(/AccessDenied|SignatureDoesNotMatch/) },
  ],
  ["sync s3://BUCKET out", { env: { AWS_SECRET_ACCESS_KEY: "wrong" }, ...denied }],
];

export const usage = [
  group("Wrong command lines", { files: TREE, objects: TREE }, wrong),
  group("Reaching the server", { files: TREE, objects: TREE }, connection),
  group(
    "Who asks",
    { files: TREE, objects: { "a.txt": { text: "alpha", publicRead: true }, "private.txt": "p" } },
    access,
  ),
];
