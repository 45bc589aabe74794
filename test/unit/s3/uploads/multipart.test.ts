import { expect, it } from "vitest";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { type Multipart, runMultipart } from "../../../../src/s3/uploads/multipart.js";

it("a CreateMultipartUpload that hangs at a cancellation is waited for a while, and then canceled", async () => {
  const cancellation = new Cancellation();
  const reason = new Error("SIGINT");
  const waits: number[] = [];
  let creation = new Cancellation();
  const upload: Partial<Multipart> = {
    create: (own) => {
      creation = own;
      return own.race(new Promise<string>(() => undefined));
    },
    sleep: async (ms) => {
      waits.push(ms);
      expect(creation.reason).toBeUndefined();
    },
  };
  const running = runMultipart(upload as Multipart, cancellation);
  cancellation.cancel(reason);
  await expect(running).rejects.toBe(reason);
  expect(waits).toEqual([1200]);
  expect(creation.reason).toBe(reason);
});
