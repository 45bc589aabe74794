import { Failure } from "./failure.js";
export async function probe() {
  const { S3Client } = await import("./s3/libraries/sdk.js");
  const { SignatureV4 } = await import("./s3/libraries/signature.js");
  const { Pool } = await import("./s3/libraries/undici.js");
  throw new Failure("x", { message: `${S3Client.name}${SignatureV4.name}${Pool.name}`, exitCode: 1 });
}
