/**
 * What is known of instances, from three sources in three orders, brought together on disk: each fact goes to one of a number
 * of files by its study, and one file is compared at a time. So memory holds a part of the installation, however large it is.
 * Facts are pseudonyms only: no path is ever written here.
 */
import { appendFileSync, createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Where a fact comes from: an item that was indexed, an object, a preview, a row; or what a study's row says. */
export type FactKind = 'item' | 'object' | 'preview' | 'row' | 'ready' | 'not-ready';

export interface Fact {
  readonly study: string;
  readonly kind: FactKind;
  /** Empty for the row of a study. */
  readonly series: string;
  readonly instance: string;
  /** Of an item its upload and id; of an object when it was written, in milliseconds. */
  readonly more?: string;
}

export interface Spill {
  add(fact: Fact): void;
  /** The facts of one file after the other, put together by study. */
  studies(): AsyncGenerator<readonly [study: string, facts: readonly Fact[]]>;
  remove(): Promise<void>;
}

/** Files: of ten million instances some 150,000 are compared at a time. */
const FILES = 64;
/** Characters that are gathered for a file before they are written. */
const GATHERED = 1 << 16;

/** An empty spill in a folder of its own. */
export async function openSpill(parent = tmpdir()): Promise<Spill> {
  const folder = await mkdtemp(join(parent, 'filmroom-reconcile-'));
  const gathered = Array.from({ length: FILES }, () => '');
  const fileOf = (index: number) => join(folder, String(index));
  const flush = (index: number) => {
    const text = gathered[index];
    if (text) appendFileSync(fileOf(index), text, { mode: 0o600 });
    gathered[index] = '';
  };
  return {
    add({ study, kind, series, instance, more = '' }) {
      const index = indexOf(study);
      gathered[index] += `${[study, kind, series, instance, more].join('\t')}\n`;
      if ((gathered[index]?.length ?? 0) > GATHERED) flush(index);
    },
    async *studies() {
      for (let index = 0; index < FILES; index++) {
        flush(index);
        yield* (await readFacts(fileOf(index))).entries();
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function readFacts(file: string): Promise<Map<string, Fact[]>> {
  const facts = new Map<string, Fact[]>();
  if (!existsSync(file)) return facts;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const [study = '', kind = 'item', series = '', instance = '', more = ''] = line.split('\t');
    const fact: Fact = { study, kind: kind as FactKind, series, instance, more };
    const known = facts.get(study);
    if (known) known.push(fact);
    else facts.set(study, [fact]);
  }
  return facts;
}

/** The end of a UID is the part that differs. */
function indexOf(study: string): number {
  let hash = 0;
  for (const character of study) hash = (hash * 31 + character.charCodeAt(0)) % 65_521;
  return hash % FILES;
}
