/** From entropy-coded data to coefficients: sequential scans (ITU-T T.81 F.2) and progressive ones (G.2). */
import { UndisplayableError } from '../undisplayable.ts';
import { BitReader } from './bits.ts';
import { type Frame, type Scan, type ScanComponent, visitScan } from './coefficients.ts';
import type { HuffmanTable, HuffmanTables } from './huffman.ts';

const PROGRESSIVE = 0xc2;

/** Decodes the scan that begins at `at` into the frame's components; returns where its data ends. */
export function decodeScan(
  bytes: Uint8Array,
  at: number,
  frame: Frame,
  scan: Scan,
  tables: HuffmanTables,
): number {
  const reader = new BitReader(bytes, at);
  const decoder = new ScanDecoder(reader, scan, tables);
  const block = frame.process === PROGRESSIVE ? decoder.progressive() : decoder.sequential;
  visitScan(frame, scan, {
    restart: (count) => {
      reader.restart(count);
      decoder.reset();
    },
    block,
  });
  return reader.end();
}

type DecodeBlock = (member: ScanComponent, index: number, at: number) => void;

class ScanDecoder {
  readonly #reader: BitReader;
  readonly #scan: Scan;
  readonly #dc: readonly (HuffmanTable | undefined)[];
  readonly #ac: readonly (HuffmanTable | undefined)[];
  readonly #predictions: Int32Array;
  /** Blocks still to come that end without a further coefficient. */
  #endOfBand = 0;

  constructor(reader: BitReader, scan: Scan, tables: HuffmanTables) {
    this.#reader = reader;
    this.#scan = scan;
    this.#dc = scan.components.map(({ dcTable }) => tables.get(dcTable));
    this.#ac = scan.components.map(({ acTable }) => tables.get(0x10 | acTable));
    this.#predictions = new Int32Array(scan.components.length);
  }

  reset(): void {
    this.#predictions.fill(0);
    this.#endOfBand = 0;
  }

  progressive(): DecodeBlock {
    const { spectralStart, spectralEnd, high, components } = this.#scan;
    if (spectralStart > spectralEnd || spectralEnd > 63 || (spectralStart > 0 && components.length > 1))
      throw new UndisplayableError('undecodable', 'a JPEG scan of no coefficients');
    if (spectralStart === 0) return high === 0 ? this.#dcFirst : this.#dcAgain;
    return high === 0 ? this.#acFirst : this.#acAgain;
  }

  readonly sequential: DecodeBlock = ({ component: { values } }, index, at) => {
    values[at] = this.#dcValue(index);
    const table = present(this.#ac[index]);
    for (let k = 1; k < 64; k++) {
      const symbol = this.#reader.symbol(table);
      const category = symbol & 15;
      const run = symbol >> 4;
      if (category === 0) {
        if (run < 15) break;
        k += 15;
        continue;
      }
      k += run;
      if (k > 63) throw new UndisplayableError('undecodable', 'a JPEG run beyond its block');
      values[at + k] = this.#reader.signed(category);
    }
  };

  #dcValue(index: number): number {
    const category = this.#reader.symbol(present(this.#dc[index]));
    if (category > 15) throw new UndisplayableError('undecodable', 'a JPEG difference out of range');
    const value = (this.#predictions[index] as number) + this.#reader.signed(category);
    this.#predictions[index] = value;
    return value;
  }

  readonly #dcFirst: DecodeBlock = ({ component: { values } }, index, at) => {
    values[at] = this.#dcValue(index) << this.#scan.low;
  };

  readonly #dcAgain: DecodeBlock = ({ component: { values } }, _, at) => {
    if (this.#reader.bits(1) === 1) values[at] = (values[at] as number) | (1 << this.#scan.low);
  };

  readonly #acFirst: DecodeBlock = ({ component: { values } }, index, at) => {
    if (this.#endOfBand > 0) {
      this.#endOfBand--;
      return;
    }
    const table = present(this.#ac[index]);
    for (let k = this.#scan.spectralStart; k <= this.#scan.spectralEnd; k++) {
      const symbol = this.#reader.symbol(table);
      const category = symbol & 15;
      const run = symbol >> 4;
      if (category === 0 && run < 15) {
        this.#endOfBand = (1 << run) - 1 + this.#reader.bits(run);
        return;
      }
      k += run;
      if (k > 63) throw new UndisplayableError('undecodable', 'a JPEG run beyond its block');
      if (category > 0) values[at + k] = this.#reader.signed(category) << this.#scan.low;
    }
  };

  /** G.1.2.3: each coefficient that is not zero yet gets a bit on the way to where the next new one stands. */
  readonly #acAgain: DecodeBlock = ({ component: { values } }, index, at) => {
    const { spectralStart, spectralEnd, low } = this.#scan;
    const table = present(this.#ac[index]);
    const reader = this.#reader;
    let k = spectralStart;
    const refine = (position: number): void => {
      const value = values[position] as number;
      if (reader.bits(1) === 1) values[position] = value + (value < 0 ? -(1 << low) : 1 << low);
    };
    if (this.#endOfBand === 0) {
      for (; k <= spectralEnd; k++) {
        const symbol = reader.symbol(table);
        let run = symbol >> 4;
        let fresh = 0;
        if ((symbol & 15) === 0) {
          if (run < 15) {
            this.#endOfBand = (1 << run) + reader.bits(run);
            break;
          }
        } else fresh = reader.bits(1) === 1 ? 1 << low : -(1 << low);
        for (; k <= spectralEnd; k++) {
          if (values[at + k] !== 0) refine(at + k);
          else if (run-- === 0) break;
        }
        if (fresh !== 0 && k <= spectralEnd) values[at + k] = fresh;
      }
    }
    if (this.#endOfBand > 0) {
      for (; k <= spectralEnd; k++) if (values[at + k] !== 0) refine(at + k);
      this.#endOfBand--;
    }
  };
}

function present(table: HuffmanTable | undefined): HuffmanTable {
  if (table === undefined) throw new UndisplayableError('undecodable', 'a JPEG Huffman table is missing');
  return table;
}
