import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeidentifyReport, ThumbnailReport } from '../../../cli/report/json-output.ts';
import { sampleFiles } from '../../../scripts/sample/make-sample.ts';
import { PLANTED } from '../../../scripts/sample/patient.ts';
import { readPart10, tagOf } from '../../../shared/dicom/index.ts';

const bin = fileURLToPath(new URL('../../../cli/filmroom.mjs', import.meta.url));
let folder: string;

function filmroom(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      FILMROOM_PSEUDONYM_SECRET: 'a secret that is long enough to be used here',
      ...env,
    },
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'filmroom-offline-'));
  const [first, second, ...others] = [...sampleFiles()];
  mkdirSync(join(folder, 'in', 'a b', 'ü+'), { recursive: true });
  writeFileSync(join(folder, 'in', 'one.dcm'), first?.bytes ?? '');
  writeFileSync(join(folder, 'in', 'a b', 'ü+', 'two'), second?.bytes ?? '');
  writeFileSync(join(folder, 'in', 'burned-in.dcm'), others.at(-1)?.bytes ?? '');
  writeFileSync(join(folder, 'in', 'cut.dcm'), (first?.bytes ?? new Uint8Array()).subarray(0, 700));
  writeFileSync(join(folder, 'in', 'note.txt'), 'not an image');
  writeFileSync(join(folder, 'in', 'empty'), '');
  writeFileSync(join(folder, 'in', 'archive.zip'), Buffer.from('504b0304140000000000', 'hex'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('filmroom deidentify', () => {
  it('writes what is clean under its relative path and says what became of the rest', () => {
    const out = join(folder, 'out');
    const { status, stdout } = filmroom(['deidentify', join(folder, 'in'), out, '--json']);
    const report = DeidentifyReport.parse(JSON.parse(stdout));
    expect(status).toBe(2);
    expect(
      Object.fromEntries(report.items.map(({ path, state, reason }) => [path, `${state} ${reason}`])),
    ).toEqual({
      'one.dcm': 'deidentified null',
      'a b/ü+/two': 'deidentified null',
      'burned-in.dcm': 'deidentified null',
      'cut.dcm': 'quarantined truncated',
      'archive.zip': 'quarantined unsupported-archive',
      'note.txt': 'ignored not-dicom',
      empty: 'ignored empty',
    });
    expect(report).toMatchObject({
      policy: { name: 'share' },
      total: 7,
      states: { deidentified: 3, quarantined: 2, ignored: 2 },
    });
    expect(readdirSync(out, { recursive: true }).sort()).toEqual([
      'a b',
      'a b/ü+',
      'a b/ü+/two',
      'burned-in.dcm',
      'one.dcm',
    ]);
  });

  it('follows a policy, of which the instance tells, and writes a report with every plan', () => {
    const [out, report] = [join(folder, 'shared.dcm'), join(folder, 'report.json')];
    const args = ['deidentify', join(folder, 'in', 'one.dcm'), out, '--policy', 'share', '--report', report];
    expect(filmroom(args).status).toBe(0);
    const { dataSet } = readPart10(new Uint8Array(readFileSync(out)));
    expect(dataSet.strings(tagOf('DeidentificationMethod'))).toContain('Policy share 2');
    const { items, policy } = DeidentifyReport.parse(JSON.parse(readFileSync(report, 'utf8')));
    expect(policy).toEqual({ name: 'share', version: 2 });
    expect(items[0]?.plan?.length).toBeGreaterThan(0);
  });

  it('refuses a policy with the place of the fault', () => {
    const file = join(folder, 'policy.json');
    writeFileSync(file, JSON.stringify({ name: 'own', version: 1, options: ['retainEverything'] }));
    const { status, stderr } = filmroom([
      'deidentify',
      join(folder, 'in'),
      join(folder, 'x'),
      '--policy',
      file,
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('options[0]: unknown option');
  });

  it('leaves nothing of the patient, and every pixel', () => {
    const bytes = readFileSync(join(folder, 'out', 'one.dcm'));
    const text = bytes.toString('latin1').toLowerCase();
    expect(PLANTED.filter((planted) => text.includes(planted.toLowerCase()))).toEqual([]);
    const original = readFileSync(join(folder, 'in', 'one.dcm'));
    const pixels = (file: Buffer) => Buffer.from(readPart10(file).dataSet.value(tagOf('PixelData')) ?? []);
    expect(pixels(bytes).equals(pixels(original))).toBe(true);
  });

  it('gives the same bytes under the same secret, others under another', () => {
    const one = join(folder, 'in', 'one.dcm');
    const secretFile = join(folder, 'secret');
    writeFileSync(secretFile, `${'another secret, and long enough too'}\n`);
    const again = filmroom(['deidentify', one, join(folder, 'again.dcm')]);
    const other = filmroom(['deidentify', one, join(folder, 'other.dcm'), '--secret-file', secretFile]);
    expect([again.status, other.status]).toEqual([0, 0]);
    const first = readFileSync(join(folder, 'out', 'one.dcm'));
    expect(readFileSync(join(folder, 'again.dcm')).equals(first)).toBe(true);
    expect(readFileSync(join(folder, 'other.dcm')).equals(first)).toBe(false);
  });

  it('prints the plan without a value of the patient', () => {
    const { stdout } = filmroom([
      'deidentify',
      join(folder, 'in', 'one.dcm'),
      join(folder, 'p.dcm'),
      '--plan',
    ]);
    expect(stdout).toContain('(0008,0090)');
    expect(PLANTED.filter((planted) => stdout.includes(planted))).toEqual([]);
  });

  it.each([
    [
      'a secret that is too short',
      ['deidentify', 'in/one.dcm', 'x.dcm'],
      { FILMROOM_PSEUDONYM_SECRET: 'short' },
    ],
    ['an output within the input', ['deidentify', 'in', 'in/out'], {}],
    ['an output that is the input', ['deidentify', 'in', 'in'], {}],
    ['an input that is not there', ['deidentify', 'nothing', 'out'], {}],
    ['a missing argument', ['deidentify', 'in'], {}],
    ['an unknown command', ['deidentifi', 'in'], {}],
  ])('ends with 1 at %s, with words on standard error alone', (_case, args, env) => {
    const { status, stdout, stderr } = filmroom(
      args.map((arg) => (/^(in|out|nothing|x)/.test(arg) ? join(folder, arg) : arg)),
      env as Record<string, string>,
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(join(folder, 'in', 'out'))).toBe(false);
  });
});

describe('filmroom thumbnail and dump', () => {
  it('renders a preview beside each relative path', () => {
    const { status, stdout } = filmroom([
      'thumbnail',
      join(folder, 'out'),
      join(folder, 'previews'),
      '--json',
    ]);
    const report = ThumbnailReport.parse(JSON.parse(stdout));
    expect(status).toBe(0);
    expect(report.states).toEqual({ rendered: 3, placeholder: 0, failed: 0 });
    const webp = readFileSync(join(folder, 'previews', 'a b', 'ü+', 'two.webp'));
    expect(webp.subarray(8, 12).toString()).toBe('WEBP');
  });

  it('prints a data set as lines and as DICOM JSON', () => {
    const one = join(folder, 'in', 'one.dcm');
    expect(filmroom(['dump', one]).stdout).toMatch(/\(0010,0010\) PN/);
    expect(filmroom(['dump', one, '--no-values']).stdout).not.toContain('Quillfeather');
    const json = JSON.parse(filmroom(['dump', one, '--json']).stdout);
    expect(json['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'Quillfeather^Marigold' }] });
  });

  it('says why a file cannot be dumped', () => {
    const { status, stderr } = filmroom(['dump', join(folder, 'in', 'cut.dcm')]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^filmroom: truncated: /);
  });
});

describe('filmroom', () => {
  it('teaches with --help', () => {
    const { status, stdout } = filmroom(['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('npx filmroom ingest archive.zip');
    for (const command of ['ingest', 'report', 'local', 'deidentify', 'thumbnail', 'dump', 'link']) {
      expect(stdout).toContain(`\n  ${command} `);
    }
  });
});
