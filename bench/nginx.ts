import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CERTIFICATE_FILE } from "../test/support/certificate/certificate.js";
import { freePorts } from "../test/support/free-ports.js";
import { LARGE_KEY, LAST_MODIFIED } from "./data.js";
import { etagOf } from "./listing.js";
import { startMultipart, UPLOADED_ETAG } from "./multipart.js";
import { SMALL_OBJECT } from "./sizes.js";

const NGINX = "/usr/sbin/nginx";

/** Is there an nginx, and what to say when not. */
export function nginxIsInstalled(): boolean {
  return existsSync(NGINX);
}

/** What a small S3 of nginx serves, and from where. */
export interface Served {
  /** nginx's own files, and what is uploaded. */
  readonly folder: string;
  /** The bucket `bench` is a folder in it. */
  readonly objects: string;
  /** Of `writeListing`. */
  readonly listings: string;
  /** CRC64NVME, in base64, of the large object and of each small one. */
  readonly checksums: { readonly large: string; readonly small: string };
}

interface Ports {
  readonly http: number;
  readonly https: number;
  /** Who answers for uploads of parts. */
  readonly multipart: number;
}

/**
 * Without sendfile: with it, every program that downloads over loopback takes more CPU time (ours 2.8 s for 1 GiB, not 1.3).
 * Objects and listings are files in memory; uploads go to a sink that keeps whole objects, by numbers for names; nobody checks signatures.
 */
function configuration({ folder, objects, listings, checksums }: Served, ports: Ports): string {
  const key = CERTIFICATE_FILE.replace("certificate.pem", "key.pem");
  const smallEtag = etagOf(SMALL_OBJECT).replaceAll('"', "&quot;");
  const crc = `<ChecksumCRC64NVME>${checksums.small}</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType>`;
  const copied = `<CopyObjectResult><LastModified>${LAST_MODIFIED.toISOString()}</LastModified><ETag>${smallEtag}</ETag>${crc}</CopyObjectResult>`;
  // Reads the body to its end, then answers 200: DAV would answer 201, which the CRT client takes for a failure.
  const taken = "mirror /read; root /nonexistent; error_page 405 =200 @stored;";
  return `user root;
worker_processes 2;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log error;
events { worker_connections 2048; }
http {
  access_log off;
  sendfile off;
  output_buffers 2 512k;
  tcp_nopush on;
  keepalive_requests 1000000;
  client_max_body_size 0;
  # nginx leaves what it has read, parts too; each run begins with an empty sink.
  client_body_temp_path ${folder}/bench/sink;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  default_type binary/octet-stream;
  open_file_cache max=20000 inactive=600s;
  map $args $prefix { default ""; "~prefix=(?<name>[a-z]+)" $name; }
  map $args $page { default 0; "~continuation-token=page(?<number>[0-9]+)" $number; }
  map "$request_method:$args:$http_x_amz_copy_source" $answer {
    default object;
    "~^GET:(.*&)?list-type=2" listing;
    "~^POST:" multipart;
    "~^PUT:.*:." copied;
  }
  map "$http_x_amz_checksum_mode:$http_range:$uri" $crc {
    default "";
    "ENABLED::/bench/${LARGE_KEY}" ${checksums.large};
    "~^ENABLED::" ${checksums.small};
  }
  map $crc $crc_type { default FULL_OBJECT; "" ""; }
  server {
    listen 127.0.0.1:${ports.http} backlog=1024;
    listen 127.0.0.1:${ports.https} ssl backlog=1024;
    ssl_certificate ${CERTIFICATE_FILE};
    ssl_certificate_key ${key};
    add_header x-amz-checksum-crc64nvme $crc;
    add_header x-amz-checksum-type $crc_type;
    location / {
      if ($answer = listing) { rewrite ^ /listings/$prefix.$page.xml last; }
      if ($answer = copied) { return 200 '${copied}'; }
      root ${objects};
    }
    location /listings/ { internal; default_type application/xml; types {} alias ${listings}/; }
    location /bench/sink/ {
      if ($answer = multipart) { proxy_pass http://127.0.0.1:${ports.multipart}; }
      if ($answer = copied) { return 200 '${copied}'; }
      if ($arg_partNumber) { rewrite ^ /part last; }
      client_body_in_file_only on;
      ${taken}
    }
    location = /part { internal; ${taken} }
    location = /read { internal; return 204; }
    location @stored {
      add_header ETag '${UPLOADED_ETAG}';
      add_header x-amz-checksum-crc64nvme $http_x_amz_checksum_crc64nvme;
      return 200;
    }
  }
}
`;
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

export interface Nginx {
  /** Ports of 127.0.0.1. */
  readonly http: number;
  readonly https: number;
  close(): Promise<void>;
}

/** Starts nginx as a small S3. */
export async function startNginx(served: Served): Promise<Nginx> {
  const { folder } = served;
  mkdirSync(join(folder, "bench/sink"), { recursive: true });
  const [http, https] = (await freePorts(2)) as [number, number];
  const multipart = await startMultipart();
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration(served, { http, https, multipart: multipart.port }));
  const child = spawn(NGINX, ["-c", file, "-g", "daemon off;"], { stdio: "inherit" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  while (!(await answers(`http://127.0.0.1:${http}/bench/none`))) {
    if (child.exitCode !== null) throw new Error("nginx did not start; its words are above");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const close = async () => {
    child.kill("SIGQUIT");
    multipart.close();
    await ended;
  };
  return { http, https, close };
}
