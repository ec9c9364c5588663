/** ZIP archives made byte by byte, so that they can lie: every number of both headers can be given by hand. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string | Uint8Array;
  readonly content?: Uint8Array;
  /** 0 stored, 8 deflated. @default 0 */
  readonly method?: number;
  readonly flags?: number;
  /** Sizes and checksum follow the bytes, and are zero before them. */
  readonly descriptor?: boolean;
  /** Bytes of the local extra field. */
  readonly extra?: Uint8Array;
  /** Sizes and offset stand in a ZIP64 field. */
  readonly zip64?: boolean;
  /** What the headers say instead of the truth. */
  readonly central?: Partial<Numbers>;
  readonly local?: Partial<Numbers>;
}

interface Numbers {
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly method: number;
  readonly flags: number;
  readonly offset: number;
  readonly name: string;
}

export interface ZipOptions {
  readonly comment?: string;
  /** The number of entries that the end record announces. */
  readonly entries?: number;
  /** End records of ZIP64. */
  readonly zip64?: boolean;
}

const FULL = 0xffffffff;

/** The archive of the members. */
export function makeZip(members: readonly ZipMember[], options: ZipOptions = {}): Buffer {
  const files: Buffer[] = [];
  const headers: Buffer[] = [];
  let at = 0;
  for (const member of members) {
    const content = member.content ?? new Uint8Array(0);
    const method = member.method ?? 0;
    const data = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const name = Buffer.from(member.name as string);
    const truth: Numbers = {
      crc: crc32(content),
      compressed: data.length,
      size: content.length,
      method,
      flags: (member.flags ?? 0) | (member.descriptor ? 8 : 0),
      offset: at,
      name: '',
    };
    const file = [localHeader(member, truth, name), data, ...(member.descriptor ? [descriptor(truth)] : [])];
    files.push(...file);
    headers.push(centralHeader(member, { ...truth, ...member.central }, name));
    at += file.reduce((sum, part) => sum + part.length, 0);
  }
  const directory = Buffer.concat(headers);
  return Buffer.concat([...files, directory, ...endRecords(at, directory.length, members.length, options)]);
}

function localHeader(
  { extra = new Uint8Array(0), descriptor, local, zip64 }: ZipMember,
  truth: Numbers,
  name: Buffer,
): Buffer {
  const said = { ...truth, ...(descriptor ? { crc: 0, compressed: 0, size: 0 } : {}), ...local };
  const ownName = local?.name === undefined ? name : Buffer.from(local.name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(said.flags, 6);
  header.writeUInt16LE(said.method, 8);
  header.writeUInt32LE(said.crc, 14);
  header.writeUInt32LE(zip64 ? FULL : said.compressed, 18);
  header.writeUInt32LE(zip64 ? FULL : said.size, 22);
  header.writeUInt16LE(ownName.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, ownName, extra]);
}

function centralHeader({ zip64 }: ZipMember, said: Numbers, name: Buffer): Buffer {
  const header = Buffer.alloc(46);
  const extra = zip64 ? wideField([said.size, said.compressed, said.offset]) : Buffer.alloc(0);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(said.flags, 8);
  header.writeUInt16LE(said.method, 10);
  header.writeUInt32LE(said.crc, 16);
  header.writeUInt32LE(zip64 ? FULL : said.compressed, 20);
  header.writeUInt32LE(zip64 ? FULL : said.size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(zip64 ? FULL : said.offset, 42);
  return Buffer.concat([header, name, extra]);
}

function wideField(numbers: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * numbers.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * numbers.length, 2);
  for (const [index, number] of numbers.entries()) field.writeBigUInt64LE(BigInt(number), 4 + 8 * index);
  return field;
}

function descriptor({ crc, compressed, size }: Numbers): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(crc, 4);
  record.writeUInt32LE(compressed, 8);
  record.writeUInt32LE(size, 12);
  return record;
}

function endRecords(start: number, length: number, count: number, options: ZipOptions): Buffer[] {
  const entries = options.entries ?? count;
  const comment = Buffer.from(options.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.zip64 ? 0xffff : entries, 8);
  end.writeUInt16LE(options.zip64 ? 0xffff : entries, 10);
  end.writeUInt32LE(options.zip64 ? FULL : length, 12);
  end.writeUInt32LE(options.zip64 ? FULL : start, 16);
  end.writeUInt16LE(comment.length, 20);
  if (!options.zip64) return [end, comment];
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeBigUInt64LE(BigInt(entries), 24);
  end64.writeBigUInt64LE(BigInt(entries), 32);
  end64.writeBigUInt64LE(BigInt(length), 40);
  end64.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(start + length), 8);
  locator.writeUInt32LE(1, 16);
  return [end64, locator, end, comment];
}
