/** Studies for the viewer: known distances, a calibrated ultrasound with a spectrum, a cine, annotations, and texts that mean harm. */
import { type AuthoredDataSet, authorPart10, uidOf } from '../../scripts/sample/author-part10.ts';
import { ctInstance, ultrasoundInstance } from '../../scripts/sample/data-sets.ts';
import { BEADS } from '../../scripts/sample/phantom.ts';
import { ULTRASOUND } from '../../scripts/sample/ultrasound.ts';
import {
  encodeNumbers,
  encodeText,
  encodeUid,
  type NewElement,
  type VR,
  writePart10,
} from '../../shared/dicom/index.ts';

/** Runs where it is read as markup, and shows itself where it is read as an attribute. */
export const HARM = `"><img src=x onerror="document.title='harmed'"><script>document.title='harmed'</script>`;

/** Centimetres a pixel, across and down: not the same, so that nothing is right by chance. */
export const ULTRASOUND_DELTA = { x: 0.025, y: 0.03 } as const;
const SPECTRUM_TOP = 440;

export function ctFiles(more: AuthoredDataSet = {}, slices = 6): Uint8Array[] {
  return Array.from({ length: slices }, (_, slice) => authorPart10({ ...ctInstance(slice + 9), ...more }));
}

/** Tissue above, a spectrum below. */
export function ultrasoundFile(): Uint8Array {
  const region = (
    y0: number,
    y1: number,
    units: readonly [number, number],
    delta: readonly [number, number],
  ) => ({
    RegionSpatialFormat: 1,
    RegionDataType: 1,
    RegionFlags: 0,
    RegionLocationMinX0: 0,
    RegionLocationMinY0: y0,
    RegionLocationMaxX1: ULTRASOUND.columns - 1,
    RegionLocationMaxY1: y1,
    PhysicalUnitsXDirection: units[0],
    PhysicalUnitsYDirection: units[1],
    PhysicalDeltaX: delta[0],
    PhysicalDeltaY: delta[1],
  });
  return authorPart10({
    ...inCtStudy(ultrasoundInstance()),
    SequenceOfUltrasoundRegions: [
      region(0, SPECTRUM_TOP - 1, [3, 3], [ULTRASOUND_DELTA.x, ULTRASOUND_DELTA.y]),
      region(SPECTRUM_TOP, ULTRASOUND.rows - 1, [4, 7], [0.005, 0.5]),
    ],
  });
}

/** Sixteen frames of a bar that wanders across, 25 to the second, behind a round shutter. */
export function cineFile(): Uint8Array {
  const [columns, rows, frames] = [96, 64, 16];
  const pixels = new Uint8Array(columns * rows * frames);
  for (let frame = 0; frame < frames; frame++)
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++)
        pixels[(frame * rows + y) * columns + x] = x >= frame * 6 && x < frame * 6 + 6 ? 230 : 30;
  const { WindowCenter, WindowWidth, RescaleIntercept, ImageOrientationPatient, ...header } = ctInstance(0);
  return authorPart10({
    ...header,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.12.1',
    SOPInstanceUID: uidOf('viewer cine'),
    SeriesInstanceUID: uidOf('viewer cine series'),
    SeriesNumber: 5,
    SeriesDescription: 'Wandering bar',
    Modality: 'XA',
    NumberOfFrames: frames,
    FrameTime: 40,
    FrameIncrementPointer: '00181063',
    ShutterShape: 'CIRCULAR',
    CenterOfCircularShutter: [32, 48],
    RadiusOfCircularShutter: 47,
    ShutterPresentationValue: 0,
    Rows: rows,
    Columns: columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    RescaleIntercept: 0,
    PixelData: pixels.buffer,
  });
}

/** A circle about each bead of the slice and words beside one, a window, a quarter turn and a part of it, by a presentation state. */
export function presentationFile(words = 'Bead'): Uint8Array {
  const slice = ctInstance(11);
  const image = { ReferencedSOPClassUID: slice.SOPClassUID, ReferencedSOPInstanceUID: slice.SOPInstanceUID };
  const graphic = (bead: (typeof BEADS)[number]): AuthoredDataSet => ({
    GraphicAnnotationUnits: 'PIXEL',
    GraphicDimensions: 2,
    NumberOfGraphicPoints: 2,
    GraphicData: [bead.column + 0.5, bead.row + 0.5, bead.column + 8.5, bead.row + 0.5],
    GraphicType: 'CIRCLE',
    GraphicFilled: 'N',
  });
  const { PixelData, Rows, Columns, ...header } = slice;
  return authorPart10({
    ...header,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.11.1',
    SOPInstanceUID: uidOf('viewer presentation state'),
    SeriesInstanceUID: uidOf('viewer presentation series'),
    SeriesNumber: 9,
    SeriesDescription: 'Annotations',
    Modality: 'PR',
    ContentLabel: 'MARKS',
    ReferencedSeriesSequence: [{ SeriesInstanceUID: uidOf('ct series'), ReferencedImageSequence: [image] }],
    GraphicAnnotationSequence: [
      {
        GraphicLayer: 'ONE',
        ReferencedImageSequence: [image],
        GraphicObjectSequence: BEADS.map(graphic),
        TextObjectSequence: [
          {
            UnformattedTextValue: words,
            BoundingBoxAnnotationUnits: 'PIXEL',
            BoundingBoxTopLeftHandCorner: [40, 110],
            BoundingBoxBottomRightHandCorner: [90, 120],
          },
        ],
      },
    ],
    ImageRotation: 90,
    ImageHorizontalFlip: 'N',
    DisplayedAreaSelectionSequence: [
      {
        ReferencedImageSequence: [image],
        DisplayedAreaTopLeftHandCorner: [65, 1],
        DisplayedAreaBottomRightHandCorner: [192, 128],
        PresentationSizeMode: 'SCALE TO FIT',
        PresentationPixelAspectRatio: [1, 1],
      },
    ],
    SoftcopyVOILUTSequence: [{ ReferencedImageSequence: [image], WindowCenter: 500, WindowWidth: 2000 }],
  } as AuthoredDataSet);
}

/** A document of pages, and a report of one sentence: both of the study of the slices. */
export function documentFiles(pdf: Uint8Array, sentence: string): Uint8Array[] {
  const { PixelData, Rows, Columns, ...header } = ctInstance(0);
  const of = (name: string, number: number): AuthoredDataSet => ({
    ...header,
    SOPInstanceUID: uidOf(`viewer ${name}`),
    SeriesInstanceUID: uidOf(`viewer ${name} series`),
    SeriesNumber: number,
    SeriesDescription: name,
  });
  const title = (meaning: string) => [
    { CodeValue: '121060', CodingSchemeDesignator: 'DCM', CodeMeaning: meaning },
  ];
  const bytes = pdf.length % 2 === 0 ? pdf : Uint8Array.from([...pdf, 0x20]);
  return [
    authorPart10({
      ...of('Letter', 21),
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.1',
      Modality: 'DOC',
      MIMETypeOfEncapsulatedDocument: 'application/pdf',
      EncapsulatedDocument: bytes.buffer.slice(
        bytes.byteOffset,
        bytes.byteOffset + bytes.length,
      ) as ArrayBuffer,
    }),
    authorPart10({
      ...of('Findings', 22),
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.11',
      Modality: 'SR',
      ValueType: 'CONTAINER',
      ContinuityOfContent: 'SEPARATE',
      ConceptNameCodeSequence: title('Report'),
      ContentSequence: [
        {
          RelationshipType: 'CONTAINS',
          ValueType: 'TEXT',
          ConceptNameCodeSequence: title('Finding'),
          TextValue: sentence,
        },
      ],
    }),
  ];
}

/** A film of an endoscope, in as many fragments as there are pieces. */
export function filmFile(
  name: string,
  transferSyntaxUid: string,
  pieces: readonly Uint8Array[],
  patientName?: string,
): Uint8Array {
  const { StudyInstanceUID = '', PatientID = '' } = ctInstance(0) as Record<string, string>;
  const sopClass = '1.2.840.10008.5.1.4.1.1.77.1.1.1';
  const instance = uidOf(`viewer film ${name}`);
  const text = (tag: number, vr: VR, value: string): NewElement => ({
    tag,
    vr,
    value: encodeText(value, vr),
  });
  const uid = (tag: number, value: string): NewElement => ({ tag, vr: 'UI', value: encodeUid(value) });
  const us = (tag: number, value: number): NewElement => ({
    tag,
    vr: 'US',
    value: encodeNumbers([value], 'US'),
  });
  const fragments = pieces.map((piece) =>
    piece.length % 2 === 0 ? piece : Buffer.concat([piece, Buffer.alloc(1)]),
  );
  return writePart10(
    [
      uid(0x00080016, sopClass),
      uid(0x00080018, instance),
      text(0x00080060, 'CS', 'ES'),
      text(0x0008103e, 'LO', name),
      ...(patientName === undefined ? [] : [text(0x00100010, 'PN', patientName)]),
      text(0x00100020, 'LO', PatientID),
      uid(0x0020000d, StudyInstanceUID),
      uid(0x0020000e, uidOf(`viewer film series ${name}`)),
      text(0x00200011, 'IS', '31'),
      text(0x00200013, 'IS', '1'),
      us(0x00280002, 3),
      text(0x00280004, 'CS', 'YBR_PARTIAL_420'),
      us(0x00280006, 0),
      text(0x00280008, 'IS', '30'),
      us(0x00280010, 120),
      us(0x00280011, 160),
      us(0x00280100, 8),
      us(0x00280101, 8),
      us(0x00280102, 7),
      us(0x00280103, 0),
      { tag: 0x7fe00010, vr: 'OB', value: { fragments } },
    ],
    {
      mediaStorageSopClassUid: sopClass,
      mediaStorageSopInstanceUid: instance,
      transferSyntaxUid,
      implementationClassUid: '1.2.3',
      implementationVersionName: 'TEST',
    },
  );
}

/** An earlier study of the same patient. */
export function priorFiles(): Uint8Array[] {
  return ctFiles({
    StudyInstanceUID: uidOf('viewer prior study'),
    SeriesInstanceUID: uidOf('viewer prior series'),
    StudyDate: '20240301',
    StudyDescription: 'CT Head before',
    SeriesDescription: 'Head 5.0 mm before',
  }).map((bytes) => bytes);
}

function inCtStudy(dataSet: AuthoredDataSet): AuthoredDataSet {
  const { StudyInstanceUID } = ctInstance(0);
  return { ...dataSet, ...(StudyInstanceUID === undefined ? {} : { StudyInstanceUID }) };
}
