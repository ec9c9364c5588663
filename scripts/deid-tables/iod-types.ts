/**
 * The types (PS3.3 5.4) of the attributes that PS3.15 Table E.1-1 gives a combined action, in each composite IOD and in the
 * items of each sequence: read from GDCM's transcription of PS3.3 (Debian: libgdcm3.0), of an older edition. What it does
 * not know stays unknown. Of several modules of one IOD the strictest type counts.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const FOLDER = '/usr/share';

/** Where the transcription of PS3.3 is; undefined where it is not installed. */
export function findPart3(): string | undefined {
  if (!existsSync(FOLDER)) return undefined;
  return readdirSync(FOLDER)
    .filter((name) => name.startsWith('gdcm-'))
    .map((name) => `${FOLDER}/${name}/XML/Part3.xml`)
    .find((file) => existsSync(file));
}

/** In order of strictness; letters, so that a row is one string: c is 1C, d is 2C. */
const STRICTNESS = ['1', 'c', '2', 'd', '3'];
const LETTERS: Readonly<Record<string, string>> = { '1': '1', '1C': 'c', '2': '2', '2C': 'd', '3': '3' };
const UNKNOWN = '-';

/** Names by which GDCM calls an IOD that PS3.4 calls otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'computed radiography image': 'cr image',
  'nuclear medicine image': 'nm image',
  'ultrasound image': 'us image',
  'ultrasound multi frame image': 'us multi frame image',
  'secondary capture image': 'sc image',
  'multi frame single bit secondary capture image': 'multi frame single bit sc image',
  'multi frame grayscale byte secondary capture image': 'multi frame grayscale byte sc image',
  'multi frame grayscale word secondary capture image': 'multi frame grayscale word sc image',
  'multi frame true color secondary capture image': 'multi frame true color sc image',
  'x ray radiofluoroscopic image': 'xrf image',
  'positron emission tomography image': 'pet image',
  'hemodynamic waveform': 'hemodynamic',
  'basic cardiac electrophysiology waveform': 'basic cardiac ep',
  'basic voice audio waveform': 'basic voice audio',
  'enhanced xa image': 'enhanced x ray angiographic image',
  'enhanced xrf image': 'enhanced x ray rf image',
};

interface Line {
  /** How many sequences it is nested in. */
  readonly depth: number;
  readonly tag?: string;
  readonly type?: string;
  /** The number of the table of an included macro. */
  readonly macro?: string;
}

interface Part3 {
  readonly edition: string;
  readonly iods: ReadonlyMap<string, readonly string[]>;
  readonly modules: ReadonlyMap<string, readonly Line[]>;
  readonly macros: ReadonlyMap<string, readonly Line[]>;
}

/** What is known of the given tags. */
export interface IodTypes {
  readonly edition: string;
  /** By IOD as PS3.4 names it: one letter for each tag. */
  readonly iods: Map<string, string>;
  /** Sequence, attribute in its items, letter. */
  readonly nested: readonly (readonly [string, string, string])[];
}

/** The types of the tags (eight upper-case hexadecimal digits) in each of the IODs that the file knows. */
export function readIodTypes(file: string, tags: readonly string[], iodNames: readonly string[]): IodTypes {
  const part3 = parse(readFileSync(file, 'utf8'));
  const wanted = new Set(tags);
  const nested = new Map<string, string>();
  for (const lines of [...part3.modules.values(), ...part3.macros.values()])
    walk(lines, part3, (tag, type, parent) => {
      if (parent !== undefined && wanted.has(tag)) keepStrictest(nested, `${parent} ${tag}`, type);
    });
  const iods = new Map<string, string>();
  for (const name of iodNames) {
    const plain = plainName(name);
    const modules = part3.iods.get(OTHER_NAMES[plain] ?? plain);
    if (modules === undefined) continue;
    const types = new Map<string, string>();
    for (const module of modules)
      walk(part3.modules.get(module) ?? [], part3, (tag, type, parent) => {
        if (parent === undefined && wanted.has(tag)) keepStrictest(types, tag, type);
      });
    iods.set(name, tags.map((tag) => types.get(tag) ?? UNKNOWN).join(''));
  }
  const pairs = [...nested]
    .sort()
    .map(([key, type]) => [...key.split(' '), type] as [string, string, string]);
  return { edition: part3.edition, iods, nested: pairs };
}

function keepStrictest(types: Map<string, string>, key: string, type: string): void {
  const known = types.get(key);
  if (known === undefined || STRICTNESS.indexOf(type) < STRICTNESS.indexOf(known)) types.set(key, type);
}

/** Tells of each attribute with the sequence it is nested in; macros stand where they are included. */
function walk(
  lines: readonly Line[],
  part3: Part3,
  tell: (tag: string, type: string, parent: string | undefined) => void,
  outer: readonly string[] = [],
): void {
  // No macro of PS3.3 stands deeper; some include themselves.
  if (outer.length > 6) return;
  const parents: string[] = [];
  for (const { depth, tag, type, macro } of lines) {
    parents.length = Math.min(parents.length, depth);
    const path = [...outer, ...parents];
    if (macro !== undefined) walk(part3.macros.get(macro) ?? [], part3, tell, path);
    if (tag === undefined) continue;
    if (type !== undefined) tell(tag, type, path.at(-1));
    parents[depth] = tag;
  }
}

function parse(xml: string): Part3 {
  const text = xml.replace(/<!--[\s\S]*?-->/g, '');
  const iods = new Map<string, string[]>();
  const modules = new Map<string, Line[]>();
  const macros = new Map<string, Line[]>();
  let lines: Line[] = [];
  let iod: string[] | undefined;
  for (const [, name = '', given = ''] of text.matchAll(/<([\w-]+)((?:\s+[\w-]+="[^"]*")+)\s*\/?>/g)) {
    const attributes = Object.fromEntries(
      [...given.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, unescaped(value)]),
    );
    const { ref = '', table = '', group, element, type = '' } = attributes;
    if (name === 'iod' || name === 'module' || name === 'macro') {
      lines = [];
      iod = name === 'iod' ? [] : undefined;
      if (iod) iods.set(plainName((attributes.name ?? '').replace(/ IOD Modules$/, '')), iod);
      // Some modules have two tables, which are both of the module.
      if (name === 'module') {
        lines = modules.get(ref) ?? [];
        modules.set(ref, lines);
      }
      if (name === 'macro') macros.set(table, lines);
    } else if (name === 'entry' && iod) iod.push(ref);
    else if (name === 'entry' && group !== undefined) {
      const letter = LETTERS[type];
      const depth = /^[>\s]*/.exec(attributes.name ?? '')?.[0].replace(/\s/g, '').length ?? 0;
      lines.push({ depth, tag: `${group}${element}`.toUpperCase(), ...(letter ? { type: letter } : {}) });
    } else if (name === 'include') {
      const depth = /^[>\s]*/.exec(ref)?.[0].replace(/\s/g, '').length ?? 0;
      const macro = /Table\s+([\w.-]+?)\.?\)?$/.exec(ref.trim().replace(/\.$/, ''))?.[1];
      if (macro !== undefined) lines.push({ depth, macro });
    }
  }
  return { edition: /<tables edition="(\d+)"/.exec(text)?.[1] ?? 'unknown', iods, modules, macros };
}

function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z\d]+/g, ' ')
    .trim();
}

function unescaped(text: string): string {
  return text
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
