/**
 * How long the whole de-identification of a slice takes (read, plan, write, residual scan), beside what other tools take
 * for less: dcmjs for reading, changing one attribute and writing; gdcmanon for emptying and removing four attributes
 * without looking further; Orthanc for its own profile. In one run over the slices of a folder, by default the two series of
 * the corpus: `npx tsx bench/deidentify.ts [folder]`.
 */
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writevSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  basicProfile,
  deidentify,
  keyedPseudonyms,
  POLICIES,
  type Profile,
  plan,
  profileOf,
} from '../shared/deid/index.ts';
import { concatSegments, readPart10 } from '../shared/dicom/index.ts';
import { gdcmanon, orthanc, rewriteWithDcmjs } from './deid-peers.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../shared/corpus/02-series', import.meta.url));
const paths = readdirSync(folder, { recursive: true })
  .map((name) => join(folder, String(name)))
  .filter((path) => statSync(path).isFile());
const slices = paths.map((path) => new Uint8Array(readFileSync(path)));
const given = { pseudonyms: keyedPseudonyms(new Uint8Array(32).fill(1)) };
const profile = basicProfile(given);
/** The policy, for a caller who vouches for the pictures: what is refused is not written. */
const under = (name: string): Profile =>
  profileOf({ ...POLICIES.get(name)!, pixels: 'trust', recognizableFeatures: 'release' }, given);
const share = under('share');
const FILE_RUNS = 10;

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

/** Processor milliseconds of a slice from file to file, read into one buffer. */
function fromFileToFile(): number {
  const target = mkdtempSync(join(tmpdir(), 'filmroom-bench-'));
  const buffer = new Uint8Array(Math.max(...slices.map(({ length }) => length)));
  let before = process.cpuUsage();
  for (let run = 0; run < 2 * FILE_RUNS; run++) {
    if (run === FILE_RUNS) before = process.cpuUsage();
    for (const [index, path] of paths.entries()) {
      const from = openSync(path, 'r');
      const source = buffer.subarray(0, readSync(from, buffer));
      closeSync(from);
      const { segments } = deidentify(readPart10(source), share);
      const to = openSync(join(target, String(index)), 'w');
      writevSync(
        to,
        segments.map((segment) =>
          segment instanceof Uint8Array ? segment : concatSegments([segment], source),
        ),
      );
      closeSync(to);
    }
  }
  const { user, system } = process.cpuUsage(before);
  rmSync(target, { recursive: true, force: true });
  return (user + system) / 1000 / FILE_RUNS / slices.length;
}

const bytes = slices.map((slice) => slice.length).sort((one, other) => one - other)[slices.length >>> 1];
console.log(
  `${slices.length} slices, median ${bytes} bytes; milliseconds a slice, and how often ours fits into it`,
);

// Whatever comes first pays for the compiling of all.
median(10, (slice) => deidentify(readPart10(slice), share));
const ours = median(15, (slice) => deidentify(readPart10(slice), share));
const files = fromFileToFile();
const report = (what: string, milliseconds: number, reference = ours): void =>
  console.log(`${what.padEnd(66)} ${milliseconds.toFixed(3)}  ${(milliseconds / reference).toFixed(2)} x`);

report(
  'filmroom: read',
  median(15, (slice) => readPart10(slice)),
);
report(
  'filmroom: read and plan',
  median(15, (slice) => plan(readPart10(slice), share)),
);
report('filmroom: read, plan, write, residual scan under the policy share', ours);
for (const name of ['research', 'strict']) {
  const underPolicy = under(name);
  report(
    `filmroom: the same under the policy ${name}`,
    median(15, (slice) => deidentify(readPart10(slice), underPolicy)),
  );
}
report(
  'filmroom: the same under the Basic Profile alone',
  median(15, (slice) => deidentify(readPart10(slice), profile)),
);
const inOneBuffer = median(15, (slice) =>
  concatSegments(deidentify(readPart10(slice), share).segments, slice),
);
report('filmroom: under share, with the object in one buffer', inOneBuffer);
report('filmroom: under share, from file to file (processor time)', files);
report('dcmjs: read, change one attribute, write', median(3, rewriteWithDcmjs));
const [gdcm, orthancs] = [gdcmanon(folder, slices.length), await orthanc(slices)];
if (gdcm === undefined) console.log('gdcmanon is not installed: not compared');
else report('gdcmanon --dumb, four attributes, from file to file (processor time)', gdcm, files);
if (orthancs === undefined) console.log('Orthanc is not installed: not compared');
else report('Orthanc: anonymize one instance (processor time)', orthancs);
