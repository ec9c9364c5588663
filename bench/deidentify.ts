/**
 * How long the whole de-identification of a slice takes (read, plan, write, residual scan), beside what other tools take
 * for less: dcmjs for reading, changing one attribute and writing; gdcmanon for emptying and removing four attributes
 * without looking further. In one run over the slices of a folder: `npx tsx bench/deidentify.ts [folder]`, by default the
 * two series of the corpus.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import dcmjs from 'dcmjs';
import {
  basicProfile,
  deidentify,
  keyedPseudonyms,
  POLICIES,
  plan,
  profileOf,
} from '../shared/deid/index.ts';
import { concatSegments, readPart10 } from '../shared/dicom/index.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../shared/corpus/02-series', import.meta.url));
const slices = readdirSync(folder, { recursive: true })
  .map((name) => join(folder, String(name)))
  .filter((path) => statSync(path).isFile())
  .map((path) => new Uint8Array(readFileSync(path)));
const given = { pseudonyms: keyedPseudonyms(new Uint8Array(32).fill(1)) };
const profile = basicProfile(given);
const GDCMANON_RUNS = 10;

/** What is used of dcmjs, which ships no types. */
const { data, log } = dcmjs as unknown as {
  data: {
    DicomMessage: {
      readFile(buffer: ArrayBuffer): {
        dict: Record<string, { vr: string; Value: unknown[] }>;
        write(options: { allowInvalidVRLength: boolean }): ArrayBuffer;
      };
    };
  };
  log: { setLevel(level: string): void; getLogger(name: string): { setLevel(level: string): void } };
};
// It reports each value that it repairs.
for (const logger of [log, log.getLogger('validation.dcmjs')]) logger.setLevel('silent');

/** Median milliseconds of a slice, after a warm-up. */
function median(rounds: number, work: (slice: Uint8Array) => unknown): number {
  const times: number[] = [];
  for (let round = 0; round < 2 * rounds; round++) {
    for (const slice of slices) {
      const start = performance.now();
      work(slice);
      if (round >= rounds) times.push(performance.now() - start);
    }
  }
  times.sort((one, other) => one - other);
  return times[times.length >>> 1] ?? Number.NaN;
}

/** Processor milliseconds of a slice over the whole folder; undefined where gdcmanon is not installed. */
function gdcmanon(): number | undefined {
  const target = mkdtempSync(join(tmpdir(), 'filmroom-bench-'));
  const flags = '--dumb --empty 10,10 --empty 10,20 --remove 10,30 --remove 8,80 -r';
  const loop = `for run in $(seq ${GDCMANON_RUNS}); do gdcmanon ${flags} "$1" "$2" >/dev/null 2>&1 || exit 1; done`;
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', `TIMEFORMAT='%U %S'; time { ${loop}; }`, 'bench', folder, target],
    {
      encoding: 'utf8',
    },
  );
  rmSync(target, { recursive: true, force: true });
  const [user, system] = stderr.trim().split(/\s+/).map(Number);
  if (status !== 0 || user === undefined || system === undefined) return undefined;
  return ((user + system) * 1000) / GDCMANON_RUNS / slices.length;
}

const bytes = slices.map((slice) => slice.length).sort((one, other) => one - other)[slices.length >>> 1];
console.log(`${slices.length} slices, median ${bytes} bytes; milliseconds a slice`);

const ours = median(15, (slice) => deidentify(readPart10(slice), profile));
const report = (what: string, milliseconds: number): void =>
  console.log(`${what.padEnd(62)} ${milliseconds.toFixed(3)}  ${(milliseconds / ours).toFixed(2)} x`);

report(
  'filmroom: read',
  median(15, (slice) => readPart10(slice)),
);
report(
  'filmroom: read and plan',
  median(15, (slice) => plan(readPart10(slice), profile)),
);
report('filmroom: read, plan, write, residual scan', ours);
for (const [name, policy] of POLICIES) {
  const underPolicy = profileOf(policy, given);
  report(
    `filmroom: the same under the policy ${name}`,
    median(15, (slice) => deidentify(readPart10(slice), underPolicy)),
  );
}
report(
  'filmroom: the same, with the object in one buffer',
  median(15, (slice) => concatSegments(deidentify(readPart10(slice), profile).segments, slice)),
);
report(
  'dcmjs: read, change one attribute, write',
  median(3, (slice) => {
    const object = data.DicomMessage.readFile(slice.slice().buffer);
    object.dict['00100010'] = { vr: 'PN', Value: ['PSEUDONYM'] };
    return object.write({ allowInvalidVRLength: true });
  }),
);
const peer = gdcmanon();
if (peer === undefined) console.log('gdcmanon is not installed: not compared');
else report('gdcmanon --dumb, four attributes (processor time, files)', peer);
