import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forkyRoot } from "./forky/root.js";
import { freePorts } from "./free-ports.js";
import {
  Accounts,
  type RadosgwKeys,
  type RolePolicies,
  type RoleRequest,
  type TemporaryKeys,
} from "./radosgw/accounts.js";
import { type CephLayout, cephConf, keyring, STORAGE_CLASSES } from "./radosgw/ceph-conf.js";
import { Daemons, FOLDER_PREFIX, removeLeftovers } from "./radosgw/daemons.js";

export { allowBuckets, type TemporaryKeys, trusting } from "./radosgw/accounts.js";

export interface RadosgwOptions {
  /** The address that it listens on: 127.0.0.1 by default. */
  readonly address?: string;
}

/** A real S3 server with STS (Ceph's radosgw over an OSD in memory), made for one test file. */
export interface Radosgw extends RadosgwKeys {
  /** `http://ADDRESS:PORT`: S3, IAM and STS. */
  readonly url: string;
  /** The same over TLS, under the certificate of test/support/certificate. */
  readonly httpsUrl: string;
  /** Another account: its buckets are denied to the owner, and the other way round. */
  createUser(name: string): Promise<RadosgwKeys>;
  /** Temporary keys of a role with this IAM policy. */
  assumeRole(policy: object, request?: RoleRequest): Promise<TemporaryKeys>;
  /** A role that the owner may assume, or whom `trust` names; its ARN. */
  makeRole(name: string, policies: RolePolicies): Promise<string>;
  /** An identity provider, so that a role may trust the tokens of this issuer; its ARN. */
  trustIssuer(issuer: string, audience: string): Promise<string>;
  close(): Promise<void>;
}

/** Asks until `ready` resolves. */
async function waitFor(what: string, daemons: Daemons, ready: () => Promise<unknown>): Promise<void> {
  const limit = Date.now() + 90_000;
  for (;;) {
    try {
      await ready();
      return;
    } catch (error) {
      if (Date.now() > limit) throw new Error(`${what} did not come up: ${error}\n${daemons.lastWords()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function startCluster(daemons: Daemons, layout: CephLayout): Promise<void> {
  const conf = ["-c", join(layout.folder, "ceph.conf")];
  const at = (name: string) => join(layout.folder, name);
  for (const name of ["mon", "osd", "rgw", "crash"]) mkdirSync(at(name));
  writeFileSync(at("ceph.conf"), cephConf(layout));
  const key = await daemons.run(["ceph-authtool", "--gen-print-key"]);
  writeFileSync(at("keyring"), keyring(key.trim()), { mode: 0o600 });
  const address = `[v2:127.0.0.1:${layout.monitorPort}]`;
  await daemons.run(["monmaptool", "--create", "--fsid", layout.fsid, "--addv", "a", address, at("monmap")]);
  const monitor = ["--monmap", at("monmap"), "--keyring", at("keyring")];
  await daemons.run(["ceph-mon", "--mkfs", "-i", "a", ...monitor, ...conf]);
  daemons.start("ceph-mon", "-f", "-i", "a", ...conf);
  // One that memstore chooses by itself is sometimes nothing but zeros.
  const osd = randomUUID();
  await daemons.run(["ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd, ...conf]);
  await waitFor("the monitor", daemons, () =>
    daemons.run(["ceph", ...conf, "--connect-timeout", "5", "osd", "new", osd]),
  );
  daemons.start("ceph-osd", "-f", "-i", "0", ...conf);
}

/** Adds the classes to the zone that the first user's creation made; the gateway reads them when it starts. */
async function addStorageClasses(daemons: Daemons): Promise<void> {
  const admin = ["radosgw-admin", "-c", join(daemons.folder, "ceph.conf")];
  for (const storageClass of STORAGE_CLASSES) {
    const placement = ["--placement-id", "default-placement", "--storage-class", storageClass];
    await daemons.run([
      ...admin,
      "zonegroup",
      "placement",
      "add",
      "--rgw-zonegroup",
      "default",
      ...placement,
    ]);
    const pool = ["--data-pool", "default.rgw.buckets.data"];
    await daemons.run([...admin, "zone", "placement", "add", "--rgw-zone", "default", ...placement, ...pool]);
  }
}

/**
 * Starts a cluster in a folder of its own, on ports that the system chose; ready when the promise resolves (a few
 * seconds, some 300 MB): that of Debian's testing suite, or, where that cannot be had, of the machine's own packages
 * radosgw, ceph-mon, ceph-osd, ceph-common and awscli.
 */
export async function startRadosgw(options: RadosgwOptions = {}): Promise<Radosgw> {
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), FOLDER_PREFIX));
  const daemons = new Daemons(folder, await forkyRoot());
  try {
    const [monitorPort, httpPort, httpsPort] = (await freePorts(3)) as [number, number, number];
    const address = options.address ?? "127.0.0.1";
    const layout = { folder, fsid: randomUUID(), address, monitorPort, httpPort, httpsPort };
    await startCluster(daemons, layout);
    const url = `http://${address}:${httpPort}`;
    const accounts = new Accounts(daemons, url);
    const owner = await accounts.createOwner();
    await addStorageClasses(daemons);
    daemons.start("radosgw", "-f", "-n", "client.rgw", "-c", join(folder, "ceph.conf"));
    await waitFor("radosgw", daemons, () => fetch(url));
    return {
      ...owner,
      url,
      httpsUrl: `https://${address}:${httpsPort}`,
      createUser: (name) => accounts.createUser(name),
      assumeRole: (policy, request) => accounts.assumeRole(policy, request),
      makeRole: (name, policies) => accounts.makeRole(name, policies),
      trustIssuer: (issuer, audience) => accounts.trustIssuer(issuer, audience),
      close: () => daemons.close(),
    };
  } catch (error) {
    await daemons.close();
    throw error;
  }
}
