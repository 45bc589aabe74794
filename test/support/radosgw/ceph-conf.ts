import { join } from "node:path";
import { CERTIFICATE_FILE, CERTIFICATE_KEY_FILE } from "./certificate-files.js";

/** What one small cluster's ceph.conf says. */
export interface CephLayout {
  readonly folder: string;
  readonly fsid: string;
  /** Where the S3 side listens; the daemons among themselves keep to loopback. */
  readonly address: string;
  readonly monitorPort: number;
  readonly httpPort: number;
  readonly httpsPort: number;
}

/** The key that `--sse-kms-key-id` can name: radosgw's "testing" backend reads it from here. */
const KMS_KEY_ID = "build-key";

/** Classes besides STANDARD; GLACIER is one in name only, objects in it stay readable. */
export const STORAGE_CLASSES = ["STANDARD_IA", "GLACIER"] as const;

/**
 * One monitor and one OSD in memory, one key for all. `paxos propose interval` decides how long each pool takes
 * to appear: with the default of a second the gateway needs ten of them to start, with this it needs one. There is no
 * manager: nothing here reads statistics. Deleted objects are collected soon, or a long run would fill the memory.
 */
export function cephConf(layout: CephLayout): string {
  const { folder, address } = layout;
  return `[global]
fsid = ${layout.fsid}
mon host = [v2:127.0.0.1:${layout.monitorPort}/0]
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
ms bind ipv6 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = ${join(folder, "keyring")}
mon data = ${join(folder, "mon")}
osd data = ${join(folder, "osd")}
run dir = ${folder}
crash dir = ${join(folder, "crash")}
admin socket = ${join(folder, "$name.asok")}
log file = ${join(folder, "$name.log")}
paxos propose interval = 0.05
paxos min wait = 0.01
mon allow pool size one = true
mon data avail warn = 1
mon data avail crit = 0
osd objectstore = memstore
memstore device bytes = 4294967296
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0

[client.rgw]
rgw frontends = beast endpoint=${address}:${layout.httpPort} ssl_endpoint=${address}:${layout.httpsPort} ssl_certificate=${CERTIFICATE_FILE} ssl_private_key=${CERTIFICATE_KEY_FILE}
rgw data = ${join(folder, "rgw")}
rgw s3 auth use sts = true
rgw sts key = 0123456789abcdef
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = ${KMS_KEY_ID}=${Buffer.alloc(32, 7).toString("base64")}
rgw dynamic resharding = false
rgw gc obj min wait = 20
rgw gc processor period = 20
rgw override bucket index max shards = 1
`;
}

/** The keyring that all daemons read, all of them with this key. */
export function keyring(key: string): string {
  const all = { mon: "allow *", osd: "allow *", mgr: "allow *" };
  const caps = { "mon.": { mon: "allow *" }, "client.admin": all, "client.rgw": all, "osd.0": all };
  return Object.entries(caps)
    .map(([entity, allowed]) => {
      const lines = Object.entries(allowed).map(([service, cap]) => `caps ${service} = "${cap}"\n`);
      return `[${entity}]\nkey = ${key}\n${lines.join("")}`;
    })
    .join("");
}
