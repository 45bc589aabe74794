import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CERTIFICATE_FILE } from "../test/support/certificate/certificate.js";
import { freePorts } from "../test/support/free-ports.js";

const NGINX = "/usr/sbin/nginx";

/** Is there an nginx, and what to say when not. */
export function nginxIsInstalled(): boolean {
  return existsSync(NGINX);
}

/** Objects and listings are files in memory; uploads go to a sink that keeps whole objects, by numbers for names; nobody checks signatures. */
function configuration(
  folder: string,
  objects: string,
  listings: string,
  http: number,
  https: number,
): string {
  const key = CERTIFICATE_FILE.replace("certificate.pem", "key.pem");
  const answer = (name: string, body: string) =>
    `return 200 '<?xml version="1.0"?><${name}><Bucket>bench</Bucket><Key>$key</Key>${body}</${name}>';`;
  // Reads the body to its end, then answers 200: DAV would answer 201, which the CRT client takes for a failure.
  const taken = "mirror /read; root /nonexistent; error_page 405 =200 @stored;";
  return `user root;
worker_processes 2;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log error;
events { worker_connections 2048; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  client_max_body_size 0;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  default_type binary/octet-stream;
  open_file_cache max=20000 inactive=600s;
  map $args $prefix { default ""; "~prefix=(?<name>small|synced)" $name; }
  map $uri $key { "~^/bench/(?<rest>.+)$" $rest; }
  map $args $page { default 0; "~continuation-token=page(?<number>[0-9]+)" $number; }
  map $args $kind {
    default object;
    "~list-type=2" listing;
    "~^uploads" created;
    "~^uploadId=[^&]*$" completed;
  }
  map $request_method:$kind $answer {
    default object;
    "GET:listing" listing;
    "POST:created" created;
    "POST:completed" completed;
  }
  server {
    listen 127.0.0.1:${http} backlog=1024;
    listen 127.0.0.1:${https} ssl backlog=1024;
    ssl_certificate ${CERTIFICATE_FILE};
    ssl_certificate_key ${key};
    location / {
      if ($answer = listing) { rewrite ^ /listings/$prefix.$page.xml last; }
      if ($answer = created) { ${answer("InitiateMultipartUploadResult", "<UploadId>bench</UploadId>")} }
      if ($answer = completed) { ${answer("CompleteMultipartUploadResult", '<ETag>"bench-1"</ETag>')} }
      root ${objects};
    }
    location /listings/ { internal; default_type application/xml; types {} alias ${listings}/; }
    location /bench/sink/ {
      if ($answer = created) { ${answer("InitiateMultipartUploadResult", "<UploadId>bench</UploadId>")} }
      if ($answer = completed) { ${answer("CompleteMultipartUploadResult", '<ETag>"bench-1"</ETag>')} }
      if ($arg_partNumber) { rewrite ^ /part last; }
      client_body_in_file_only on;
      client_body_temp_path ${folder}/bench/sink;
      ${taken}
    }
    location = /part { internal; ${taken} }
    location = /read { internal; return 204; }
    location @stored {
      add_header ETag '"bench-1"';
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
  readonly http: string;
  readonly https: string;
  close(): Promise<void>;
}

/** Starts nginx as a small S3 over the folders of objects (below it, the bucket \`bench\`) and of listings. */
export async function startNginx(folder: string, objects: string, listings: string): Promise<Nginx> {
  mkdirSync(join(folder, "bench/sink"), { recursive: true });
  const [http, https] = (await freePorts(2)) as [number, number];
  writeFileSync(join(folder, "nginx.conf"), configuration(folder, objects, listings, http, https));
  const child = spawn(NGINX, ["-c", join(folder, "nginx.conf"), "-g", "daemon off;"], { stdio: "inherit" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = `http://127.0.0.1:${http}`;
  while (!(await answers(`${url}/bench/none`))) {
    if (child.exitCode !== null) throw new Error("nginx did not start; its words are above");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const close = async () => {
    child.kill("SIGQUIT");
    await ended;
  };
  return { http: url, https: `https://127.0.0.1:${https}`, close };
}
