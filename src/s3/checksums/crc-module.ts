/** The 16 tables of 256 entries of 8 bytes stand at the start of the module's memory. */
export const TABLE_BYTES = 16 * 256 * 8;

/** WebAssembly opcodes, by their names in the text format (WebAssembly Core Specification 2.0, 5.4). */
const op = {
  block: 0x02,
  loop: 0x03,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  local_get: 0x20,
  local_set: 0x21,
  i64_load: 0x29,
  i64_load8_u: 0x31,
  i32_const: 0x41,
  i64_const: 0x42,
  i32_eqz: 0x45,
  i32_lt_u: 0x49,
  i32_add: 0x6a,
  i32_sub: 0x6b,
  i64_and: 0x83,
  i64_xor: 0x85,
  i64_shl: 0x86,
  i64_shr_u: 0x88,
  i32_wrap_i64: 0xa7,
} as const;

const I32 = 0x7f;
const I64 = 0x7e;
const EMPTY = 0x40;

const [CRC, ADDRESS, LENGTH, FIRST, SECOND] = [0, 1, 2, 3, 4];

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** LEB128 of a small constant that is not negative. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}

/** Pushes the table's entry for byte `index` of a 64-bit local; `table` counts the bytes that follow it. */
function lookUp(local: number, index: number, table: number): number[] {
  // (local >> 8·index & 0xff) × 8 as an address: the entry's offset comes from shifting by three bits less.
  const shift = 8 * index - 3;
  return [
    ...[op.local_get, local],
    ...(shift < 0
      ? [op.i64_const, ...signed(-shift), op.i64_shl]
      : [op.i64_const, ...signed(shift), op.i64_shr_u]),
    ...[op.i64_const, ...signed(0x7f8), op.i64_and, op.i32_wrap_i64],
    ...[op.i64_load, 3, ...unsigned(table * 2048)],
  ];
}

/** XORs together the sixteen look-ups of two 64-bit words. */
function sixteenLookUps(): number[] {
  const bytes = Array.from({ length: 16 }, (_, index) =>
    lookUp(index < 8 ? FIRST : SECOND, index % 8, 15 - index),
  );
  return bytes.flatMap((code, index) => (index === 0 ? code : [...code, op.i64_xor]));
}

const advance = (bytes: number) => [
  ...[op.local_get, ADDRESS, op.i32_const, bytes, op.i32_add, op.local_set, ADDRESS],
  ...[op.local_get, LENGTH, op.i32_const, bytes, op.i32_sub, op.local_set, LENGTH],
];

/** `update(crc: i64, address: i32, length: i32) -> i64` */
const body = () => [
  ...[1, 2, I64],
  ...[op.block, EMPTY, op.loop, EMPTY],
  ...[op.local_get, LENGTH, op.i32_const, 16, op.i32_lt_u, op.br_if, 1],
  ...[op.local_get, ADDRESS, op.i64_load, 0, 0, op.local_get, CRC, op.i64_xor, op.local_set, FIRST],
  ...[op.local_get, ADDRESS, op.i64_load, 0, 8, op.local_set, SECOND],
  ...sixteenLookUps(),
  ...[op.local_set, CRC, ...advance(16), op.br, 0, op.end, op.end],
  ...[op.block, EMPTY, op.loop, EMPTY],
  ...[op.local_get, LENGTH, op.i32_eqz, op.br_if, 1],
  ...[op.local_get, CRC, op.local_get, ADDRESS, op.i64_load8_u, 0, 0, op.i64_xor, op.local_set, FIRST],
  ...lookUp(FIRST, 0, 0),
  ...[op.local_get, CRC, op.i64_const, 8, op.i64_shr_u, op.i64_xor, op.local_set, CRC],
  ...[...advance(1), op.br, 0, op.end, op.end],
  ...[op.local_get, CRC, op.end],
];

const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content];
const name = (text: string) => [text.length, ...Buffer.from(text)];

/** The module that CrcEngine instantiates, put together from its instructions: no binary lies in this repository. */
export function crcModule(): WebAssembly.Module {
  const update = body();
  return new WebAssembly.Module(
    new Uint8Array([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [1, 0x60, 3, I64, I32, I32, 1, I64]),
      ...section(2, [1, ...name("host"), ...name("memory"), 2, 0, 0]),
      ...section(3, [1, 0]),
      ...section(7, [1, ...name("update"), 0, 0]),
      ...section(10, [1, ...unsigned(update.length), ...update]),
    ]),
  );
}
