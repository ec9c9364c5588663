import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { finished } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import type { IngestReport } from '../../cli/report/json-output.ts';
import { extended, makeTar } from '../helpers/tar.ts';
import { operatorOf } from './operator.ts';
import { CORPUS, type Pipeline, reportOf, scratch, startPipeline } from './pipeline.ts';

/**
 * Of the corpus, what is read and refused quickly; `FILMROOM_WHOLE_CORPUS=1 npx vitest run <this file>` takes all of it and prints
 * the comparison in a quarter of an hour, under the policy that holds pictures back where the others search them for text: that
 * takes several times as long and knows nothing of archives. `FILMROOM_WHOLE_CORPUS=searched` searches all the same.
 */
const FOLDERS = ['04-charset', '06-no-preamble', '07-malformed', '11-dicomdir'];
const WHOLE = process.env.FILMROOM_WHOLE_CORPUS !== undefined;
const POLICY: Record<string, string> =
  process.env.FILMROOM_WHOLE_CORPUS === '1' ? { deidentificationPolicy: 'strict' } : {};
const isThere = existsSync(CORPUS);
const MINUTES = WHOLE ? 60 : 4;

const files = !isThere
  ? []
  : readdirSync(CORPUS, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(CORPUS, join(entry.parentPath, entry.name)))
      .filter((path) => WHOLE || FOLDERS.some((folder) => path.startsWith(`${folder}/`)))
      .sort();

type Form = 'folder' | 'zip' | 'tar' | 'tar.gz';
const FORMS: readonly Form[] = ['folder', 'zip', 'tar', 'tar.gz'];

const read = (path: string) => readFileSync(join(CORPUS, path));

/** Writes the files in the form; returns what is to be ingested. */
async function write(form: Form, into: string): Promise<string> {
  mkdirSync(into, { recursive: true });
  const archive = join(into, `corpus.${form}`);
  if (form === 'folder')
    for (const path of files) {
      mkdirSync(join(archive, path, '..'), { recursive: true });
      copyFileSync(join(CORPUS, path), join(archive, path));
    }
  else if (form === 'zip') {
    const zip = new yazl.ZipFile();
    for (const path of files) zip.addBuffer(read(path), path);
    zip.end();
    await finished(zip.outputStream.pipe(createWriteStream(archive)));
  } else {
    const tar = makeTar(
      files.flatMap((path) => [
        ...(path.length > 99 ? [extended({ path })] : []),
        { name: path.slice(0, 99), content: read(path) },
      ]),
    );
    writeFileSync(archive, form === 'tar' ? tar : gzipSync(tar, { level: 1 }));
  }
  return archive;
}

/**
 * What a report says that must not depend on the form: by file of the corpus, without archives around it. Of files of one
 * identity whichever comes first is kept, and that decides whether another is the same bytes or a conflict: of one file twice and
 * another once, one of two is kept. What is the same in any order is how many are not kept.
 */
function essence({ states, reasons, studies, items, missing, pending }: IngestReport) {
  const known = new Set(files);
  const pathOf = (path: string) => {
    // The archives around a file have no names that the corpus has.
    const parts = path.split('/');
    while (parts.length > 1 && !known.has(parts.join('/')) && /^corpus\./.test(parts[0] ?? '')) parts.shift();
    return parts.join('/');
  };
  const { [SAME]: same = 0, [CONFLICT]: conflicts = 0, ...otherReasons } = reasons;
  const kept = items.filter(({ state }) => state === 'indexed');
  return {
    pending,
    states: {
      indexed: states.indexed,
      ignored: states.ignored,
      quarantined: states.quarantined - conflicts,
      [NOT_KEPT]: states.duplicate + conflicts,
    },
    reasons: { ...otherReasons, [NOT_KEPT]: same + conflicts },
    modalities: countOf(kept.map(({ modality }) => modality ?? '')),
    studies: studies
      .map((study) => [study.studyInstanceUid, study.patientId, study.series, study.instances, study.ready])
      .sort(),
    instances: kept.map((item) => item.sopInstanceUid).sort(),
    items: items
      .map(({ path, state, reason }) => {
        const isOneOfSeveral = reason === SAME || reason === CONFLICT;
        return `${pathOf(path)} ${isOneOfSeveral ? 'indexed' : state} ${isOneOfSeveral ? '' : (reason ?? '')}`;
      })
      .sort(),
    missing: [missing.missing, missing.files.map(({ path }) => pathOf(path)).sort()],
  };
}

const SAME = 'same-bytes';
const CONFLICT = 'conflicting-instance';
const NOT_KEPT = 'another of its identity kept';

function countOf(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

describe.skipIf(!isThere)(
  `${WHOLE ? 'the corpus' : 'a part of the corpus'} in four forms${isThere ? '' : ': skipped, ../shared/corpus is not here'}`,
  () => {
    const folder = scratch('four-forms');
    let pipeline: Pipeline;
    const reports = new Map<Form, ReturnType<typeof essence>>();

    /** A column for each form. */
    const comparison = () => {
      const counted = (of: Form): Record<string, number> => {
        const { states, reasons, studies, instances, missing } = reports.get(of) as ReturnType<
          typeof essence
        >;
        const more = { studies: studies.length, instances: instances.length, missing: missing[0] as number };
        return { ...states, ...reasons, ...more };
      };
      const all = FORMS.map(counted);
      const names = [...new Set(all.flatMap((counts) => Object.keys(counts)))];
      return [['', ...FORMS], ...names.map((name) => [name, ...all.map((counts) => `${counts[name] ?? 0}`)])]
        .map(([name = '', ...cells]) => name.padEnd(30) + cells.map((cell) => cell.padStart(8)).join(''))
        .join('\n');
    };

    beforeAll(async () => {
      pipeline = await startPipeline('four-forms', POLICY);
      const operator = await operatorOf(pipeline);
      for (const form of FORMS) {
        const from = await write(form, join(folder.path, form));
        reports.set(form, essence(reportOf(await pipeline.ingest(from))));
        // One stack, so one secret and the same pseudonyms; the next form finds it as the first one did.
        await operator.emptyLibrary();
      }
      console.log(comparison());
    }, MINUTES * 60_000);
    afterAll(async () => {
      folder.remove();
      await pipeline?.close();
    });

    it('accounts for every file of it', () => {
      const { items, pending } = reports.get('folder') ?? { items: [], pending: -1 };
      expect(pending).toBe(0);
      const named = new Set(
        items.map((item) => item.slice(0, item.lastIndexOf(' ', item.lastIndexOf(' ') - 1))),
      );
      const lost = files.filter(
        (path) => !named.has(path) && ![...named].some((item) => item.startsWith(`${path}/`)),
      );
      expect(lost).toEqual([]);
    });

    it.each(['zip', 'tar', 'tar.gz'] as const)('as %s has the report that it has as a folder', (form) => {
      expect(reports.get(form)).toEqual(reports.get('folder'));
    });
  },
);
