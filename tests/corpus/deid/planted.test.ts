/**
 * The planted-identifier test: into each object of the corpus a value of its own is put wherever something can be hidden, and
 * nothing of it may be found in what comes out. The search is plain and shares nothing with the gate; pydicom and dcmdump, where
 * they are installed, read the same outputs as text.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deidentify, keyedPseudonyms, POLICIES, type Policy, profileOf } from '../../../shared/deid/index.ts';
import { pixelRisks } from '../../../shared/deid/pixel-risk.ts';
import { UNTREATED } from '../../../shared/deid/pixel-treatment.ts';
import { concatSegments, type Part10, readPart10 } from '../../../shared/dicom/index.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { plant } from '../../helpers/planted-object.ts';
import { survivorsIn, wordsIn } from '../../helpers/planted-search.ts';
import { SECRET } from '../../unit/deid/instances.ts';
import { corpusFiles, corpusPath, hasCorpus } from './corpus-files.ts';

/** All but a few slices of each series: the others differ in their numbers only. */
const REPETITIVE = /^02-series\/.*[^05]\.dcm$/;
const MAXIMUM_OUTPUT = 1 << 30;
/** Every text of every element at any depth, decoded in the character set of its data set; the words are looked for there. */
const PYDICOM = `
import re, sys, warnings, pydicom
warnings.simplefilter('ignore')
for path in sys.stdin.read().splitlines():
    try: dataset = pydicom.dcmread(path, stop_before_pixels=True)
    except Exception: continue
    text = str(dataset.file_meta) + '\\n'.join(str(element.value) for element in dataset.iterall() if element.VR != 'SQ')
    for word in re.findall('(?i)qz[0-9a-z]{5}kw', text): print(path, word)
    print('read', path)
`;

const folder = mkdtempSync(join(tmpdir(), 'filmroom-planted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const isInstalled = (command: string, ...flags: string[]): boolean => spawnSync(command, flags).status === 0;
const python = ['python3', '/usr/bin/python3'].find((command) =>
  isInstalled(command, '-c', 'import pydicom'),
);
const hasDcmdump = isInstalled('dcmdump', '--version');

interface Released {
  readonly name: string;
  readonly policy: Policy;
  /** Whether all that was planted is found in the object before it is de-identified. */
  readonly sown: number;
  readonly planted: number;
  readonly survivors: readonly { needle: string; where: string }[];
  readonly keptUids: readonly string[];
  readonly missingDummies: readonly string[];
  readonly path: string;
  /** Whether it needs nobody to vouch for its picture. */
  readonly isUnrisky: boolean;
}

type Outcome = Released | { readonly name: string; readonly reason: string };

function attempt(name: string, policy: Policy): Outcome {
  const profile = profileOf(
    { ...policy, pixels: 'trust', recognizableFeatures: 'release' },
    { pseudonyms: keyedPseudonyms(SECRET) },
  );
  try {
    const { object, canaries, rows } = plant(new Uint8Array(readFileSync(corpusPath(name))), policy.options);
    const source = readPart10(object);
    const written = concatSegments(deidentify(source, profile).segments, object);
    const result = readPart10(written);
    const uidsAfter = uidsOf(written, result);
    const path = join(folder, `${policy.name}__${name.replaceAll('/', '__')}`);
    writeFileSync(path, written);
    return {
      name,
      policy,
      sown: survivorsIn(object, canaries.planted).length,
      planted: canaries.planted.size,
      survivors: survivorsIn(written, canaries.planted),
      keptUids: [...uidsOf(object, source)].filter((uid) => uidsAfter.has(uid)),
      missingDummies: rows
        .filter(({ tag, row }) => source.dataSet.has(tag) && row.basic === 'D')
        .filter(({ tag }) => {
          const element = result.dataSet.get(tag);
          return (
            element === undefined || element.valueEnd === element.valueStart || element.items?.length === 0
          );
        })
        .map(({ row }) => row.name),
      path,
      isUnrisky:
        pixelRisks(source, source.dataSet.uid(0x00080016) ?? '', policy).refusal(UNTREATED) === undefined,
    };
  } catch (error) {
    if (!isUnprocessable(error)) throw error;
    return { name, reason: error.reason };
  }
}

/** What names a coding scheme and no instance, and so stays: of OFFIS. */
const CODING_SCHEMES: ReadonlySet<string> = new Set(['1.2.276.0.7230010.3.0.0.1']);

/** Whatever looks like a UID in the bytes around the pixels, without those that the standard itself gave out. */
function uidsOf(object: Uint8Array, { pixelData, inflated }: Part10): Set<string> {
  const element = pixelData?.element;
  const parts =
    inflated !== undefined || element === undefined
      ? [inflated ?? object]
      : [object.subarray(0, element.valueStart), object.subarray(element.valueEnd)];
  const text = Buffer.concat(parts).toString('latin1');
  const uids = text.match(/(?<![\d.])[0-2](?:\.\d+){5,}(?![\d.])/g) ?? [];
  return new Set(uids.filter((uid) => !uid.startsWith('1.2.840.10008.') && !CODING_SCHEMES.has(uid)));
}

const files = corpusFiles.filter((name) => !REPETITIVE.test(name));

describe.skipIf(!hasCorpus).each([...POLICIES.values()])(
  hasCorpus
    ? 'the planted corpus under the policy $name'
    : 'the planted corpus under the policy $name (skipped: ../shared/corpus is absent)',
  (policy) => {
    const outcomes = hasCorpus ? files.map((name) => attempt(name, policy)) : [];
    const released = outcomes.flatMap((outcome) => ('path' in outcome ? [outcome] : []));
    const unrisky = released.filter(({ isUnrisky }) => isUnrisky).length;
    const values = released.reduce((sum, { planted }) => sum + planted, 0);
    // Each policy's share of the objects: each object is read once.
    const share = [...POLICIES.values()].indexOf(policy);
    const paths = released.map(({ path }) => path).filter((_, index) => index % POLICIES.size === share);

    it(`releases ${released.length} of ${outcomes.length} objects (${unrisky} if nobody vouches for the pictures), ${values} values planted in them`, () => {
      expect(released.length).toBeGreaterThan(140);
      expect(values / released.length).toBeGreaterThan(1000);
      expect(outcomes.filter((each) => 'reason' in each && each.reason === 'residual-identifier')).toEqual(
        [],
      );
    });

    it('is searched by a search that finds all of them before', () => {
      expect(
        released
          .filter(({ sown, planted }) => sown < planted)
          .map(({ name, sown, planted }) => `${name} ${sown}/${planted}`),
      ).toEqual([]);
    });

    it('holds none of them afterwards', () => {
      const found = released.flatMap(({ name, survivors }) =>
        survivors.map(({ where }) => `${name}: ${where}`),
      );
      expect(found).toEqual([]);
    });

    it('holds no UID that it held before', () => {
      const kept = released.flatMap(({ name, keptUids }) => keptUids.map((uid) => `${name}: ${uid}`));
      expect(kept).toEqual([]);
    });

    it('has a dummy in every attribute of action D', () => {
      const missing = released.flatMap(({ name, missingDummies }) =>
        missingDummies.map((row) => `${name}: ${row}`),
      );
      expect(missing).toEqual([]);
    });

    it.skipIf(python === undefined)(
      python === undefined
        ? 'as pydicom reads it (skipped: not installed)'
        : 'holds none of them as pydicom reads it',
      () => {
        const { stdout } = spawnSync(python!, ['-c', PYDICOM], {
          input: paths.join('\n'),
          encoding: 'utf8',
          maxBuffer: MAXIMUM_OUTPUT,
        });
        const lines = stdout.trimEnd().split('\n');
        expect(lines.filter((line) => !line.startsWith('read '))).toEqual([]);
        expect(lines.length).toBeGreaterThan(0.97 * paths.length);
      },
    );

    it.skipIf(!hasDcmdump)(
      hasDcmdump
        ? 'holds none of them as dcmdump prints it'
        : 'as dcmdump prints it (skipped: not installed)',
      () => {
        const { stdout } = spawnSync('dcmdump', ['-q', '+L', '+U8', ...paths], {
          encoding: 'latin1',
          maxBuffer: MAXIMUM_OUTPUT,
        });
        expect(stdout.length).toBeGreaterThan(100_000);
        expect(wordsIn(stdout)).toEqual([]);
      },
    );
  },
);
