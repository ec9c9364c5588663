/** From coefficients to the entropy-coded data of a sequential scan (ITU-T T.81 F.1.2). */
import { BitWriter } from './bits.ts';
import { type Frame, type Scan, visitScan } from './coefficients.ts';
import { type HuffmanTable, type HuffmanTables, optimisedTable } from './huffman.ts';

const ZERO_RUN = 0xf0;
const END_OF_BLOCK = 0;

/** Takes a symbol of a table, and the bits that follow its code. */
type Emit = (table: number, symbol: number, extra: number, extraBits: number) => void;

/** The symbols of the scan, by table, and how often each occurs. */
export function countSymbols(frame: Frame, scan: Scan): Map<number, Uint32Array> {
  const counts = new Map<number, Uint32Array>();
  for (const { dcTable, acTable } of scan.components) {
    counts.set(dcTable, new Uint32Array(256));
    counts.set(0x10 | acTable, new Uint32Array(256));
  }
  emitScan(
    frame,
    scan,
    (table, symbol) => {
      const occurrences = counts.get(table) as Uint32Array;
      occurrences[symbol] = (occurrences[symbol] as number) + 1;
    },
    () => {},
  );
  return counts;
}

/** Whether the tables have a code for every symbol. */
export function canWrite(counts: ReadonlyMap<number, Uint32Array>, tables: HuffmanTables): boolean {
  for (const [id, occurrences] of counts) {
    const lengths = tables.get(id)?.lengths;
    if (lengths === undefined || occurrences.some((often, symbol) => often > 0 && lengths[symbol] === 0))
      return false;
  }
  return true;
}

/** Tables made for the symbols. */
export function tablesFor(counts: ReadonlyMap<number, Uint32Array>): Map<number, HuffmanTable> {
  return new Map([...counts].map(([id, occurrences]) => [id, optimisedTable(occurrences)]));
}

/** The entropy-coded data of the scan; `expected` bytes are set aside for it. */
export function encodeScan(frame: Frame, scan: Scan, tables: HuffmanTables, expected: number): Uint8Array {
  const writer = new BitWriter(expected);
  emitScan(
    frame,
    scan,
    (id, symbol, extra, extraBits) => {
      const { codes, lengths } = tables.get(id) as HuffmanTable;
      writer.put(codes[symbol] as number, lengths[symbol] as number);
      if (extraBits > 0) writer.put(extra, extraBits);
    },
    (count) => writer.marker(0xd0 + (count & 7)),
  );
  return writer.finish();
}

function emitScan(frame: Frame, scan: Scan, emit: Emit, restart: (count: number) => void): void {
  const predictions = new Int32Array(scan.components.length);
  visitScan(frame, scan, {
    restart: (count) => {
      restart(count);
      predictions.fill(0);
    },
    block: ({ component: { values }, dcTable, acTable }, index, at) => {
      const dc = values[at] as number;
      emitValue(emit, dcTable, 0, dc - (predictions[index] as number));
      predictions[index] = dc;
      emitCoefficients(emit, 0x10 | acTable, values, at);
    },
  });
}

function emitCoefficients(emit: Emit, table: number, values: Int16Array, at: number): void {
  let run = 0;
  for (let k = at + 1; k < at + 64; k++) {
    const value = values[k] as number;
    if (value === 0) {
      run++;
      continue;
    }
    for (; run > 15; run -= 16) emit(table, ZERO_RUN, 0, 0);
    emitValue(emit, table, run << 4, value);
    run = 0;
  }
  if (run > 0) emit(table, END_OF_BLOCK, 0, 0);
}

/** The category of a number and, of a negative one, the bits of one less (F.1.2.1). */
function emitValue(emit: Emit, table: number, run: number, value: number): void {
  const category = 32 - Math.clz32(Math.abs(value));
  emit(table, run | category, value < 0 ? value - 1 : value, category);
}
