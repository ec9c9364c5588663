import { describe, expect, it } from 'vitest';
import { plan } from '../../../shared/deid/index.ts';
import { type NewElement, readPart10 } from '../../../shared/dicom/index.ts';
import { bytes, CT, instance, numbers, sequence, testProfile, text } from './instances.ts';

const below = (suffix: string): string => `1.2.840.10008.5.1.4.1.1.${suffix}`;
const picture = bytes(0x7fe00010, 'OW', new Uint8Array(8));
const grey = text(0x00280004, 'CS', 'MONOCHROME2');
const modality = (value: string): NewElement => text(0x00080060, 'CS', value);
const imageType = (value: string): NewElement => text(0x00080008, 'CS', value);
const orientation = text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0');

function risk(
  sopClass: string,
  elements: NewElement[],
  pixels: 'quarantine-risky' | 'trust' = 'quarantine-risky',
) {
  return plan(readPart10(instance(elements, sopClass)), testProfile({ pixels })).refusal;
}

describe('pictures that pass', () => {
  it.each([
    ['CT', CT, [imageType('ORIGINAL\\PRIMARY\\AXIAL'), grey, picture]],
    [
      'a reformatted CT that has a place in the patient',
      CT,
      [imageType('DERIVED\\SECONDARY\\MPR'), orientation, grey, picture],
    ],
    ['MR', below('4'), [modality('MR'), imageType('ORIGINAL\\PRIMARY\\M\\SE'), grey, picture]],
    ['CR', below('1'), [modality('CR'), grey, picture]],
    ['mammography', below('1.2'), [modality('MG'), grey, picture]],
    ['angiography', below('12.1'), [modality('XA'), grey, picture]],
    ['nuclear medicine', below('20'), [modality('NM'), grey, picture]],
    ['a segmentation', below('66.4'), [modality('SEG'), grey, picture]],
    ['RT dose', below('481.2'), [modality('RTDOSE'), imageType('DERIVED\\PRIMARY\\DOSE'), grey, picture]],
    [
      'a tile of a whole slide',
      below('77.1.6'),
      [modality('SM'), imageType('DERIVED\\PRIMARY\\VOLUME\\NONE'), picture],
    ],
    ['a structured report', below('88.22'), [modality('SR')]],
    ['an RT plan', below('481.5'), [modality('RTPLAN')]],
  ])('%s', (_, sopClass, elements) => {
    expect(risk(sopClass, elements)).toBeUndefined();
  });
});

describe('pictures that may show who the patient is', () => {
  it.each([
    ['says Burned In Annotation YES', CT, [text(0x00280301, 'CS', 'YES'), grey, picture]],
    ['is ultrasound', below('6.1'), [modality('US'), picture]],
    [
      'is ultrasound that claims to be clean',
      below('3.1'),
      [modality('US'), text(0x00280301, 'CS', 'NO'), picture],
    ],
    ['is a secondary capture that claims to be clean', below('7'), [text(0x00280301, 'CS', 'NO'), picture]],
    ['is an endoscopy', below('77.1.1'), [modality('ES'), picture]],
    ['is a photograph', below('77.1.4'), [modality('XC'), picture]],
    ['is a photograph of an eye', below('77.1.5.1'), [modality('OP'), picture]],
    ['is a CT whose modality says otherwise', CT, [modality('OT'), grey, picture]],
    ['was converted', below('1'), [modality('CR'), text(0x00080064, 'CS', 'DF'), grey, picture]],
    ['is a saved screen', CT, [imageType('DERIVED\\SECONDARY\\SCREEN SAVE'), orientation, grey, picture]],
    ['is a dose report', CT, [imageType('DERIVED\\SECONDARY\\DOSE_INFO'), grey, picture]],
    ['is a patient protocol', CT, [imageType('ORIGINAL\\PRIMARY\\OTHER\\CT_SOM5 PROT'), grey, picture]],
    [
      'is derived and has no place in the patient',
      CT,
      [imageType('DERIVED\\SECONDARY\\OTHER'), grey, picture],
    ],
    ['is a localizer', CT, [imageType('ORIGINAL\\PRIMARY\\LOCALIZER'), grey, picture]],
    ['is a radiograph that was processed', below('1.1'), [imageType('DERIVED\\PRIMARY'), grey, picture]],
    ['is a slice in colour', CT, [text(0x00280004, 'CS', 'RGB'), picture]],
    [
      'is the label of a slide',
      below('77.1.6'),
      [modality('SM'), imageType('ORIGINAL\\PRIMARY\\LABEL\\NONE'), picture],
    ],
    ['shows the label of a slide', below('77.1.6'), [modality('SM'), text(0x00480010, 'CS', 'YES'), picture]],
  ])('%s', (_, sopClass, elements) => {
    expect(risk(sopClass, elements)?.reason).toBe('burned-in-annotation');
    expect(risk(sopClass, elements, 'trust')).toBeUndefined();
  });

  it('has recognizable features', () => {
    const elements = [text(0x00280302, 'CS', 'YES'), grey, picture];
    expect(risk(CT, elements)?.reason).toBe('unsafe-content');
    expect(risk(CT, elements, 'trust')).toBeUndefined();
  });
});

describe('contents that nobody can vouch for by their header', () => {
  it.each([
    ['an encapsulated PDF', below('104.1'), [bytes(0x00420011, 'OB', Buffer.from('%PDF'))]],
    ['an encapsulated document in another class', CT, [bytes(0x00420011, 'OB', Buffer.from('%PDF'))]],
    ['raw data', below('66'), []],
    ['a recorded voice', below('9.4.1'), []],
    ['a mesh of the body surface', below('68.1'), []],
    ['a private class', '1.3.12.2.1107.5.9.1', []],
    [
      'an overlay in the pixel words',
      CT,
      [numbers(0x60000100, 'US', 16), numbers(0x60000102, 'US', 12), grey, picture],
    ],
  ])('%s', (_, sopClass, elements) => {
    expect(risk(sopClass, elements)?.reason).toBe('unsafe-content');
    expect(risk(sopClass, elements, 'trust')?.reason).toBe('unsafe-content');
  });

  it('lets an overlay pass that lies in its own attribute', () => {
    const overlay = [
      numbers(0x60000100, 'US', 1),
      numbers(0x60000102, 'US', 0),
      bytes(0x60003000, 'OW', new Uint8Array(2)),
    ];
    expect(risk(CT, [...overlay, grey, picture])).toBeUndefined();
  });

  it('asks nothing of a sequence that has no pictures', () => {
    expect(
      risk(below('88.59'), [modality('KO'), sequence(0x0040a730, [text(0x0040a040, 'CS', 'IMAGE')])]),
    ).toBeUndefined();
  });
});
