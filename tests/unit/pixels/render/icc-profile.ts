/** Makes small ICC profiles (ICC.1:2001-04) of three primaries and one curve, so that a test states its colours. */

type Xyz = readonly [x: number, y: number, z: number];

/** A display profile whose primaries, relative to D50, are given; its curve is a gamma of 2.2. */
export function matrixProfile([red, green, blue]: readonly [Xyz, Xyz, Xyz]): Uint8Array {
  const curve = Buffer.from([...Buffer.from('curv'), 0, 0, 0, 0, 0, 0, 0, 1, 2, 51, 0, 0]);
  const tags: readonly (readonly [name: string, value: Buffer])[] = [
    ['desc', description('test')],
    ['cprt', Buffer.from('text\0\0\0\0none\0\0\0\0', 'latin1')],
    ['wtpt', xyz([0.9642, 1, 0.8249])],
    ['rXYZ', xyz(red)],
    ['gXYZ', xyz(green)],
    ['bXYZ', xyz(blue)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  let at = 128 + table.length;
  tags.forEach(([name, value], index) => {
    table.write(name, 4 + index * 12, 'latin1');
    table.writeUInt32BE(at, 8 + index * 12);
    table.writeUInt32BE(value.length, 12 + index * 12);
    at += value.length;
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at, 0);
  header.writeUInt32BE(0x02400000, 8);
  header.write('mntrRGB XYZ ', 12, 'latin1');
  header.writeUInt16BE(2001, 24);
  header.writeUInt16BE(4, 26);
  header.writeUInt16BE(1, 28);
  header.write('acsp', 36, 'latin1');
  xyz([0.9642, 1, 0.8249]).copy(header, 68, 8);
  return new Uint8Array(Buffer.concat([header, table, ...tags.map(([, value]) => value)]));
}

function xyz(values: Xyz): Buffer {
  const value = Buffer.alloc(20);
  value.write('XYZ ', 0, 'latin1');
  for (const [index, each] of values.entries()) value.writeInt32BE(Math.round(each * 65536), 8 + index * 4);
  return value;
}

function description(text: string): Buffer {
  const value = Buffer.alloc(104);
  value.write('desc', 0, 'latin1');
  value.writeUInt32BE(text.length + 1, 8);
  value.write(text, 12, 'latin1');
  return value;
}
