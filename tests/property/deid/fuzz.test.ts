/** A short twin of bench/fuzz-deidentify.ts: the same mutations of the objects of the corpus, in this process. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attempt, fuzzProfiles } from '../../../bench/deid-fuzz-case.ts';
import { mutated, specimenOf } from '../../../bench/deid-mutations.ts';
import { corpusFiles, corpusPath, hasCorpus } from '../../corpus/deid/corpus-files.ts';

const LARGEST = 64 * 1024;
const LIMIT_MILLISECONDS = 1000;
const profiles = fuzzProfiles();
const specimens = corpusFiles
  .map((name) => new Uint8Array(readFileSync(corpusPath(name))))
  .filter(({ length }) => length <= LARGEST)
  .map(specimenOf)
  .filter(({ headers }) => headers.length > 0);

describe.skipIf(!hasCorpus)(
  hasCorpus ? 'the fuzzed corpus' : 'the fuzzed corpus (skipped: ../shared/corpus is absent)',
  () => {
    it('ends, object by object, in an output that can be read again or in a refusal of the closed list', async () => {
      const endings = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          const start = performance.now();
          const { ending, fault } = await attempt(
            mutated(specimens, seed).bytes,
            profiles[seed % profiles.length]!,
            seed,
          );
          endings.set(ending, (endings.get(ending) ?? 0) + 1);
          expect(fault, `seed ${seed}`).toBeUndefined();
          expect(performance.now() - start, `seed ${seed}`).toBeLessThan(LIMIT_MILLISECONDS);
        }),
        { numRuns: 5000 },
      );
      expect(endings.get('released')).toBeGreaterThan(500);
      expect(endings.size).toBeGreaterThan(5);
    });
  },
);
