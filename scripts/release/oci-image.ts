import type { Home } from "./home.js";
import { sha256 } from "./sha256.js";
import { type TarEntry, tar } from "./tar.js";

/** The file is the same for every machine; builders ask an image for their own. */
const ARCHITECTURES = ["amd64", "arm64"];

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/**
 * An OCI image layout in a tar (`oci-archive:` of skopeo and buildah): one layer that holds just `/fetch-creds.js`, for
 * `COPY --from=` and `RUN --mount=from=`. After the OCI image specification 1.1.
 */
export function ociImage(
  file: Uint8Array,
  { home, version }: { readonly home: Pick<Home, "address" | "image">; readonly version: string },
): Buffer {
  const blobs = new Map<string, TarEntry>();
  const add = (mediaType: string, content: Uint8Array): Descriptor => {
    const digest = sha256(content);
    blobs.set(digest, { path: `blobs/sha256/${digest}`, content, mode: 0o644 });
    return { mediaType, digest: `sha256:${digest}`, size: content.length };
  };
  const json = (mediaType: string, value: object) => add(mediaType, Buffer.from(JSON.stringify(value)));

  const content = tar([{ path: "fetch-creds.js", content: file, mode: 0o755 }]);
  const layer = add("application/vnd.oci.image.layer.v1.tar", content);
  const manifests = ARCHITECTURES.map((architecture) => {
    const config = json("application/vnd.oci.image.config.v1+json", {
      architecture,
      os: "linux",
      config: {
        Labels: {
          "org.opencontainers.image.title": "fetch-creds",
          "org.opencontainers.image.version": version,
          // By it ghcr.io shows the image with the repository.
          "org.opencontainers.image.source": home.address,
          "org.opencontainers.image.licenses": "MIT",
        },
      },
      rootfs: { type: "layers", diff_ids: [layer.digest] },
    });
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const manifest = json(mediaType, { schemaVersion: 2, mediaType, config, layers: [layer] });
    return { ...manifest, platform: { architecture, os: "linux" } };
  });
  const mediaType = "application/vnd.oci.image.index.v1+json";
  const images = json(mediaType, { schemaVersion: 2, mediaType, manifests });
  const annotations = {
    "org.opencontainers.image.ref.name": version,
    // By it `docker load` names the image.
    "io.containerd.image.name": `${home.image}:${version}`,
  };
  const index = { schemaVersion: 2, mediaType, manifests: [{ ...images, annotations }] };
  return tar([
    { path: "oci-layout", content: Buffer.from('{"imageLayoutVersion":"1.0.0"}'), mode: 0o644 },
    { path: "index.json", content: Buffer.from(JSON.stringify(index)), mode: 0o644 },
    ...blobs.values(),
  ]);
}
