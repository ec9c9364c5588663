import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUIET_SECONDS } from '../../cli/stack/connect.ts';
import { ASSEMBLIES, PROJECT, prepareAssemblies } from '../../cli/stack/project.ts';
import { type LocalStack, startLocal } from '../../local/start.ts';
import { synthesize } from '../../local/synth.ts';
import { writeSample } from '../../scripts/sample/make-sample.ts';
import { SLICES } from '../../scripts/sample/phantom.ts';
import { readZip } from '../helpers/read-zip.ts';
import { filmroom, reportOf, scratch } from './pipeline.ts';
import { visit } from './visitor.ts';

const folder = scratch('large-download');
let stack: LocalStack;
let link: string;

/** A stack of its own: nothing is short enough to be streamed. */
beforeAll(async () => {
  await prepareAssemblies();
  const context = { quietSeconds: String(QUIET_SECONDS), streamedDownloadMb: '0' };
  const assembly = await synthesize({ project: PROJECT, outRoot: ASSEMBLIES, context });
  const dataDir = join(folder.path, 'data');
  stack = await startLocal({ assembly, dataDir });
  writeSample(join(folder.path, 'sample'));
  const report = reportOf(
    await filmroom(['ingest', '--json', '--data', dataDir, join(folder.path, 'sample')]),
  );
  link = report.studies.find(({ instances }) => instances === SLICES)?.link ?? '';
}, 300_000);
afterAll(async () => {
  await stack?.stop();
  folder.remove();
});

describe('a download that is too long to be streamed', () => {
  it('is prepared by the functions, with the permissions that they have, and fetched where it is kept', async () => {
    const visitor = visit(link);
    await visitor.open();
    let answer = await visitor.get('/download/study.zip');
    expect(answer.status).toBe(202);
    for (let tries = 0; tries < 60 && answer.status === 202; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      answer = await visitor.get('/download/study.zip');
    }
    expect(stack.denials().map(({ message }) => message)).toEqual([]);
    expect(answer.status).toBe(307);
    const address = answer.headers.get('location') ?? '';
    const fetched = await fetch(address);
    expect(fetched.headers.get('content-disposition')).toBe('attachment; filename="study.zip"');
    expect(fetched.headers.get('content-type')).toBe('application/zip');
    const whole = Buffer.from(await fetched.arrayBuffer());
    const files = (await readZip(whole)).filter(({ name }) => name.startsWith('DICOM/'));
    expect(files).toHaveLength(SLICES);
    const rest = await fetch(address, { headers: { range: 'bytes=1000-' } });
    expect(rest.status).toBe(206);
    expect(Buffer.from(await rest.arrayBuffer()).equals(whole.subarray(1000))).toBe(true);
  }, 120_000);
});
