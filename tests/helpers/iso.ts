/** Disk images made here, true ones and ones that lie: a plain or a Joliet tree, extents as one likes. */

export interface IsoMember {
  /** With slashes between directories. */
  readonly name: string;
  /** Default: a directory, or a file without bytes where the name has no slash at its end. */
  readonly content?: Uint8Array;
  /** So many extents one behind the other. Default 1. */
  readonly parts?: number;
  /** What its first record says in place of the truth; blocks and bytes. */
  readonly says?: {
    readonly block?: number;
    readonly length?: number;
    readonly flags?: number;
    readonly unit?: number;
  };
}

export interface IsoOptions {
  readonly joliet?: boolean;
  readonly blockBytes?: number;
  /** Bytes of the whole, where more than it holds. */
  readonly size?: number;
  /** So many files are counted by a UDF beside it, whose descriptors alone are there. */
  readonly udfFiles?: number;
}

export const SECTOR = 2048;

interface Node {
  readonly name: string;
  readonly member?: IsoMember;
  readonly children: Map<string, Node>;
  block: number;
  bytes: number;
}

const folder = (name: string): Node => ({ name, children: new Map(), block: 0, bytes: 0 });

/** The image. */
export function makeIso(members: readonly IsoMember[], options: IsoOptions = {}): Buffer {
  const { joliet = false, blockBytes = SECTOR } = options;
  const root = folder('');
  for (const member of members) {
    const names = member.name.replace(/\/$/, '').split('/');
    let at = root;
    for (const name of names.slice(0, -1)) {
      if (!at.children.has(name)) at.children.set(name, folder(name));
      at = at.children.get(name) as Node;
    }
    const name = names.at(-1) as string;
    at.children.set(name, { ...folder(name), member });
  }
  const perSector = SECTOR / blockBytes;
  const isFolder = ({ member }: Node) => member === undefined || member.name.endsWith('/');
  const nodes: Node[] = [];
  const collect = (node: Node) => {
    nodes.push(node);
    for (const child of node.children.values()) collect(child);
  };
  collect(root);
  const encode = (text: string) =>
    joliet ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, 'latin1');

  const record = (name: Uint8Array, node: Node, more: Partial<IsoMember['says']> & object = {}): Buffer => {
    const bytes = Buffer.alloc(33 + name.length + ((name.length + 1) % 2));
    const block = more.block ?? node.block;
    const length = more.length ?? node.bytes;
    bytes[0] = bytes.length;
    bytes.writeUInt32LE(block, 2);
    bytes.writeUInt32BE(block, 6);
    bytes.writeUInt32LE(length, 10);
    bytes.writeUInt32BE(length, 14);
    bytes[25] = more.flags ?? (isFolder(node) ? 2 : 0);
    bytes[26] = more.unit ?? 0;
    bytes.writeUInt16LE(1, 28);
    bytes.writeUInt16BE(1, 30);
    bytes[32] = name.length;
    bytes.set(name, 33);
    return bytes;
  };
  const recordsOf = (node: Node): Buffer[] => [
    record(Buffer.of(0), node),
    record(Buffer.of(1), node),
    ...[...node.children.values()].flatMap((child) => {
      if (isFolder(child)) return [record(encode(child.name), child, child.member?.says)];
      const { parts = 1, says } = child.member ?? {};
      const name = encode(/;\d+$/.test(child.name) ? child.name : `${child.name};1`);
      // All but the last are whole blocks.
      const each = Math.floor(child.bytes / parts / SECTOR) * SECTOR;
      return Array.from({ length: parts }, (_, part) => {
        const isLast = part === parts - 1;
        const length = isLast ? child.bytes - part * each : each;
        const block = child.block + (part * each) / blockBytes;
        return record(name, child, { block, length, flags: isLast ? 0 : 0x80, ...(part === 0 ? says : {}) });
      });
    }),
  ];
  const inSectors = (records: readonly Buffer[]): Buffer => {
    const pieces: Buffer[] = [];
    let room = SECTOR;
    for (const one of records) {
      if (one.length > room) pieces.push(Buffer.alloc(room));
      room = one.length > room ? SECTOR - one.length : room - one.length;
      pieces.push(one);
    }
    return Buffer.concat([...pieces, Buffer.alloc(room % SECTOR)]);
  };

  let sector = (joliet ? 19 : 18) + (options.udfFiles === undefined ? 0 : 3);
  const place = (node: Node, bytes: number) => {
    node.block = sector * perSector;
    node.bytes = bytes;
    sector += Math.ceil(bytes / SECTOR);
  };
  for (const node of nodes.filter(isFolder)) place(node, inSectors(recordsOf(node)).length);
  for (const node of nodes.filter((one) => !isFolder(one))) place(node, node.member?.content?.length ?? 0);
  const image = Buffer.alloc(Math.max(sector * SECTOR, options.size ?? 0));
  for (const node of nodes) {
    const bytes = isFolder(node) ? inSectors(recordsOf(node)) : (node.member?.content ?? new Uint8Array(0));
    image.set(bytes, node.block * blockBytes);
  }
  const descriptor = (at: number, type: number) => {
    image[at * SECTOR] = type;
    image.write('CD001\x01', at * SECTOR + 1, 'latin1');
    image.writeUInt16LE(blockBytes, at * SECTOR + 128);
    image.set(record(Buffer.of(0), root), at * SECTOR + 156);
  };
  descriptor(16, 1);
  if (joliet) {
    descriptor(17, 2);
    image.write('%/E', 17 * SECTOR + 88, 'latin1');
  }
  descriptor(joliet ? 18 : 17, 255);
  return options.udfFiles === undefined ? image : withUdf(image, joliet ? 19 : 18, options.udfFiles);
}

/** Descriptors of UDF in the sectors that were left for them, at 256 and behind everything. */
function withUdf(image: Buffer, recognition: number, files: number): Buffer {
  const volumes = Math.max(300, image.length / SECTOR);
  const disk = Buffer.concat([image, Buffer.alloc((volumes + 4) * SECTOR - image.length)]);
  for (const [number, name] of ['BEA01', 'NSR02', 'TEA01'].entries())
    disk.write(name, (recognition + number) * SECTOR + 1, 'latin1');
  const descriptor = (sector: number, tag: number, values: Readonly<Record<number, number>> = {}) => {
    disk.writeUInt16LE(tag, sector * SECTOR);
    for (const [at, value] of Object.entries(values)) disk.writeUInt32LE(value, sector * SECTOR + Number(at));
  };
  descriptor(256, 2, { 16: 2 * SECTOR, 20: volumes });
  descriptor(volumes, 6, { 432: 2 * SECTOR, 436: volumes + 2 });
  descriptor(volumes + 1, 8);
  // Of one partition, so that two numbers stand before the counts.
  descriptor(volumes + 2, 9, { 72: 1, 76: 46, [80 + 8 + 32]: files });
  descriptor(volumes + 3, 8);
  return disk;
}
