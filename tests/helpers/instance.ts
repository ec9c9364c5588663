/** Small real instances, made here: a grey picture with a plausible header that names a made-up patient. */
import {
  EXPLICIT_VR_LITTLE_ENDIAN,
  encodeNumbers,
  encodeText,
  encodeUid,
  type NewElement,
  type VR,
  writePart10,
} from '../../shared/dicom/index.ts';

export interface InstanceOptions {
  readonly study?: string;
  readonly series?: string;
  readonly instance?: string;
  readonly number?: number;
  readonly sopClass?: string;
  readonly patientName?: string;
  readonly patientId?: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly frames?: number;
  /** @default as many as rows, columns and frames say, counting up */
  readonly pixels?: Uint8Array;
  readonly transferSyntax?: string;
  /** Tags that are left out. */
  readonly without?: readonly number[];
  /** More elements, or others in their place. */
  readonly with?: readonly NewElement[];
}

export const MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4';
const IMPLEMENTATION = {
  implementationClassUid: '2.25.329800735698586629295641978511506172918',
  implementationVersionName: 'TEST',
};

/** A Part 10 object. */
export function makeInstance(options: InstanceOptions = {}): Uint8Array {
  const {
    rows = 8,
    columns = 8,
    frames = 1,
    sopClass = MR_IMAGE,
    transferSyntax = EXPLICIT_VR_LITTLE_ENDIAN,
  } = options;
  const instance = options.instance ?? '1.2.3.4.5';
  const text = (tag: number, vr: VR, value: string): NewElement => ({
    tag,
    vr,
    value: encodeText(value, vr),
  });
  const us = (tag: number, value: number): NewElement => ({
    tag,
    vr: 'US',
    value: encodeNumbers([value], 'US'),
  });
  const pixels =
    options.pixels ?? Uint8Array.from({ length: rows * columns * frames * 2 }, (_, at) => (at * 7) & 0x7f);
  const elements: NewElement[] = [
    text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\M\\SE'),
    { tag: 0x00080016, vr: 'UI', value: encodeUid(sopClass) },
    { tag: 0x00080018, vr: 'UI', value: encodeUid(instance) },
    text(0x00080020, 'DA', '20200102'),
    text(0x00080060, 'CS', 'MR'),
    text(0x00100010, 'PN', options.patientName ?? 'Doe^Jane'),
    text(0x00100020, 'LO', options.patientId ?? 'MRN4711'),
    text(0x00100030, 'DA', '19700101'),
    { tag: 0x0020000d, vr: 'UI', value: encodeUid(options.study ?? '1.2.3') },
    { tag: 0x0020000e, vr: 'UI', value: encodeUid(options.series ?? '1.2.3.4') },
    text(0x00200011, 'IS', '2'),
    text(0x00200013, 'IS', String(options.number ?? 1)),
    text(0x00200032, 'DS', `0\\0\\${options.number ?? 1}`),
    text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
    us(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    ...(frames > 1 ? [text(0x00280008, 'IS', String(frames))] : []),
    us(0x00280010, rows),
    us(0x00280011, columns),
    us(0x00280100, 16),
    us(0x00280101, 12),
    us(0x00280102, 11),
    us(0x00280103, 0),
    { tag: 0x7fe00010, vr: 'OW', value: pixels },
  ];
  const others = options.with ?? [];
  const left = elements.filter(
    ({ tag }) => !options.without?.includes(tag) && !others.some((other) => other.tag === tag),
  );
  return writePart10(
    [...left, ...others].sort((a, b) => a.tag - b.tag),
    {
      ...IMPLEMENTATION,
      mediaStorageSopClassUid: sopClass,
      mediaStorageSopInstanceUid: instance,
      transferSyntaxUid: transferSyntax,
    },
  );
}
