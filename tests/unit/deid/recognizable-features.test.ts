import { describe, expect, it } from 'vitest';
import { type PixelPolicy, type PixelTreatment, plan } from '../../../shared/deid/index.ts';
import type { RecognizableFeatures } from '../../../shared/deid/recognizable-features.ts';
import { type NewElement, readPart10 } from '../../../shared/dicom/index.ts';
import { bytes, CT, ENHANCED_CT, instance, output, sequence, testProfile, text } from './instances.ts';

const below = (suffix: string): string => `1.2.840.10008.5.1.4.1.1.${suffix}`;
const MR = below('4');
const picture = [text(0x00280004, 'CS', 'MONOCHROME2'), bytes(0x7fe00010, 'OW', new Uint8Array(8))];
const part = (value: string) => text(0x00180015, 'CS', value);
const thickness = (value: string) => text(0x00180050, 'DS', value);
const region = (meaning: string) => sequence(0x00082218, [text(0x00080104, 'LO', meaning)]);
const says = (value: string) => text(0x00280302, 'CS', value);
const shared = (...elements: NewElement[]) => sequence(0x52009229, elements);
const measures = (value: string) => sequence(0x00289110, [thickness(value)]);
const anatomy = (meaning: string) => sequence(0x00209071, [region(meaning)]);

function refusal(
  sopClass: string,
  elements: readonly NewElement[],
  recognizableFeatures: RecognizableFeatures = 'quarantine',
  treatment?: PixelTreatment,
  pixels?: PixelPolicy,
) {
  const object = readPart10(instance([...elements, ...picture], sopClass));
  return plan(object, testProfile({ recognizableFeatures, ...(pixels ? { pixels } : {}) }), treatment).refusal
    ?.where;
}

const A_FACE = 'a face may be rendered from it (0018,0015), (0008,2218) or a description';

describe('pictures from which a face may be rendered', () => {
  const heads: [string, string, NewElement[]][] = [
    ['a CT of the head', CT, [part('HEAD'), thickness('1')]],
    ['an MR of the brain', MR, [part('BRAIN'), thickness('5')]],
    ['a PET of head and neck', below('128'), [part('HEADNECK'), thickness('3')]],
    ['slices of unknown thickness', CT, [part('SKULL')]],
    ['a region by its code', MR, [region('Paranasal sinus'), thickness('1')]],
    ['a study of the head by its description alone', MR, [text(0x00081030, 'LO', 'Schädel nativ')]],
    ['a protocol', MR, [text(0x00181030, 'LO', 't1_mprage_sag'), part('OTHER')]],
    [
      'an enhanced object by the anatomy of its frames',
      ENHANCED_CT,
      [shared(measures('0.6'), anatomy('Face'))],
    ],
  ];

  it.each(heads)('are quarantined where the policy says so: %s', (_, sopClass, elements) => {
    expect(refusal(sopClass, elements)).toBe(A_FACE);
  });

  it.each(heads)('are released and marked otherwise: %s', (_, sopClass, elements) => {
    expect(refusal(sopClass, elements, 'release')).toBeUndefined();
    const { part10 } = output(instance([...elements, ...picture], sopClass));
    expect(part10.dataSet.text(0x00280302)).toBe('YES');
  });

  it('are a volume of which nothing says what it shows, which is not marked for that', () => {
    expect(refusal(CT, [thickness('1')])).toBe(A_FACE);
    expect(output(instance([thickness('1'), ...picture], CT)).part10.dataSet.has(0x00280302)).toBe(false);
  });

  it('pass when somebody vouches for the pictures', () => {
    const object = readPart10(instance([part('HEAD'), ...picture], CT));
    const profile = testProfile({ recognizableFeatures: 'quarantine', pixels: 'trust' });
    expect(plan(object, profile).refusal).toBeUndefined();
  });
});

describe('pictures that show no face', () => {
  it.each<[string, string, NewElement[], PixelPolicy?]>([
    ['another part of the body', CT, [part('CHEST'), thickness('1')]],
    ['slices too far apart', CT, [part('HEAD'), thickness('6')]],
    ['frames too far apart', ENHANCED_CT, [part('HEAD'), shared(measures('8'))]],
    [
      'a scout, where it is searched for text',
      CT,
      [part('HEAD'), text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\LOCALIZER')],
      'clean',
    ],
    ['a picture whose face was removed', MR, [part('HEAD'), says('NO')]],
    ['a radiograph of the skull', below('1'), [part('SKULL'), text(0x00080060, 'CS', 'CR')]],
    ['words that only look alike', MR, [text(0x0008103e, 'LO', 'Surface coil, diagnose')]],
  ])('pass: %s', (_, sopClass, elements, pixels) => {
    expect(refusal(sopClass, elements, 'quarantine', undefined, pixels)).toBeUndefined();
  });
});

describe('photographs', () => {
  const cleaned: PixelTreatment = { operations: [], cleaned: true };

  it.each([
    ['a person', below('77.1.4'), 'XC'],
    ['the skin', below('77.1.7'), 'DMS'],
    ['a person in a secondary capture', below('7'), 'XC'],
  ])('of %s are refused though their text was removed, under any policy', (_, sopClass, modality) => {
    const elements = [text(0x00080060, 'CS', modality)];
    for (const features of ['release', 'quarantine'] as const)
      expect(refusal(sopClass, elements, features, cleaned)).toMatch(/^a photograph of a person/);
  });

  it.each([CT, below('7')])('that were rendered of a head are refused like one: %s', (sopClass) => {
    const rendered = text(0x00080008, 'CS', 'DERIVED\\SECONDARY\\VRT');
    const where = 'the rendered surface of a head, Image Type (0008,0008)';
    expect(refusal(sopClass, [part('HEAD'), rendered], 'release', cleaned)).toBe(where);
    expect(refusal(sopClass, [part('KNEE'), rendered], 'release', cleaned)).toBeUndefined();
  });

  it('of the eye are refused where the policy says so', () => {
    const elements = [text(0x00080060, 'CS', 'OP')];
    expect(refusal(below('77.1.5.1'), elements, 'quarantine', cleaned)).toBe(A_FACE);
    expect(refusal(below('77.1.5.1'), elements, 'release', cleaned)).toBeUndefined();
  });
});

describe('Recognizable Visual Features YES', () => {
  it('is refused, but for the heads that the policy releases', () => {
    const where = 'Recognizable Visual Features (0028,0302) is YES';
    expect(refusal(CT, [part('CHEST'), says('YES')], 'release')).toBe(where);
    expect(refusal(CT, [says('YES')], 'release')).toBe(where);
    expect(refusal(CT, [part('HEAD'), says('YES')], 'release')).toBeUndefined();
    expect(refusal(CT, [part('HEAD'), says('YES')], 'quarantine')).toBe(where);
  });
});
