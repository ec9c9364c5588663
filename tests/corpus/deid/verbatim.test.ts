/**
 * What de-identification must not do, under each policy over the corpus: change a byte of what it does not speak of, pixels with
 * their fragments and offset tables among it; lose an attribute that no list names; give one original two pseudonyms, or two
 * originals one; break a reference.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BEYOND_THE_TABLE } from '../../../shared/deid/beyond-the-table.ts';
import {
  applyPlan,
  keyedPseudonyms,
  POLICIES,
  type Policy,
  plan,
  profileOf,
} from '../../../shared/deid/index.ts';
import { PROFILE_ROWS } from '../../../shared/deid/ps3-15.generated.ts';
import {
  concatSegments,
  type DataElement,
  type DataSet,
  formatTag,
  isGroupLength,
  isPixelData,
  isPrivate,
  lookUp,
  type Part10,
  readPart10,
  type Tag,
} from '../../../shared/dicom/index.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { SECRET } from '../../unit/deid/instances.ts';
import { corpusFiles, corpusPath, hasCorpus } from './corpus-files.ts';

const SOP_INSTANCE_UID: Tag = 0x00080018;
const REFERENCED_SOP_INSTANCE_UID: Tag = 0x00081155;
const PATIENT_ID: Tag = 0x00100020;
const ISSUER_OF_PATIENT_ID: Tag = 0x00100021;
const LISTED: ReadonlySet<Tag> = new Set([
  ...PROFILE_ROWS.map(({ tag }) => Number.parseInt(tag, 16)),
  ...BEYOND_THE_TABLE.keys(),
]);
/** What a rule by VR speaks of, or what is no clinical attribute. */
const RULED_BY_VR: ReadonlySet<string> = new Set(['PN', 'UR', 'UN']);

interface Result {
  readonly name: string;
  /** Elements that no operation names and that are not there byte for byte. */
  readonly changed: readonly string[];
  /** Attributes that no list names, with a value before and without one afterwards. */
  readonly lost: readonly string[];
  readonly kept: number;
  readonly pixels: 'none' | 'same' | 'changed';
  /** Tag, original and new value of each UID. */
  readonly uids: readonly (readonly [Tag, string, string])[];
  readonly patient: readonly [string, string];
}

function attempt(name: string, policy: Policy): Result | undefined {
  const profile = profileOf(
    { ...policy, pixels: 'trust', recognizableFeatures: 'release' },
    { pseudonyms: keyedPseudonyms(SECRET) },
  );
  const object = new Uint8Array(readFileSync(corpusPath(name)));
  try {
    const source = readPart10(object);
    const planned = plan(source, profile);
    const result = readPart10(concatSegments(applyPlan(source, planned, profile).segments, object));
    const compared = compare(source, result, new Set(planned.operations.map(({ path }) => path)));
    const id = [ISSUER_OF_PATIENT_ID, PATIENT_ID].map((tag) => source.dataSet.strings(tag)[0] ?? '');
    return {
      name,
      ...compared,
      pixels: pixelsOf(source, result),
      patient: [id.join('\n'), planned.patientId],
    };
  } catch (error) {
    if (isUnprocessable(error)) return undefined;
    throw error;
  }
}

function compare(source: Part10, result: Part10, named: ReadonlySet<string>) {
  const changed: string[] = [];
  const lost: string[] = [];
  const uids: [Tag, string, string][] = [];
  let kept = 0;
  const visit = (before: DataSet, after: DataSet, prefix: string): void => {
    for (const element of before.elements) {
      const { tag, items } = element;
      if (isPixelData(tag) || isGroupLength(tag) || tag < 0x00080000) continue;
      const path = `${prefix}${formatTag(tag)}`;
      const other = after.get(tag);
      if (items !== undefined && other?.items?.length === items.length) {
        for (const [index, { dataSet }] of items.entries())
          visit(dataSet, other.items[index]!.dataSet, `${path}[${index}]/`);
        continue;
      }
      if (isUnlisted(element) && !isEmpty(element) && (other === undefined || isEmpty(other)))
        lost.push(path);
      if (element.vr === 'UI' && other !== undefined) {
        const fresh = after.strings(tag);
        for (const [index, uid] of before.strings(tag).entries()) uids.push([tag, uid, fresh[index] ?? '']);
      }
      if (named.has(path)) continue;
      kept++;
      if (other === undefined || !isSame(element, other)) changed.push(path);
    }
  };
  visit(source.dataSet, result.dataSet, '');
  return { changed, lost, kept, uids };
}

function isUnlisted({ tag, vr }: DataElement): boolean {
  const group = tag >>> 24;
  if (isPrivate(tag) || group === 0x50 || group === 0x60 || group >= 0x7f) return false;
  return lookUp(tag) !== undefined && !LISTED.has(tag) && !RULED_BY_VR.has(vr);
}

function isEmpty({ items, valueStart, valueEnd }: DataElement): boolean {
  return items === undefined ? valueEnd === valueStart : items.length === 0;
}

/** The same VR and value; an odd length may have been padded. */
function isSame(one: DataElement, other: DataElement): boolean {
  const before = one.bytes.subarray(one.valueStart, one.valueEnd);
  const after = other.bytes.subarray(other.valueStart, other.valueStart + before.length);
  const padding = other.valueEnd - other.valueStart - before.length;
  return one.vr === other.vr && padding <= before.length % 2 && Buffer.compare(before, after) === 0;
}

/** The whole value: of encapsulated pixels the offset table, each fragment and their headers. */
function pixelsOf(source: Part10, result: Part10): Result['pixels'] {
  const [before, after] = [source.pixelData, result.pixelData];
  if (before === undefined && after === undefined) return 'none';
  if (before === undefined || after === undefined || !isSame(before.element, after.element)) return 'changed';
  const moved = after.start - before.start;
  const fragments = (before.fragments ?? []).map(({ start, length }) => `${start + moved} ${length}`);
  const others = (after.fragments ?? []).map(({ start, length }) => `${start} ${length}`);
  return before.element.undefinedLength && fragments.join() !== others.join() ? 'changed' : 'same';
}

/** What has more than one counterpart. */
function ambiguous(pairs: Iterable<readonly [string, string]>): string[] {
  const counterparts = new Map<string, string>();
  const wrong: string[] = [];
  for (const [one, other] of pairs) {
    if ((counterparts.get(one) ?? other) !== other) wrong.push(one);
    counterparts.set(one, other);
  }
  return wrong;
}

describe.skipIf(!hasCorpus).each([...POLICIES.values()])(
  hasCorpus
    ? 'the corpus under the policy $name'
    : 'the corpus under the policy $name (skipped: ../shared/corpus is absent)',
  (policy) => {
    const results = hasCorpus
      ? corpusFiles.map((name) => attempt(name, policy)).filter((result) => result !== undefined)
      : [];
    const kept = results.reduce((sum, result) => sum + result.kept, 0);
    const pixels = results.filter((result) => result.pixels === 'same').length;
    const uids = results.flatMap((result) => result.uids);

    it(`keeps ${kept} elements of ${results.length} objects byte for byte`, () => {
      expect(results.flatMap(({ name, changed }) => changed.map((path) => `${name} ${path}`))).toEqual([]);
      expect(kept / results.length).toBeGreaterThan(10);
    });

    it(`keeps the pixels of ${pixels} objects, with fragments and offset tables`, () => {
      expect(results.filter((result) => result.pixels === 'changed').map(({ name }) => name)).toEqual([]);
      expect(pixels).toBeGreaterThan(150);
    });

    it.runIf(policy.name === 'share')('loses no clinical attribute that is not listed, at any depth', () => {
      expect(results.flatMap(({ name, lost }) => lost.map((path) => `${name} ${path}`))).toEqual([]);
    });

    it('gives each UID one pseudonym, and no two the same', () => {
      const pairs = uids.map(([, original, pseudonym]) => [original, pseudonym] as const);
      expect(ambiguous(pairs)).toEqual([]);
      expect(ambiguous(pairs.map(([original, pseudonym]) => [pseudonym, original]))).toEqual([]);
    });

    it('resolves each reference to an instance of the corpus', () => {
      const written = new Map(
        uids.filter(([tag]) => tag === SOP_INSTANCE_UID).map(([, original, fresh]) => [original, fresh]),
      );
      const references = uids.filter(
        ([tag, original]) => tag === REFERENCED_SOP_INSTANCE_UID && written.has(original),
      );
      expect(references.filter(([, original, fresh]) => written.get(original) !== fresh)).toEqual([]);
      expect(references.length).toBeGreaterThan(0);
    });

    it('gives each patient one pseudonym, and no two the same', () => {
      const named = results.map(({ patient }) => patient).filter(([id]) => !id.endsWith('\n'));
      expect(ambiguous(named)).toEqual([]);
      expect(ambiguous(named.map(([id, pseudonym]) => [pseudonym, id]))).toEqual([]);
      expect(new Set(named.map(([id]) => id)).size).toBeGreaterThan(20);
    });
  },
);
