import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { AuditOutput, CreatedLinkOutput, type IngestReport } from '../../cli/report/json-output.ts';
import { PATIENT, PLANTED } from '../../scripts/sample/patient.ts';
import { SLICES } from '../../scripts/sample/phantom.ts';
import { GrantAnswer } from '../../shared/contract/api.ts';
import { AUDIT_PREFIX } from '../../shared/contract/names.ts';
import { OUTPUTS } from '../../shared/contract/outputs.ts';
import { balpFaults, R4AuditEvent } from '../helpers/balp.ts';
import { routesOf, synthesize } from '../infra/synthesized.ts';
import { everythingKept, textsIn } from './everything-kept.ts';
import { filmroom } from './pipeline.ts';
import { type SharedPipeline, sharedPipeline } from './shared.ts';
import { visit } from './visitor.ts';

let pipeline: SharedPipeline;
let report: IngestReport;
let study: string;
let prior: string;

/** The sample is a CT and an ultrasound of one patient on one day: each is a prior of the other. */
beforeAll(async () => {
  pipeline = await sharedPipeline();
  report = await pipeline.sampleReport();
  const uidOf = (instances: number) =>
    report.studies.find((each) => each.instances === instances)?.studyInstanceUid ?? '';
  [study, prior] = [uidOf(SLICES), uidOf(1)];
}, 300_000);

const command = (...args: string[]) => filmroom([...args, '--data', pipeline.dataDir]);
async function link(...options: string[]) {
  const { stdout } = await command('link', 'create', study, '--json', ...options);
  const created = CreatedLinkOutput.strict().parse(JSON.parse(stdout));
  const visitor = visit(created.url);
  await visitor.open();
  return { ...created, visitor };
}
const tokenOf = (url: string) => new URL(url).hash.slice(1);

describe('a link with priors', () => {
  it('shows the other study of the patient by every route, and no study without', async () => {
    const [alone, both] = [(await link()).visitor, (await link('--priors')).visitor];
    const grant = GrantAnswer.strict().parse(JSON.parse((await both.get('/api/grant')).bytes.toString()));
    expect(grant.studies).toMatchObject([
      { studyInstanceUid: study, modalities: ['CT'] },
      { studyInstanceUid: prior, modalities: ['US'] },
    ]);
    expect(grant).not.toHaveProperty('patient');
    const summary = JSON.parse((await both.get(`/api/study?study=${prior}`)).bytes.toString());
    const [series] = summary.series;
    const at = `${series.seriesInstanceUid}/${series.instances[0].sopInstanceUid}?study=${prior}`;
    for (const path of [`/api/study?study=${prior}`, `/api/previews/${at}`, `/api/pictures/${at}`]) {
      expect([path, (await both.get(path)).status]).toEqual([path, 200]);
      const [outside, nothing] = [await alone.get(path), await alone.get(path.replaceAll(prior, '2.25.404'))];
      expect([outside.status, outside.bytes]).toEqual([404, nothing.bytes]);
    }
  });
});

describe('an identified link', () => {
  it('shows the name, and keeps it nowhere', async () => {
    const { visitor, identified } = await link('--identified');
    expect(identified).toBe(true);
    const answer = await visitor.get('/api/grant');
    expect(GrantAnswer.parse(JSON.parse(answer.bytes.toString())).patient).toEqual({
      name: `${PATIENT.familyName}, ${PATIENT.givenName}`,
      birthDate: PATIENT.birthDate,
    });
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    const leaks: string[] = [];
    let pieces = 0;
    for await (const { kind, where, content, beside } of everythingKept(pipeline)) {
      if (kind === 'vault') continue;
      pieces += 1;
      for (const text of textsIn(Buffer.concat([content, beside ?? Buffer.alloc(0)]), PLANTED))
        leaks.push(`${text} in ${kind} ${where}`);
    }
    expect(leaks).toEqual([]);
    expect(pieces).toBeGreaterThan(SLICES);
    expect(pipeline.stack.denials()).toEqual([]);
  });
});

describe('the audit', () => {
  it('tells a visit from its making to its end, in FHIR, without the token or the session', async () => {
    const { link: id, url, visitor } = await link('--identified', '--priors', '--passcode', '4711');
    await visitor.open('0000');
    await visitor.open('4711');
    await visitor.get('/api/grant');
    const { series } = await visitor.study();
    for (const { sopInstanceUid } of series[0]?.instances.slice(0, 5) ?? [])
      await visitor.get(`/api/pictures/${series[0]?.seriesInstanceUid}/${sopInstanceUid}?size=512`);
    await visitor.get(`/api/study?study=${prior}`);
    await visitor.get('/api/study?study=2.25.404');
    await visitor.get('/download/study.zip');
    await command('link', 'revoke', id);

    const { events } = AuditOutput.strict().parse(
      JSON.parse((await command('link', 'audit', id, '--json')).stdout),
    );
    expect(
      events.map(({ kind, study: of, reason }) => [kind, of === prior ? 'prior' : 'own', reason]),
    ).toEqual([
      ['mint', 'own', null],
      ['deny', 'own', 'passcode-required'],
      ['deny', 'own', 'passcode-wrong'],
      ['open', 'own', null],
      // The name, and then the pictures: the first look at each is kept.
      ['view', 'own', null],
      ['view', 'own', null],
      ['view', 'prior', null],
      ['deny', 'own', 'outside-grant'],
      ['download', 'own', null],
      ['revoke', 'own', null],
    ]);
    const lines = (await command('link', 'audit', id, '--fhir')).stdout.trim().split('\n');
    expect(lines).toHaveLength(events.length);
    for (const line of lines) expect(balpFaults(R4AuditEvent.parse(JSON.parse(line)))).toEqual([]);
    expect((await command('link', 'audit', prior, '--json')).stdout).toContain(id);
    expect((await command('link', 'audit', id)).stdout).toMatch(/passcode-wrong/);

    const logs = readdirSync(join(pipeline.dataDir, 'logs')).map((name) =>
      readFileSync(join(pipeline.dataDir, 'logs', name), 'utf8'),
    );
    expect(logs.length).toBeGreaterThan(5);
    for (const text of [...logs, ...lines]) {
      expect(text).not.toContain(tokenOf(url));
      expect(text).not.toContain(tokenOf(url).slice(26));
    }
  });

  it('keeps refusals of tokens that belong to no link', async () => {
    await visit(`${pipeline.webUrl}/#${'x'.repeat(69)}`).open();
    const { events } = AuditOutput.parse(
      JSON.parse((await command('link', 'audit', 'nobody', '--json')).stdout),
    );
    expect(events.at(-1)).toMatchObject({ kind: 'deny', reason: 'unknown-link', link: null, study: null });
  });

  it('takes nothing over what stands, not even from an operator', async () => {
    const { region, ...credentials } = pipeline.stack.operator;
    const s3 = new S3Client({
      endpoint: pipeline.stack.endpoints.s3,
      region,
      credentials,
      forcePathStyle: true,
    });
    const at = { Bucket: pipeline.stack.outputs[OUTPUTS.auditBucket], Key: `${AUDIT_PREFIX}P/1/l/e.json` };
    const put = (more: object) => s3.send(new PutObjectCommand({ ...at, Body: 'x', ...more }));
    await expect(put({})).rejects.toThrow(/AccessDenied|not authorized/);
    await put({ IfNoneMatch: '*' });
    await expect(put({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await s3.send(new DeleteObjectCommand(at));
    s3.destroy();
  });
});

describe('every public route', () => {
  const keys = routesOf(synthesize())
    .filter(({ authorization }) => authorization === 'NONE')
    .map(({ key }) => key)
    .concat('GET /download/study.zip');

  it.each(keys)(
    '%s says what it is, that nobody else may keep it, and nothing without a token',
    async (key) => {
      const [method = '', path = ''] = key.split(' ');
      const { visitor } = await link();
      const { series } = await visitor.study();
      const filled = path
        .replace('{series}', series[0]?.seriesInstanceUid ?? '')
        .replace('{instance}', series[0]?.instances[0]?.sopInstanceUid ?? '')
        .replace('{sprite}', series[0]?.sprite?.name ?? '')
        .replace(/\{\w+\}/g, '0'.repeat(26));
      const bare = await fetch(new URL(filled, pipeline.webUrl), {
        method,
        headers: { 'content-type': 'application/json' },
        ...(method === 'GET' ? {} : { body: '{"token":"x","pages":1}' }),
      });
      expect(bare.status).toBeGreaterThanOrEqual(400);
      expect(bare.status).toBeLessThan(500);
      expect(bare.headers.get('cache-control')).toBe('private, no-store');
      expect(await bare.text()).toMatch(/^\{"error":"[a-z-]+"\}$/);
      const answers = method === 'GET' ? [bare, await visitor.get(filled)] : [bare];
      for (const { headers } of answers) {
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('content-type')).toMatch(/^(application\/(json|zip)|image\/webp)/);
        expect(headers.get('cache-control')).toMatch(/^private, (no-store|no-cache|max-age=900)$/);
        expect(headers.get('access-control-allow-origin')).toBeNull();
      }
    },
  );

  it('takes no body that is larger than anything the page sends', async () => {
    const answer = await fetch(new URL('/api/open', pipeline.webUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: 'a'.repeat(11 * 1024 * 1024) }),
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});
