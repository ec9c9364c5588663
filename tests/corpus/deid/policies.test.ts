import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deidentify, keyedPseudonyms, POLICIES, profileOf } from '../../../shared/deid/index.ts';
import { MARKERS } from '../../../shared/deid/markers.ts';
import { decideByTag } from '../../../shared/deid/rules.ts';
import { concatSegments, type DataSet, isPrivate, lookUp, readPart10 } from '../../../shared/dicom/index.ts';
import { SECRET } from '../../unit/deid/instances.ts';
import { corpusFiles, corpusPath, hasCorpus } from './corpus-files.ts';

const given = { pseudonyms: keyedPseudonyms(SECRET) };
const CLOSED = ['residual-identifier'];

/** What the policy makes of a file of the corpus, its pictures vouched for; undefined where it is refused. */
function attempt(name: string, policyName: string) {
  const object = new Uint8Array(readFileSync(corpusPath(name)));
  const profile = profileOf({ ...POLICIES.get(policyName)!, pixels: 'trust' }, given);
  try {
    const source = readPart10(object);
    const { segments, operations } = deidentify(source, profile);
    return { source, operations, result: readPart10(concatSegments(segments, object)) };
  } catch (error) {
    const { reason } = error as { reason?: string };
    if (reason === undefined) throw error;
    return { reason };
  }
}

/** Attributes of the root that no list names and that have a value: what a link must not lose. */
function unlisted(dataSet: DataSet): number[] {
  return dataSet.elements
    .filter(
      ({ tag, valueStart, valueEnd }) =>
        !isPrivate(tag) && valueEnd > valueStart && lookUp(tag) !== undefined,
    )
    .map(({ tag }) => tag)
    .filter((tag) => decideByTag(tag, undefined) === undefined);
}

describe.skipIf(!hasCorpus)(
  hasCorpus ? 'the corpus under a policy' : 'the corpus under a policy (skipped: ../shared/corpus is absent)',
  () => {
    const under = new Map(
      [...POLICIES.keys()].map((policy) => [
        policy,
        corpusFiles.map((name) => ({ name, ...attempt(name, policy) })),
      ]),
    );

    it.each([...POLICIES.keys()])('%s: every file that the Basic Profile releases is released', (policy) => {
      const outcomes = under.get(policy)!;
      expect(outcomes.filter((each) => 'result' in each).length).toBeGreaterThan(170);
      expect(outcomes.filter((each) => 'reason' in each && CLOSED.includes(each.reason ?? ''))).toEqual([]);
    });

    it.each([...POLICIES.keys()])(
      '%s leaves numbers, code strings and class UIDs byte for byte',
      (policy) => {
        const verbatim: ReadonlySet<string> = new Set(['DS', 'IS', 'FD', 'US', 'CS']);
        const changed = under.get(policy)!.flatMap((outcome) => {
          if (!('result' in outcome) || outcome.result === undefined) return [];
          const { dataSet } = outcome.result;
          const elements = outcome.source.dataSet.elements.filter(
            ({ tag, vr }) => verbatim.has(vr) && !isPrivate(tag) && lookUp(tag)?.vr[0] === vr,
          );
          return elements
            .filter(({ tag }) => !MARKERS.has(tag) && decideByTag(tag, undefined) === undefined)
            .filter(({ tag }) => {
              const [before, after] = [outcome.source.dataSet.value(tag)!, dataSet.value(tag)];
              return after === undefined || Buffer.compare(before, after) !== 0;
            })
            .map(({ tag }) => `${outcome.name} ${tag.toString(16)}`);
        });
        expect(changed).toEqual([]);
      },
    );

    it('share loses no unlisted attribute of the root', () => {
      const lost = under.get('share')!.flatMap((outcome) => {
        if (!('result' in outcome) || outcome.result === undefined) return [];
        const { dataSet } = outcome.result;
        return unlisted(outcome.source.dataSet)
          .filter((tag) => (dataSet.value(tag)?.length ?? 0) === 0)
          .map((tag) => `${outcome.name} ${tag.toString(16)}`);
      });
      expect(lost).toEqual([]);
    });

    it('research keeps safe private attributes, and none but those', () => {
      const kept = under
        .get('research')!
        .flatMap((outcome) =>
          'result' in outcome && outcome.result !== undefined
            ? outcome.result.dataSet.elements.filter(({ tag }) => isPrivate(tag)).map(({ tag }) => tag)
            : [],
        );
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.every((tag) => (tag & 0xffff) >= 0x10)).toBe(true);
    });
  },
);
