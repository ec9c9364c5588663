/** Builds small instances for the tests of de-identification: identity attributes are filled in, anything can be added. */
import { Buffer } from 'node:buffer';
import {
  type BasicProfileOptions,
  basicProfile,
  type Deidentified,
  deidentify,
  keyedPseudonyms,
  type Profile,
} from '../../../shared/deid/index.ts';
import {
  concatSegments,
  encodeNumbers,
  type MetaInput,
  type NewElement,
  type Part10,
  readPart10,
  type Tag,
  type VR,
  writePart10,
} from '../../../shared/dicom/index.ts';

export const CT = '1.2.840.10008.5.1.4.1.1.2';
export const ENHANCED_CT = '1.2.840.10008.5.1.4.1.1.2.1';
export const EXPLICIT = '1.2.840.10008.1.2.1';

export const ORIGINAL = {
  instance: '1.2.826.0.1.3680043.8.498.1001',
  study: '1.2.826.0.1.3680043.8.498.2001',
  series: '1.2.826.0.1.3680043.8.498.3001',
};

export const SECRET = Uint8Array.from({ length: 32 }, (_, index) => index);

/** A profile under a fixed secret. */
export function testProfile(options: Partial<BasicProfileOptions> & { secret?: Uint8Array } = {}): Profile {
  return basicProfile({ pseudonyms: keyedPseudonyms(options.secret ?? SECRET), ...options });
}

/** An element of text, padded. */
export function text(tag: Tag, vr: VR, value: string): NewElement {
  return bytes(tag, vr, Buffer.from(value, 'latin1'));
}

/** An element of bytes, padded. */
export function bytes(tag: Tag, vr: VR, value: Uint8Array): NewElement {
  const padded = Buffer.alloc(
    value.length + (value.length % 2),
    vr === 'UI' || vr.startsWith('O') || vr === 'UN' ? 0 : 0x20,
  );
  padded.set(value);
  return { tag, vr, value: padded };
}

export function numbers(tag: Tag, vr: VR, ...values: number[]): NewElement {
  return { tag, vr, value: encodeNumbers(values, vr) };
}

export function sequence(tag: Tag, ...items: NewElement[][]): NewElement {
  return { tag, vr: 'SQ', value: items };
}

/** A Part 10 object of the elements; identity attributes that are not among them are added. */
export function instance(
  elements: readonly NewElement[],
  sopClass = CT,
  meta: Partial<MetaInput> = {},
): Uint8Array {
  const identity = [
    text(0x00080016, 'UI', sopClass),
    text(0x00080018, 'UI', ORIGINAL.instance),
    text(0x00080060, 'CS', 'CT'),
    text(0x0020000d, 'UI', ORIGINAL.study),
    text(0x0020000e, 'UI', ORIGINAL.series),
  ];
  const given = new Set(elements.map((element) => element.tag));
  const all = [...identity.filter((element) => !given.has(element.tag)), ...elements];
  return writePart10(
    all.sort((one, other) => one.tag - other.tag),
    {
      mediaStorageSopClassUid: sopClass,
      mediaStorageSopInstanceUid: ORIGINAL.instance,
      transferSyntaxUid: EXPLICIT,
      implementationClassUid: '1.2.3.4',
      implementationVersionName: 'TEST',
      ...meta,
    },
  );
}

export interface Output {
  readonly bytes: Uint8Array;
  readonly part10: Part10;
  readonly deidentified: Deidentified;
}

/** De-identifies an object and reads what came out. */
export function output(object: Uint8Array, profile: Profile = testProfile()): Output {
  const deidentified = deidentify(readPart10(object), profile);
  const written = concatSegments(deidentified.segments, object);
  return { bytes: written, part10: readPart10(written), deidentified };
}

/** Whether the text stands in the bytes, in ASCII without regard to case or in UTF-16. */
export function holds(object: Uint8Array, value: string): boolean {
  const lower = Buffer.from(object.buffer, object.byteOffset, object.length).toString('latin1').toLowerCase();
  const wide = Buffer.from(value.toLowerCase(), 'utf16le');
  return (
    lower.includes(value.toLowerCase()) ||
    lower.includes(wide.toString('latin1')) ||
    lower.includes(wide.swap16().toString('latin1'))
  );
}

/** The reason and place of the refusal that the call ends in. */
export function refusalOf(call: () => unknown): { reason: string; where: string } {
  try {
    call();
  } catch (error) {
    const { reason, where } = error as { reason?: string; where?: string };
    if (reason !== undefined && where !== undefined) return { reason, where };
    throw error;
  }
  throw new Error('nothing was refused');
}
