import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REASONS } from '../../shared/errors.ts';
import { CORPUS, type Pipeline, reportOf, startPipeline } from './pipeline.ts';
import { visit } from './visitor.ts';

const isThere = existsSync(CORPUS);
const ARCHIVE = join(CORPUS, '12-archive', 'mr-t1-384-slices.zip');
const SLICES = 384;

describe.skipIf(!isThere)(`the corpus${isThere ? '' : ': skipped, ../shared/corpus is not here'}`, () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await startPipeline('corpus');
  }, 120_000);
  afterAll(() => pipeline?.close());

  it('has an archive of 384 slices that become one study of one series, with a link that opens', async () => {
    const report = reportOf(await pipeline.ingest(ARCHIVE));
    expect(report.states).toEqual({ indexed: SLICES, duplicate: 0, ignored: 0, quarantined: 0 });
    expect(report.archives).toEqual([{ path: 'mr-t1-384-slices.zip', entries: SLICES }]);
    expect(report.studies).toMatchObject([{ series: 1, instances: SLICES, ready: true }]);
    const visitor = visit(report.studies[0]?.link ?? '');
    expect((await visitor.open()).status).toBe(200);
    expect((await visitor.study()).instances).toBe(SLICES);
  }, 1_800_000);

  it('has an archive that changes nothing when it comes again', async () => {
    const report = reportOf(await pipeline.ingest(ARCHIVE));
    expect(report.states).toEqual({ indexed: 0, duplicate: SLICES, ignored: 0, quarantined: 0 });
    expect(report.studies).toMatchObject([{ series: 1, instances: SLICES, ready: true }]);
  }, 1_800_000);

  // Comes last: some of its files are slices of the archive.
  it('ends with every file in exactly one state, with a reason, and the counts add up', async () => {
    const folders = readdirSync(CORPUS).filter((name) => name !== '12-archive');
    const files = readdirSync(CORPUS, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && !entry.parentPath.includes('12-archive'),
    );
    const report = reportOf(await pipeline.ingest(...folders.map((name) => join(CORPUS, name))));

    const { indexed, duplicate, ignored, quarantined } = report.states;
    expect(indexed + duplicate + ignored + quarantined).toBe(report.total);
    expect(report).toMatchObject({ pending: 0 });
    expect(report.items).toHaveLength(report.total);
    const entries = report.archives.reduce((sum, archive) => sum + archive.entries, 0);
    expect(report.total - entries + report.archives.length).toBe(files.length);
    expect(new Set(report.items.map(({ path }) => path)).size).toBe(report.total);
    for (const { state, reason, sopInstanceUid } of report.items) {
      if (state === 'indexed') expect(reason).toBeNull();
      else if (state === 'duplicate') expect(reason).toBe('same-bytes');
      else expect(REASONS[reason as keyof typeof REASONS]?.state).toBe(state);
      if (state === 'indexed') expect(sopInstanceUid).toMatch(/^2\.25\.\d+$/);
    }
    expect(indexed + duplicate).toBeGreaterThan(100);
    expect(report.studies.every(({ ready, link }) => ready && link !== null)).toBe(true);
    expect((await pipeline.queues()).filter(({ deadLetter, visible }) => deadLetter && visible > 0)).toEqual(
      [],
    );
  }, 1_800_000);
});
