/**
 * The patient's own name in other alphabets, planted in text that is kept: real objects of twelve character sets, their names read
 * by pydicom, and searched for by pydicom and as bytes in the object's own character set, UTF-8 and UTF-16.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deidentify, keyedPseudonyms, POLICIES, profileOf } from '../../../shared/deid/index.ts';
import {
  concatSegments,
  encodeUid,
  type NewElement,
  readPart10,
  splice,
} from '../../../shared/dicom/index.ts';
import { SECRET } from '../../unit/deid/instances.ts';
import { corpusFiles, corpusPath, hasCorpus } from './corpus-files.ts';

/** For each path: the components of Patient's Name, and all text that pydicom finds; one line of JSON. */
const PYDICOM = `
import json, sys, warnings, pydicom
warnings.simplefilter('ignore')
for path in sys.stdin.read().splitlines():
    dataset = pydicom.dcmread(path, force=True, stop_before_pixels=True)
    groups = str(getattr(dataset, 'PatientName', '')).split('=')
    names = [part for group in groups for part in group.split('^')]
    text = [str(element.value) for element in dataset.iterall() if element.VR != 'SQ']
    print(json.dumps({'names': names, 'text': '\\n'.join(text)}))
`;
const PATIENT_NAME = 0x00100010;
const ESCAPE = '\u001b';
/** What follows an escape: which set is meant (PS3.3 C.12.1.1.2). */
const DESIGNATION = /^\$?[()]?[@-~]/;

const folder = mkdtempSync(join(tmpdir(), 'filmroom-alphabets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import pydicom']).status === 0,
);
const names = corpusFiles.filter((name) => name.startsWith('04-charset/'));

function readAsText(paths: readonly string[]): { readonly names: string[]; readonly text: string }[] {
  const { stdout } = spawnSync(python!, ['-c', PYDICOM], {
    input: paths.join('\n'),
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    maxBuffer: 1 << 28,
  });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The object with its Patient's Name, byte by byte, in kept text at the root and nested. */
function planted(object: Uint8Array): Uint8Array {
  const part10 = readPart10(object);
  const name = part10.dataSet.value(PATIENT_NAME) ?? new Uint8Array(0);
  const text = Buffer.concat([Buffer.from('seen: '), name]);
  const value = new Uint8Array(Buffer.concat([text, Buffer.alloc(text.length % 2, 0x20)]));
  const kept: NewElement[] = [0x00181020, 0x00281055, 0x00283003].map((tag) => ({ tag, vr: 'LO', value }));
  // Some of the objects are names without an instance around them.
  const identity: NewElement[] = [
    [0x00080016, '1.2.840.10008.5.1.4.1.1.7'],
    [0x00080018, '1.2.826.0.1.3680043.10.77.1'],
    [0x0020000d, '1.2.826.0.1.3680043.10.77.2'],
    [0x0020000e, '1.2.826.0.1.3680043.10.77.3'],
  ]
    .map(([tag, uid]) => ({ tag: Number(tag), vr: 'UI' as const, value: encodeUid(String(uid)) }))
    .filter(({ tag }) => (part10.dataSet.uid(tag) ?? '') === '');
  const carrier: NewElement = { tag: 0x00180026, vr: 'SQ', value: [kept] };
  return concatSegments(
    splice(
      part10,
      {
        edit: () => ({ kind: 'keep' }),
        add: (_, depth) => (depth === 0 ? [...identity, ...kept, carrier] : []),
      },
      {
        mediaStorageSopClassUid: part10.dataSet.uid(0x00080016) ?? '',
        mediaStorageSopInstanceUid: part10.dataSet.uid(0x00080018) ?? '',
        transferSyntaxUid: part10.transferSyntax.uid,
        implementationClassUid: '1.2.3.4',
        implementationVersionName: 'PLANTED',
      },
    ),
    object,
  );
}

/** Runs of the name as it is written that no other text has by chance: between escapes, marks and spaces, not ASCII. */
function runsOf(object: Uint8Array): Buffer[] {
  const name = Buffer.from(readPart10(object).dataSet.value(PATIENT_NAME) ?? []);
  const runs = name
    .toString('latin1')
    .split(ESCAPE)
    .flatMap((run, index) => (index === 0 ? run : run.replace(DESIGNATION, '')).split(/[=^ ]/))
    .map((run) => Buffer.from(run, 'latin1'));
  return runs.filter((run) => run.length >= 4 && (run.some((byte) => byte >= 0x80) || name.includes(ESCAPE)));
}

describe.skipIf(!hasCorpus || python === undefined).each([...POLICIES.values()])(
  hasCorpus && python !== undefined
    ? 'names in other alphabets under the policy $name'
    : 'names in other alphabets under the policy $name (skipped: no corpus, or pydicom is not installed)',
  (policy) => {
    it('survive in no text, as text and as bytes', () => {
      const profile = profileOf(
        { ...policy, pixels: 'trust', recognizableFeatures: 'release' },
        { pseudonyms: keyedPseudonyms(SECRET) },
      );
      const sources = names.map((name) => planted(new Uint8Array(readFileSync(corpusPath(name)))));
      const outputs = sources.map((source) =>
        concatSegments(deidentify(readPart10(source), profile).segments, source),
      );
      const paths = outputs.map((output, index) => {
        const path = join(folder, `${policy.name}-${index}.dcm`);
        writeFileSync(path, output);
        return path;
      });
      const before = readAsText(names.map(corpusPath));
      const after = readAsText(paths);
      const left = names.flatMap((name, index) => {
        const parts = before[index]!.names.map((part) => part.trim()).filter((part) => isTelling(part));
        const output = Buffer.from(outputs[index]!);
        const asText = parts.filter((part) => after[index]!.text.toLowerCase().includes(part.toLowerCase()));
        const asBytes = parts.filter((part) =>
          [
            Buffer.from(part, 'utf8'),
            Buffer.from(part, 'utf16le'),
            Buffer.from(part, 'utf16le').swap16(),
          ].some((bytes) => output.includes(bytes)),
        );
        const asWritten = runsOf(sources[index]!).filter((run) => output.includes(run));
        return [...asText, ...asBytes, ...asWritten.map(String)].map((part) => `${name}: ${part}`);
      });
      expect(left).toEqual([]);
      expect(before.flatMap((each) => each.names.filter(isTelling)).length).toBeGreaterThan(25);
    });
  },
);

/** Long enough not to stand in any text by chance: two letters of another script, four of the Latin. */
function isTelling(part: string): boolean {
  return part.length >= (Buffer.byteLength(part) > part.length ? 2 : 4);
}
