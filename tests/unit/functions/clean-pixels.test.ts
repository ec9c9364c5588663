/** Pictures that may show text: `deidentify` passes them on as they are, `clean-pixels` masks what is found and writes them. */
import { describe, expect, it, vi } from 'vitest';
import { cleanAndTreat } from '../../../functions/clean-pixels/treat-pixels.ts';
import { treatBytesOrPassOn } from '../../../functions/deidentify/treat-pixels.ts';
import { sampleFiles } from '../../../scripts/sample/make-sample.ts';
import { PATIENT_FOLDER } from '../../../scripts/sample/patient.ts';
import { instanceKey } from '../../../shared/contract/names.ts';
import { basicProfile, deidentify } from '../../../shared/deid/index.ts';
import { readPart10, tagOf } from '../../../shared/dicom/index.ts';
import { readInstance } from '../../../shared/release/read-instance.ts';
import { deidentifyOver, pseudonyms } from '../../helpers/deidentify.ts';

const files = [...sampleFiles()].filter(({ path }) => path.startsWith(PATIENT_FOLDER));
const slice = files.find(({ path }) => path.includes('/CT '))?.bytes ?? new Uint8Array();
const ultrasound = files.find(({ path }) => path.includes('/US/'))?.bytes ?? new Uint8Array();
const profile = async () => basicProfile({ pseudonyms, pixels: 'clean' });

/** Finds what is in the first lines until it is masked. */
const finder = {
  find: async ({ width, data, channels }: { width: number; channels: number; data: Uint8Array }) => {
    const isBright = data.subarray(0, 50 * width * channels).some((value) => value > 200);
    return isBright ? [{ left: 0, top: 0, width, height: 50, score: 1 }] : [];
  },
  read: async () => ({ text: '', confidence: 0 }),
};

/** The message of an instance that has arrived, and the vault that it is in. */
async function arrived(bytes: Uint8Array): Promise<Parameters<typeof readInstance>> {
  const step = deidentifyOver({ ports: { profile } });
  return [await step.arrive(bytes), step.vault];
}

describe('deidentify', () => {
  it('passes an ultrasound on with the message as it is, and writes nothing', async () => {
    const step = deidentifyOver({ ports: { profile, treatPixels: treatBytesOrPassOn } });
    const message = await step.arrive(ultrasound);
    await step.handle(message);
    expect(step.record.sent).toEqual([message]);
    expect(step.order).toEqual([]);
  });

  it('writes a slice itself', async () => {
    const step = deidentifyOver({ ports: { profile, treatPixels: treatBytesOrPassOn } });
    await step.handle(await step.arrive(slice));
    expect(step.record.sent).toHaveLength(1);
    expect(step.order).toEqual(['crosswalk', 'library']);
  });

  it('asks what a picture may show once, not before each thing that is done to it', async () => {
    const { part10, ranges } = await readInstance(...(await arrived(slice)));
    const asked = vi.spyOn(part10.dataSet, 'strings');
    const treatment = await treatBytesOrPassOn({ part10, ranges }, await profile());
    deidentify(part10, await profile(), treatment);
    expect(asked.mock.calls.filter(([tag]) => tag === tagOf('ConversionType'))).toHaveLength(1);
  });

  it('quarantines an ultrasound under a profile that has nothing cleaned', async () => {
    const strict = async () => basicProfile({ pseudonyms });
    const step = deidentifyOver({ ports: { profile: strict, treatPixels: treatBytesOrPassOn } });
    await step.handle(await step.arrive(ultrasound));
    expect(step.record.sent).toEqual([]);
    expect(step.order).toEqual([]);
  });
});

describe('clean-pixels', () => {
  it('writes the ultrasound without its text, and says so in it', async () => {
    const step = deidentifyOver({ ports: { profile, treatPixels: cleanAndTreat(finder) } });
    await step.handle(await step.arrive(ultrasound));
    const [next] = step.record.sent;
    if (next === undefined || !('instance' in next)) throw new Error('it was not written');
    const { bytes } = await step.library.read({ key: instanceKey(next.instance) });
    const { dataSet } = readPart10(bytes);
    expect(dataSet.text(tagOf('BurnedInAnnotation'))).toBe('NO');
    const pixels = dataSet.value(tagOf('PixelData')) ?? new Uint8Array();
    expect(pixels.subarray(0, 50 * 640 * 3).every((sample) => sample === 0)).toBe(true);
    expect(pixels.some((sample) => sample > 0)).toBe(true);
  });

  it('quarantines the ultrasound where its text cannot be cleaned', async () => {
    let at = 0;
    const never = {
      ...finder,
      find: async () => [{ left: at++, top: 0, width: 5, height: 5, score: 1 }],
    };
    const step = deidentifyOver({ ports: { profile, treatPixels: cleanAndTreat(never) } });
    await step.handle(await step.arrive(ultrasound));
    expect(step.record.sent).toEqual([]);
    expect(step.order).toEqual([]);
  });
});
