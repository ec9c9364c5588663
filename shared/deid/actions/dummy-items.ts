/**
 * The one item that stands for the items of a sequence under D. Each is the smallest item that the IODs using the
 * sequence accept; nothing in it comes from the input.
 */
import type { NewElement, Tag, VR } from '../../dicom/index.ts';
import { dummyValue } from './dummy-value.ts';

const CONTENT_SEQUENCE: Tag = 0x0040a730;
const GRAPHIC_ANNOTATION_SEQUENCE: Tag = 0x00700001;
const VERIFYING_OBSERVER_SEQUENCE: Tag = 0x0040a073;
const FLOW_IDENTIFIER_SEQUENCE: Tag = 0x00340001;
const OPERATOR_IDENTIFICATION_SEQUENCE: Tag = 0x00081072;
const REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE: Tag = 0x00081111;

const text = (tag: Tag, vr: VR, value: string): NewElement => ({ tag, vr, value: even(value) });
const dummy = (tag: Tag, vr: VR): NewElement => ({ tag, vr, value: dummyValue(vr) });

/** A code of a private scheme (PS3.3 8.2: 99 begins one) that means "removed". */
const code: readonly NewElement[] = [
  text(0x00080100, 'SH', 'REMOVED'),
  text(0x00080102, 'SH', '99FILMROOM'),
  text(0x00080104, 'LO', 'Removed'),
];

/** A content item: the comment "REMOVED" (PS3.3 C.17.3; 121106 of PS3.16 annex D). */
const contentItem: readonly NewElement[] = [
  text(0x0040a010, 'CS', 'CONTAINS'),
  text(0x0040a040, 'CS', 'TEXT'),
  {
    tag: 0x0040a043,
    vr: 'SQ',
    value: [
      [text(0x00080100, 'SH', '121106'), text(0x00080102, 'SH', 'DCM'), text(0x00080104, 'LO', 'Comment')],
    ],
  },
  dummy(0x0040a160, 'UT'),
];

/** A graphic annotation: the text "REMOVED" in the first pixel's corner (PS3.3 C.10.5). */
const graphicAnnotation: readonly NewElement[] = [
  dummy(0x00700002, 'CS'),
  {
    tag: 0x00700008,
    vr: 'SQ',
    value: [
      [
        text(0x00700003, 'CS', 'PIXEL'),
        dummy(0x00700006, 'ST'),
        { tag: 0x00700010, vr: 'FL', value: new Uint8Array(8) },
        { tag: 0x00700011, vr: 'FL', value: new Uint8Array(8) },
        text(0x00700012, 'CS', 'LEFT'),
      ],
    ],
  },
];

const verifyingObserver: readonly NewElement[] = [
  dummy(0x0040a027, 'LO'),
  dummy(0x0040a030, 'DT'),
  dummy(0x0040a075, 'PN'),
  { tag: 0x0040a088, vr: 'SQ', value: [] },
];

const ITEMS: ReadonlyMap<Tag, readonly NewElement[]> = new Map([
  [CONTENT_SEQUENCE, contentItem],
  [GRAPHIC_ANNOTATION_SEQUENCE, graphicAnnotation],
  [VERIFYING_OBSERVER_SEQUENCE, verifyingObserver],
  [FLOW_IDENTIFIER_SEQUENCE, [dummy(0x00340002, 'OB')]],
  [OPERATOR_IDENTIFICATION_SEQUENCE, [{ tag: 0x00401101, vr: 'SQ', value: [code] }]],
]);

/** The items that stand for a sequence under D: a meaningless code where nothing else is known to be needed. */
export function dummyItems(tag: Tag): readonly (readonly NewElement[])[] {
  return [ITEMS.get(tag) ?? code];
}

/** Whether the sequence holds nothing but references, so that pseudonymous UIDs are its dummy. */
export function holdsReferencesOnly(tag: Tag): boolean {
  return tag === REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE;
}

function even(value: string): Uint8Array {
  return Buffer.from(value.length % 2 === 0 ? value : `${value} `, 'latin1');
}
