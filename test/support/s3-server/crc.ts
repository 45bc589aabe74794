import { crc32 as zlibCrc32 } from "node:zlib";

const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** Two halves of the reflected CRC-64/NVME table; polynomial 0x9a6c9329ac4bc9b5. */
const CRC64_HIGH = new Uint32Array(256);
const CRC64_LOW = new Uint32Array(256);
for (let index = 0; index < 256; index += 1) {
  let value = BigInt(index);
  for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
  CRC64_HIGH[index] = Number(value >> 32n);
  CRC64_LOW[index] = Number(value & 0xffffffffn);
}

function fourBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

export function crc32(data: Buffer): Buffer {
  return fourBytes(zlibCrc32(data));
}

export function crc32c(data: Buffer): Buffer {
  let value = 0xffffffff;
  for (let index = 0; index < data.length; index += 1) {
    value = (CRC32C_TABLE[(value ^ (data[index] as number)) & 0xff] as number) ^ (value >>> 8);
  }
  return fourBytes(value ^ 0xffffffff);
}

export function crc64nvme(data: Buffer): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (let index = 0; index < data.length; index += 1) {
    const entry = (low ^ (data[index] as number)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (CRC64_LOW[entry] as number);
    high = (high >>> 8) ^ (CRC64_HIGH[entry] as number);
  }
  return Buffer.concat([fourBytes(high ^ 0xffffffff), fourBytes(low ^ 0xffffffff)]);
}
