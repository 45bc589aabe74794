import type { BundledPackage } from "./bundled-packages.js";

/** https://github.com/package-url/purl-spec: the `@` of a scope is written %40. */
function packageUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function component({ name, version, license, integrity }: BundledPackage) {
  const purl = packageUrl(name, version);
  const content = Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex");
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    scope: "required",
    hashes: [{ alg: "SHA-512", content }],
    licenses: license.includes(" ") ? [{ expression: license }] : [{ license: { id: license } }],
    purl,
  };
}

/**
 * What is inside fetch-creds.js, as CycloneDX 1.6 JSON. Without a serial number or a date: the same release gives the
 * same bytes.
 *
 * @param digest  the sha256 of the file
 */
export function sbom(packages: readonly BundledPackage[], version: string, digest: string): string {
  const purl = packageUrl("fetch-creds", version);
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": purl,
        name: "fetch-creds",
        version,
        hashes: [{ alg: "SHA-256", content: digest }],
        licenses: [{ license: { id: "MIT" } }],
        purl,
      },
    },
    components: packages.map(component),
    dependencies: [{ ref: purl, dependsOn: packages.map(({ name, version }) => packageUrl(name, version)) }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
