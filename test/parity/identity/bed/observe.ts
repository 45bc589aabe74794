import type { Observed, Step } from "../observed.js";
import { BUCKET } from "../set-up.js";
import { nameOfKey } from "./named-keys.js";
import type { Recorded } from "./recorder.js";

const NOBODY = "nobody";

/** Of `AWS4-HMAC-SHA256 Credential=ID/DATE/REGION/SERVICE/aws4_request, …`. */
function signature({ headers, query }: Recorded): { signer: string; token?: string; region?: string } {
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(headers.authorization ?? "");
  const token = headers["x-amz-security-token"] ?? query.get("X-Amz-Security-Token") ?? undefined;
  if (scope === null) return { signer: NOBODY };
  return { signer: nameOfKey(scope[1]!), region: scope[2]!, ...(token === undefined ? {} : { token }) };
}

/** What the programs call a session that nobody named. */
const MADE_UP = /^(botocore-session-\d+|fetch-creds(-.*)?)$/;

function step(request: Recorded): Step {
  const { form, origin, path } = request;
  const session = form.get("RoleSessionName") ?? "";
  const [externalId, duration, webIdentityToken] = ["ExternalId", "DurationSeconds", "WebIdentityToken"].map(
    (name) => form.get(name) ?? undefined,
  );
  return {
    action: form.get("Action") ?? "",
    role: form.get("RoleArn")?.split("/").at(-1) ?? "",
    session: MADE_UP.test(session) ? "default" : session,
    ...signature(request),
    host: `${origin}${path === "/" ? "" : path}`,
    ...(externalId === undefined ? {} : { externalId }),
    ...(duration === undefined ? {} : { duration }),
    ...(webIdentityToken === undefined ? {} : { webIdentityToken }),
  };
}

/** Scheme, host and path up to the bucket, wherever its name is. */
function placeOf({ origin, path }: Recorded): string {
  const inPath = new RegExp(`^(.*/${BUCKET})(?:/|$)`).exec(path)?.[1] ?? "";
  return `${origin}${inPath}`.replace(BUCKET, "BUCKET");
}

function only(values: readonly string[]): string | undefined {
  const distinct = [...new Set(values)];
  return distinct.length === 0 ? undefined : distinct.join(" and ");
}

/** What a run's requests say of it. */
export function observe(requests: readonly Recorded[], code: number): Observed {
  const of = (service: Recorded["service"]) => requests.filter((request) => request.service === service);
  const s3 = of("s3");
  const signed = s3.map(signature);
  const host = only(s3.map(placeOf));
  const signer = only(signed.map((one) => one.signer));
  const token = only(signed.flatMap((one) => one.token ?? []));
  const region = only(signed.flatMap((one) => one.region ?? []));
  const container = of("container").map(
    ({ origin, path, headers }) =>
      `${origin}${path}${headers.authorization ? ` ${headers.authorization}` : ""}`,
  );
  const instance = of("instance").filter(({ path }) => path.includes("/iam/"));
  return {
    stopped: code !== 0 && s3.length === 0,
    ...(signer === undefined ? {} : { signer }),
    ...(token === undefined ? {} : { token }),
    ...(region === undefined ? {} : { region }),
    ...(host === undefined ? {} : { host }),
    steps: of("sts").map(step),
    container: [...new Set(container)],
    instance: [...new Set(instance.map(({ origin }) => origin))],
  };
}
