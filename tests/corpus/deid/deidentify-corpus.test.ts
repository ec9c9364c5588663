import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deidentify } from '../../../shared/deid/index.ts';
import {
  concatSegments,
  type DataSet,
  elementText,
  isPixelData,
  type Part10,
  readPart10,
} from '../../../shared/dicom/index.ts';
import { REASONS } from '../../../shared/errors.ts';
import { testProfile } from '../../unit/deid/instances.ts';
import { corpusFiles, corpusPath, hasCorpus } from './corpus-files.ts';

const profile = testProfile({ pixels: 'trust' });
const otherProfile = testProfile({ pixels: 'trust', secret: new Uint8Array(32).fill(0xee) });

/** The instance, what became of it, and both as read; or the reason of its refusal. */
function attempt(name: string) {
  const object = new Uint8Array(readFileSync(corpusPath(name)));
  try {
    const source = readPart10(object);
    const deidentified = deidentify(source, profile);
    const written = concatSegments(deidentified.segments, object);
    return { object, source, deidentified, written, result: readPart10(written) };
  } catch (error) {
    return { reason: (error as { reason?: string }).reason, error };
  }
}

/** Every UID of the data set that is not the standard's own or the name of a class or coding scheme. */
function instanceUids(dataSet: DataSet): Set<string> {
  const uids = new Set<string>();
  for (const element of dataSet.elements) {
    for (const item of element.items ?? []) for (const uid of instanceUids(item.dataSet)) uids.add(uid);
    const isClass = [0x00080016, 0x0008010c, 0x00081150].includes(element.tag);
    if (element.vr !== 'UI' || element.items !== undefined || isClass) continue;
    for (const uid of elementText(element, dataSet.characterSet).split('\\')) {
      if (uid.length > 8 && !uid.startsWith('1.2.840.10008.')) uids.add(uid.trim());
    }
  }
  return uids;
}

/** Bytes of the object without the pixel values, or the inflated data set of a deflated one. */
function headerOf(object: Uint8Array, part10: Part10): string {
  if (part10.inflated !== undefined) return Buffer.from(part10.inflated).toString('latin1');
  const pixels = part10.pixelData?.element;
  const parts =
    pixels === undefined
      ? [object]
      : [object.subarray(0, pixels.valueStart), object.subarray(pixels.valueEnd)];
  return Buffer.concat(parts).toString('latin1');
}

describe.skipIf(!hasCorpus)(
  hasCorpus ? 'the corpus' : 'the corpus (skipped: ../shared/corpus is absent)',
  () => {
    const outcomes = corpusFiles.map((name) => ({ name, ...attempt(name) }));
    const written = outcomes.flatMap((outcome) =>
      'written' in outcome && outcome.written !== undefined ? [outcome] : [],
    );

    it('ends in an instance or in a named reason, file by file', () => {
      for (const outcome of outcomes) {
        if ('reason' in outcome)
          expect(Object.keys(REASONS), `${outcome.name}: ${outcome.error}`).toContain(outcome.reason);
      }
      expect(written.length).toBeGreaterThan(170);
    });

    it('refuses risky pictures unless the caller vouches for them', () => {
      const strict = testProfile();
      const reasons = written.map(({ object }) => {
        try {
          deidentify(readPart10(object), strict);
          return 'released';
        } catch (error) {
          return (error as { reason: string }).reason;
        }
      });
      expect(new Set(reasons)).toEqual(new Set(['released', 'burned-in-annotation']));
    });

    describe.each(written.map((outcome) => [outcome.name, outcome] as const))(
      '%s',
      (_, { object, source, deidentified, written: output, result }) => {
        it('keeps no UID of an instance', () => {
          const header = headerOf(output, result);
          const kept = [...instanceUids(source.dataSet)].filter((uid) =>
            new RegExp(`(?<![\\d.])${uid.replace(/[^\\d]/g, '\\$&')}(?![\\d.])`).test(header),
          );
          expect(kept).toEqual([]);
        });

        it('keeps neither name nor number of the patient', () => {
          const header = headerOf(output, result).toLowerCase();
          const { patientId, patientName = '' } = deidentified.original;
          const family = patientName.split(/[\^=\s]/)[0]!.toLowerCase();
          const known = /^(?:anon\w*|patient|phantom|test|removed|unknown|name|knee|perfusion|head)$/;
          if (patientId.length >= 6) expect(header).not.toContain(patientId.toLowerCase());
          if (family.length >= 5 && !known.test(family)) expect(header).not.toContain(family);
        });

        it('keeps the pixels byte for byte', () => {
          const before = source.pixelData?.element;
          const after = result.pixelData?.element;
          expect(after === undefined).toBe(before === undefined);
          if (before === undefined || after === undefined) return;
          const same = Buffer.compare(
            before.bytes.subarray(before.valueStart, before.valueEnd),
            after.bytes.subarray(after.valueStart, after.valueEnd),
          );
          expect(same).toBe(0);
        });

        it('comes out the same again, and unlike under another secret', () => {
          const again = concatSegments(deidentify(readPart10(object), profile).segments, object);
          expect(Buffer.compare(again, output)).toBe(0);
          const other = deidentify(readPart10(object), otherProfile);
          expect(other.uids.study).not.toBe(deidentified.uids.study);
          expect(other.patientId).not.toBe(deidentified.patientId);
        });

        it('has no private attribute, no curve and no overlay', () => {
          const tags = [...allTags(result.dataSet)];
          expect(
            tags.filter((tag) => (tag & 0x10000) !== 0 || tag >>> 24 === 0x50 || tag >>> 24 === 0x60),
          ).toEqual([]);
        });
      },
    );
  },
);

function* allTags(dataSet: DataSet): Iterable<number> {
  for (const element of dataSet.elements) {
    if (!isPixelData(element.tag)) yield element.tag;
    for (const item of element.items ?? []) yield* allTags(item.dataSet);
  }
}
