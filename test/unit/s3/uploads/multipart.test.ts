import { expect, it } from "vitest";
import { Stop } from "../../../../src/http/stop.js";
import { type Multipart, runMultipart } from "../../../../src/s3/uploads/multipart.js";

it("a CreateMultipartUpload that hangs at a stop is waited for a while, and then canceled", async () => {
  const stop = new Stop();
  const reason = new Error("SIGINT");
  const waits: number[] = [];
  let creation = new Stop();
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
  const running = runMultipart(upload as Multipart, stop);
  stop.stop(reason);
  await expect(running).rejects.toBe(reason);
  expect(waits).toEqual([1200]);
  expect(creation.reason).toBe(reason);
});
