/**
 * What `unpack` costs for an archive of 200,000 entries and 50 GB: its requests by kind, its peak memory in one process that
 * handles one part after the other, and that no entry is lost or written twice. The archive is made up as it is read, what is
 * written is checked and dropped. Then the same for half as many entries: requests must halve.
 *
 *     npx tsx bench/unpack.ts [entries] [KiB per entry] [zip|tar]
 */
import { spawnSync } from 'node:child_process';
import { crc32 } from 'node:zlib';
import type { UnpackPorts } from '../functions/unpack/ports.ts';
import { unpackArchive } from '../functions/unpack/unpack-archive.ts';
import type { RangedSource } from '../shared/archive/ranged-source.ts';
import type { ArchiveFound } from '../shared/contract/messages.ts';
import { newOpaqueId } from '../shared/runtime/opaque-id.ts';

type Format = 'zip' | 'tar';

/** An archive of entries of one size, whose bytes are made when they are asked for. */
interface MadeUp {
  readonly size: number;
  fill(target: Buffer, start: number): void;
}

const NAME_LENGTH = 40;
const nameOf = (index: number) => `DICOM/ST0001/SE0001/IM${String(index).padStart(NAME_LENGTH - 22, '0')}`;

let content = Buffer.alloc(0);

/** The bytes of an entry: its number, then the same for all. Overwritten by the next call. */
function contentOf(index: number, length: number): Buffer {
  if (content.length !== length) content = Buffer.alloc(length, 'filmroom');
  content.writeDoubleLE(index);
  return content;
}

/** Pieces of equal length, one after the other, then a tail. */
function madeUp(count: number, stride: number, piece: (index: number) => Buffer, tail: Buffer): MadeUp {
  const body = count * stride;
  return {
    size: body + tail.length,
    fill(target, start) {
      for (let at = start; at < start + target.length; ) {
        const source = at < body ? piece(Math.floor(at / stride)) : tail;
        const from = at < body ? at % stride : at - body;
        at += source.copy(target, at - start, from);
      }
    },
  };
}

function makeZip(count: number, length: number): MadeUp {
  const stride = 30 + NAME_LENGTH + length;
  const checksums = new Uint32Array(count);
  const local = (index: number, checksum: number) => {
    const header = Buffer.alloc(30 + NAME_LENGTH);
    header.writeUInt32LE(0x04034b50);
    header.writeUInt32LE(checksum, 14);
    header.writeUInt32LE(length, 18);
    header.writeUInt32LE(length, 22);
    header.writeUInt16LE(NAME_LENGTH, 26);
    header.write(nameOf(index), 30);
    return header;
  };
  const directory = Buffer.alloc(count * (46 + NAME_LENGTH + 12));
  for (let index = 0; index < count; index++) {
    checksums[index] = crc32(contentOf(index, length));
    const header = directory.subarray(index * (46 + NAME_LENGTH + 12));
    header.writeUInt32LE(0x02014b50);
    header.writeUInt32LE(checksums[index] as number, 16);
    header.writeUInt32LE(length, 20);
    header.writeUInt32LE(length, 24);
    header.writeUInt16LE(NAME_LENGTH, 28);
    header.writeUInt16LE(12, 30);
    header.writeUInt32LE(0xffffffff, 42);
    header.write(nameOf(index), 46);
    header.writeUInt16LE(1, 46 + NAME_LENGTH);
    header.writeUInt16LE(8, 48 + NAME_LENGTH);
    header.writeBigUInt64LE(BigInt(index * stride), 50 + NAME_LENGTH);
  }
  const end = Buffer.alloc(56 + 20 + 22);
  end.writeUInt32LE(0x06064b50);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(directory.length), 40);
  end.writeBigUInt64LE(BigInt(count * stride), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(count * stride + directory.length), 64);
  end.writeUInt32LE(0x06054b50, 76);
  end.fill(0xff, 84, 96);
  const piece = (index: number) =>
    Buffer.concat([local(index, checksums[index] as number), contentOf(index, length)]);
  return madeUp(count, stride, piece, Buffer.concat([directory, end]));
}

function makeTar(count: number, length: number): MadeUp {
  const padding = Buffer.alloc(-length & 511);
  const piece = (index: number) => {
    const header = Buffer.alloc(512);
    header.write(nameOf(index));
    header.write(`${length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    header.write('ustar\x0000', 257);
    header.fill(' ', 148, 156);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return Buffer.concat([header, contentOf(index, length), padding]);
  };
  return madeUp(count, 512 + length + padding.length, piece, Buffer.alloc(1024));
}

/** Unpacks the archive to its end; what it asked for, and what was wrong. */
async function unpackAll(format: Format, count: number, length: number) {
  const archive = format === 'zip' ? makeZip(count, length) : makeTar(count, length);
  const requests = { GET: 0, PUT: 0, messages: 0 };
  const seen = new Uint8Array(count);
  let [wrong, bytesRead, slowest] = [0, 0, 0];
  const read = (start: number, wanted: number) => {
    requests.GET++;
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(wanted, archive.size - start)));
    archive.fill(bytes, start);
    bytesRead += bytes.length;
    return bytes;
  };
  const source: RangedSource = {
    size: archive.size,
    read: async (start, wanted) => read(start, wanted),
    stream: async (start, wanted) =>
      (async function* () {
        yield read(start, wanted);
      })(),
  };
  const ports: UnpackPorts = {
    source: () => source,
    pathOf: async () => 'archive',
    async *written() {},
    async write(key, bytes) {
      requests.PUT++;
      const index = Number(key.slice(key.lastIndexOf('/') + 1));
      seen[index] = (seen[index] ?? 0) + 1;
      if (bytes.length !== length || Buffer.from(bytes.buffer, bytes.byteOffset, 8).readDoubleLE() !== index)
        wrong++;
    },
    async writePieces() {
      throw new Error('an entry of this archive is small');
    },
    async writeLong() {
      throw new Error('an entry of this archive is small');
    },
    async refuse(entries) {
      wrong += entries.length;
    },
    async end() {},
    async refuseArchive(_, fault) {
      throw fault;
    },
  };
  const first: ArchiveFound = {
    item: { upload: newOpaqueId(), item: newOpaqueId() },
    object: { bucket: 'vault', key: 'archive', versionId: '' },
    size: archive.size,
    format,
    depth: 0,
  };
  const queue = [first];
  const began = performance.now();
  for (let message = queue.shift(); message; message = queue.shift()) {
    requests.messages++;
    const from = performance.now();
    const context = {
      run: 'bench',
      attempt: 1,
      remainingMilliseconds: () => 900_000 - (performance.now() - from),
    };
    queue.push(...(await unpackArchive(message, ports, context)));
    slowest = Math.max(slowest, performance.now() - from);
  }
  const lost = seen.filter((times) => times === 0).length;
  const twice = seen.filter((times) => times > 1).length;
  return {
    entries: count,
    gigabytes: archive.size / 1e9,
    readRatio: bytesRead / archive.size,
    requests,
    lost,
    twice,
    wrong,
    seconds: (performance.now() - began) / 1000,
    slowestPartSeconds: slowest / 1000,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}

const [entries = '200000', kib = '250', format = 'zip', role] = process.argv.slice(2);
if (role === 'child') {
  const result = await unpackAll(format as Format, Number(entries), Number(kib) * 1024);
  console.log(JSON.stringify(result));
} else {
  const run = (count: number) => {
    const args = ['tsx', 'bench/unpack.ts', String(count), kib, format, 'child'];
    const { stdout, status } = spawnSync('npx', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error('the run failed');
    return JSON.parse(stdout) as Awaited<ReturnType<typeof unpackAll>>;
  };
  const half = run(Number(entries) / 2);
  const whole = run(Number(entries));
  for (const result of [half, whole]) {
    const { requests } = result;
    console.log(
      `${format}, ${result.entries} entries, ${result.gigabytes.toFixed(1)} GB: ${requests.GET} GET, ${requests.PUT} PUT, ` +
        `${requests.messages} messages; ${result.lost} lost, ${result.twice} twice, ${result.wrong} wrong; ` +
        `${result.readRatio.toFixed(2)} of the bytes read; ${result.seconds.toFixed(0)} s, the slowest part ` +
        `${result.slowestPartSeconds.toFixed(1)} s; peak ${result.peakMiB.toFixed(0)} MiB`,
    );
  }
  const total = ({ requests }: typeof whole) => requests.GET + requests.PUT + requests.messages;
  console.log(`requests of the whole to those of the half: ${(total(whole) / total(half)).toFixed(3)}`);
}
