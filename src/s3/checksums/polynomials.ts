/**
 * The reflected CRCs of S3, each with all ones as initial value and final XOR. CRC-64/NVME: NVM Express NVM Command Set
 * 1.0, 5.2.1.3.4; CRC-32/ISCSI (Castagnoli): RFC 3720, B.4; CRC-32: RFC 1952, 8.
 */
export interface Polynomial {
  /** Bits. */
  readonly width: 32 | 64;
  readonly reflected: bigint;
}

export const CRC64NVME: Polynomial = { width: 64, reflected: 0x9a6c9329ac4bc9b5n };
export const CRC32C: Polynomial = { width: 32, reflected: 0x82f63b78n };
export const CRC32: Polynomial = { width: 32, reflected: 0xedb88320n };
