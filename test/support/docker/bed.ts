import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { forkyRoot } from "../forky/root.js";
import { allowBuckets, type Radosgw, startRadosgw, type TemporaryKeys } from "../radosgw.js";
import { importBaseImages } from "./base-images.js";
import { Engine, startEngine } from "./docker-engine.js";
import { BUCKET, DENIED_BUCKET, fillBuckets } from "./objects.js";
import { type PartnerRole, startRoleEndpoint, stsUrl } from "./role-endpoint.js";

/** What the tests need to know of the running bed; goes to them as JSON in the environment. */
export interface BedDescription {
  /** The engine's `unix://` address. */
  readonly engine: string;
  /** The root of Debian's testing suite that the engine comes from; where there is none, it is the machine's. */
  readonly root?: string;
  /** The S3 server, as RUN steps see it; the stand-ins for node images have it in AWS_ENDPOINT_URL_S3. */
  readonly s3: string;
  /** As CodeBuild's endpoint answers, which names no role. */
  readonly relativeUri: string;
  /** As ECS' answers. */
  readonly ecsUri: string;
  /** What the stand-in for EKS's agent wants to see. */
  readonly podToken: string;
  /** The role's keys, to look for where they must not be. */
  readonly roleKeys: TemporaryKeys;
  /** A role of another account, which may read the bucket that the build's role may not. */
  readonly partner: PartnerRole;
  /** Of the buckets' owner. */
  readonly ownerKeys: { readonly accessKey: string; readonly secretKey: string };
}

const VARIABLE = "FETCH_CREDS_TEST_BED";

/** Where an S3 server listens that builds ask: own-namespaces.sh gives the loopback device this address. */
export const S3_ADDRESS = "10.169.254.1";

export interface RunningBed {
  /** For the environment of the process that runs the tests. */
  readonly environment: Readonly<Record<string, string>>;
  readonly description: BedDescription;
  readonly engine: Engine;
  close(): Promise<void>;
}

async function describe(
  storage: Radosgw,
  engine: string,
  root: string | undefined,
): Promise<[BedDescription, () => Promise<void>]> {
  const roleKeys = await storage.assumeRole(allowBuckets(BUCKET));
  const partner: PartnerRole = {
    arn: "arn:aws:iam::210987654321:role/artifacts-reader",
    keys: await storage.assumeRole(allowBuckets(DENIED_BUCKET)),
    token: `eyJhbGciOiJSUzI1NiJ9.${randomBytes(60).toString("base64url")}.${randomBytes(60).toString("base64url")}`,
  };
  const endpoint = await startRoleEndpoint(roleKeys, S3_ADDRESS, partner);
  const { accessKey, secretKey } = storage;
  const ownerKeys = { accessKey, secretKey };
  const { relativeUri, ecsUri, podToken } = endpoint;
  const places = { engine, ...(root === undefined ? {} : { root }), s3: storage.url };
  return [{ ...places, relativeUri, ecsUri, podToken, roleKeys, partner, ownerKeys }, endpoint.close];
}

/** Starts engine, S3 server and credential endpoint below `folder`; runs inside own-namespaces.sh. */
export async function startBed(folder: string): Promise<RunningBed> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const one of closing.reverse()) await one();
  };
  // Docker's client keeps notes of its builds there.
  const home = join(folder, "home");
  mkdirSync(home);
  process.env.HOME = home;
  try {
    const root = await forkyRoot();
    const [storage, docker] = await Promise.all([
      startRadosgw({ address: S3_ADDRESS }),
      startEngine(join(folder, "engine"), { root }),
    ]);
    closing.push(docker.close, storage.close);
    const images = join(folder, "images");
    mkdirSync(images);
    await importBaseImages(docker.engine, images, {
      AWS_ENDPOINT_URL_S3: storage.url,
      AWS_ENDPOINT_URL_STS: stsUrl(S3_ADDRESS),
    });
    const [description, closeEndpoint] = await describe(storage, docker.address, root);
    closing.push(closeEndpoint);
    await fillBuckets(description, images);
    return {
      environment: { [VARIABLE]: JSON.stringify(description), HOME: home },
      description,
      engine: docker.engine,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The bed that `npm run test:docker` started around this process. */
export function theBed(): { readonly engine: Engine; readonly description: BedDescription } {
  const text = process.env[VARIABLE];
  if (text === undefined)
    throw new Error("These tests run inside a bed: start them with npm run test:docker.");
  const description = JSON.parse(text) as BedDescription;
  return { engine: new Engine(description.engine, description.root), description };
}
