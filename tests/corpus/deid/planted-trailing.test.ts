/** Bytes that follow the last element of an object, and belong to none: they end in a refusal or nowhere. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deidentify, keyedPseudonyms, POLICIES, profileOf } from '../../../shared/deid/index.ts';
import { concatSegments, readPart10 } from '../../../shared/dicom/index.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { survivorsIn } from '../../helpers/planted-search.ts';
import { SECRET } from '../../unit/deid/instances.ts';
import { corpusFiles, corpusPath, hasCorpus } from './corpus-files.ts';

const WORD = 'QZ00001KW';
const LARGEST = 300_000;
const TRAILS = {
  text: Buffer.from(`seen: ${WORD}`),
  'zeros and text': Buffer.concat([Buffer.alloc(512), Buffer.from(` ${WORD} `)]),
  'an element of group FFFC without end': Buffer.concat([
    Buffer.from('fcfffcff4f420000ffffff7f', 'hex'),
    Buffer.from(WORD),
  ]),
  'another object': Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.from(WORD)]),
  'text in UTF-16': Buffer.from(WORD, 'utf16le'),
};

describe.skipIf(!hasCorpus)(
  hasCorpus ? 'behind the data set' : 'behind the data set (skipped: ../shared/corpus is absent)',
  () => {
    const profile = profileOf(
      { ...POLICIES.get('share')!, pixels: 'trust', recognizableFeatures: 'release' },
      { pseudonyms: keyedPseudonyms(SECRET) },
    );
    const objects = corpusFiles
      .filter((name) => !name.startsWith('02-series'))
      .map((name) => readFileSync(corpusPath(name)))
      .filter(({ length }) => length < LARGEST);

    it.each(Object.entries(TRAILS))('%s survives nowhere', (_, trail) => {
      const endings = objects.map((object) => {
        const longer = new Uint8Array(Buffer.concat([object, trail]));
        try {
          const written = concatSegments(deidentify(readPart10(longer), profile).segments, longer);
          return survivorsIn(written, new Map()).length === 0 ? 'gone' : 'survives';
        } catch (error) {
          if (!isUnprocessable(error)) throw error;
          return error.reason;
        }
      });
      expect(endings).not.toContain('survives');
      expect(endings).not.toContain('residual-identifier');
    });
  },
);
