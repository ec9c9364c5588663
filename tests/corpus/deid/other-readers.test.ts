/** What readers that share no code with ours make of the de-identified corpus; each only where it is installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deidentify, keyedPseudonyms, POLICIES, profileOf } from '../../../shared/deid/index.ts';
import { concatSegments, readPart10 } from '../../../shared/dicom/index.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { SECRET, testProfile } from '../../unit/deid/instances.ts';
import { corpusFiles, corpusPath, hasCorpus } from './corpus-files.ts';
import { readWithDcmjs } from './independent-reader.ts';

/** All but a few slices of each series: the others differ in their numbers only. */
const REPETITIVE = /^02-series\/.*[^05]\.dcm$/;

const PYDICOM = `
import sys, warnings, pydicom
warnings.simplefilter('ignore')
for path in sys.stdin.read().splitlines():
    try: str(pydicom.dcmread(path))
    except Exception: print(path)
`;

const folder = mkdtempSync(join(tmpdir(), 'filmroom-deid-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Pair {
  readonly source: string;
  readonly written: string;
  readonly isDeflated: boolean;
}

/** The Basic Profile alone and each policy, for a caller who vouches for the pictures. */
const profiles = [
  ['the Basic Profile', testProfile({ pixels: 'trust' })] as const,
  ...[...POLICIES.values()].map(
    (policy) =>
      [
        policy.name,
        profileOf(
          { ...policy, pixels: 'trust', recognizableFeatures: 'release' },
          { pseudonyms: keyedPseudonyms(SECRET) },
        ),
      ] as const,
  ),
];

/** Each instance of the corpus that is released under each of them, as files. */
function writeAll(): Pair[] {
  const pairs: Pair[] = [];
  for (const name of corpusFiles.filter((each) => !REPETITIVE.test(each))) {
    const object = new Uint8Array(readFileSync(corpusPath(name)));
    for (const [policy, profile] of profiles) {
      try {
        const part10 = readPart10(object);
        const { segments } = deidentify(part10, profile);
        const written = join(folder, `${policy.replaceAll(' ', '-')}__${name.replaceAll('/', '__')}`);
        writeFileSync(written, concatSegments(segments, object));
        pairs.push({ source: corpusPath(name), written, isDeflated: part10.inflated !== undefined });
      } catch (error) {
        if (!isUnprocessable(error)) throw error;
      }
    }
  }
  return pairs;
}

const pairs = writeAll();
const isInstalled = (command: string, ...flags: string[]): boolean => spawnSync(command, flags).status === 0;
const python = ['python3', '/usr/bin/python3'].find((command) =>
  isInstalled(command, '-c', 'import pydicom'),
);
const hasDcmdump = isInstalled('dcmdump', '--version');
const hasDciodvfy = spawnSync('dciodvfy', ['-version']).error === undefined;
const needs = (tool: string, isThere: boolean): string =>
  isThere && hasCorpus ? tool : `${tool} (skipped: not installed, or no corpus)`;

describe.skipIf(!hasCorpus)(needs('dcmjs', true), () => {
  it('reads each instance that it could read before', () => {
    expect(unread((path) => readWithDcmjs(new Uint8Array(readFileSync(path))))).toEqual([]);
  });

  it('finds the markers and the pseudonym in it', () => {
    const { dict } = readWithDcmjs(
      new Uint8Array(readFileSync(pairs.find((pair) => !pair.isDeflated)!.written)),
    );
    expect(dict['00120062']?.Value).toEqual(['YES']);
    expect(JSON.stringify(dict['00120064'])).toContain('113100');
  });
});

describe.skipIf(!hasCorpus || !hasDcmdump)(needs('dcmdump', hasDcmdump), () => {
  it('reads each instance without an error', () => {
    const paths = pairs.map(({ written }) => written);
    expect(spawnSync('dcmdump', ['-q', ...paths], { stdio: 'ignore' }).status).toBe(0);
  });
});

describe.skipIf(!hasCorpus || python === undefined)(needs('pydicom', python !== undefined), () => {
  it('reads each instance that it could read before', () => {
    const run = (paths: readonly string[]): Set<string> =>
      new Set(
        spawnSync(python!, ['-c', PYDICOM], { input: paths.join('\n'), encoding: 'utf8' }).stdout.split('\n'),
      );
    const before = run(pairs.map(({ source }) => source));
    const after = run(pairs.map(({ written }) => written));
    const worse = pairs.filter(({ source, written }) => after.has(written) && !before.has(source));
    expect(worse).toEqual([]);
  });
});

describe.skipIf(!hasCorpus || !hasDciodvfy)(needs('dciodvfy', hasDciodvfy), () => {
  it('reports no error that it did not report before', () => {
    // It does not inflate.
    const checked = pairs.filter(({ isDeflated }) => !isDeflated);
    const errors = errorsOf([...new Set(checked.flatMap(({ source, written }) => [source, written]))]);
    const fresh = checked.flatMap(({ source, written }) => {
      const before = new Set(errors.get(source));
      return (errors.get(written) ?? ['not checked']).filter((error) => !before.has(error));
    });
    expect(fresh).toEqual([]);
    expect([...errors.values()].flat().length).toBeGreaterThan(100);
  });
});

function unread(read: (path: string) => unknown): string[] {
  const fails = (path: string): boolean => {
    try {
      read(path);
      return false;
    } catch {
      return true;
    }
  };
  return pairs
    .filter(({ source, written }) => fails(written) && !fails(source))
    .map(({ written }) => written);
}

/** The errors of dciodvfy for each path, values apart: two equal UIDs stay equal under pseudonyms. */
function errorsOf(paths: readonly string[]): Map<string, string[]> {
  // One shell starts them all: starting each from this process takes longer than it runs.
  const loop = 'while read -r path; do echo "== $path"; dciodvfy -new "$path" 2>&1; done';
  const { stdout } = spawnSync('bash', ['-c', loop], {
    input: `${paths.join('\n')}\n`,
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  });
  const errors = new Map<string, string[]>();
  let last: string[] = [];
  for (const line of stdout.split('\n')) {
    if (line.startsWith('== ')) {
      last = [];
      errors.set(line.slice(3), last);
    } else if (line.startsWith('Error')) last.push(line.replace(/= <[^\n]*?>/g, '= <…>'));
  }
  return errors;
}
