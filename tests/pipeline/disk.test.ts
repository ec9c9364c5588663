/** A CD as hospitals hand it out, in the three forms in which it is sent: what its DICOMDIR lists is compared with what came. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeInstance } from '../helpers/instance.ts';
import { makeIso } from '../helpers/iso.ts';
import { makeMediaDirectory } from '../helpers/media-directory.ts';
import { makeZip } from '../helpers/zip.ts';
import { reportOf, scratch } from './pipeline.ts';
import { type SharedPipeline, sharedPipeline } from './shared.ts';

const folder = scratch('disk');
let pipeline: SharedPipeline;
beforeAll(async () => {
  pipeline = await sharedPipeline();
}, 600_000);
afterAll(() => folder.remove());

/** Three images of which the directory lists four, a viewer that starts by itself, and a picture of the hospital. */
function diskOf(study: string) {
  const uid = (number: number) => `1.2.${study}.1.${number}`;
  const image = (number: number) =>
    makeInstance({
      study: `1.2.${study}`,
      series: `1.2.${study}.1`,
      instance: uid(number),
      number,
      patientId: `MRN${study}`,
    });
  const records = [1, 2, 3, 4].map((number) => ({
    file: ['DICOM', `IM00000${number}`],
    instance: uid(number),
  }));
  return [
    { name: 'DICOMDIR', content: makeMediaDirectory(records) },
    ...[1, 2, 3].map((number) => ({ name: `DICOM/IM00000${number}`, content: image(number) })),
    { name: 'AUTORUN.INF', content: Buffer.from('[autorun]\r\nopen=VIEWER.EXE\r\n') },
    { name: 'VIEWER.EXE', content: Buffer.from('MZ a program') },
    { name: 'LOGO.JPG', content: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]) },
  ];
}

const FORMS = {
  folder: (members: ReturnType<typeof diskOf>, at: string) => {
    for (const { name, content } of members) {
      mkdirSync(dirname(join(at, name)), { recursive: true });
      writeFileSync(join(at, name), content);
    }
    return { sent: at, within: '' };
  },
  zip: (members: ReturnType<typeof diskOf>, at: string) => {
    writeFileSync(`${at}.zip`, makeZip(members.map((member) => ({ ...member, method: 8 }))));
    return { sent: `${at}.zip`, within: 'disk.zip/' };
  },
  iso: (members: ReturnType<typeof diskOf>, at: string) => {
    writeFileSync(`${at}.iso`, makeIso(members));
    return { sent: `${at}.iso`, within: 'disk.iso/' };
  },
};

it.each([
  ['folder', '71'],
  ['zip', '72'],
  ['iso', '73'],
] as const)(
  'a CD as %s is indexed, its programs ignored, and the image that its DICOMDIR lists and it lacks is named',
  async (form, study) => {
    const { sent, within } = FORMS[form](diskOf(study), join(folder.path, 'disk'));
    const report = reportOf(await pipeline.ingest(sent));
    expect(report).toMatchObject({
      total: 7,
      pending: 0,
      states: { indexed: 3, duplicate: 0, ignored: 4, quarantined: 0 },
      reasons: { 'media-directory': 1, 'not-dicom': 3 },
      studies: [{ series: 1, instances: 3, ready: true }],
      missing: {
        directories: [{ path: `${within}DICOMDIR`, files: 4, missing: 1 }],
        missing: 1,
        files: [{ path: `${within}DICOM/IM000004`, why: 'missing', directory: `${within}DICOMDIR` }],
      },
    });
  },
  240_000,
);
