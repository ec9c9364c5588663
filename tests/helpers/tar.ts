/** TAR archives made block by block, so that they can lie. */
import { Buffer } from 'node:buffer';

export interface TarMember {
  readonly name: string;
  readonly content?: Uint8Array;
  /** @default '0', a file */
  readonly type?: string;
  /** @default ustar's */
  readonly magic?: string;
  readonly prefix?: string;
  /** The size that the header states instead of the truth. */
  readonly size?: number;
  /** The field of the size as it is, instead of octal digits. */
  readonly sizeField?: Uint8Array;
  readonly checksum?: number;
}

/** The archive of the members, with the two blocks that end it unless `end` is false. */
export function makeTar(members: readonly TarMember[], { end = true } = {}): Buffer {
  const blocks = members.flatMap((member) => {
    const content = Buffer.from(member.content ?? new Uint8Array(0));
    return [header(member, content.length), content, Buffer.alloc(-content.length & 511)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(end ? 1024 : 0)]);
}

/** A pax extended header of the records, to stand before a member. */
export function extended(records: Readonly<Record<string, string>>): TarMember {
  return { name: 'PaxHeader', type: 'x', content: Buffer.concat(Object.entries(records).map(record)) };
}

/** The length counts itself. */
function record([keyword, value]: [string, string]): Buffer {
  const rest = Buffer.from(` ${keyword}=${value}\n`);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length++;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function header(member: TarMember, length: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(member.name, 0, 100, 'utf8');
  block.write('0000644\0', 100, 'latin1');
  block.write(`${(member.size ?? length).toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  if (member.sizeField) block.set(member.sizeField, 124);
  block.write(member.type ?? '0', 156, 'latin1');
  block.write(member.magic ?? 'ustar\x0000', 257, 'latin1');
  block.write(member.prefix ?? '', 345, 'utf8');
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${(member.checksum ?? sum).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
