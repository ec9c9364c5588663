/** A grey softcopy presentation state for an image, with one of each annotation: for the gallery, as public ones are few. */
import {
  type DataSet,
  encodeNumbers,
  type NewElement,
  readPart10,
  tagOf,
  type VR,
  writePart10,
} from '../../shared/dicom/index.ts';
import {
  type PresentationState,
  readPresentationState,
} from '../../shared/pixels/render/presentation/presentation-state.ts';

const GREY_STATE = '1.2.840.10008.5.1.4.1.1.11.1';

export function madePresentation(image: DataSet): PresentationState {
  const reference = sequence('ReferencedImageSequence', [
    text('ReferencedSOPClassUID', 'UI', image.uid(tagOf('SOPClassUID')) ?? ''),
    text('ReferencedSOPInstanceUID', 'UI', image.uid(tagOf('SOPInstanceUID')) ?? ''),
  ]);
  const elements: NewElement[] = [
    text('SOPClassUID', 'UI', GREY_STATE),
    text('SOPInstanceUID', 'UI', '2.25.3'),
    sequence('ReferencedSeriesSequence', [reference]),
    text('ShutterShape', 'CS', 'CIRCULAR'),
    text('CenterOfCircularShutter', 'IS', '256\\256'),
    text('RadiusOfCircularShutter', 'IS', '240'),
    numbers('ShutterPresentationValue', 'US', 8000),
    text('RescaleIntercept', 'DS', '-1024'),
    text('RescaleSlope', 'DS', '1'),
    sequence('SoftcopyVOILUTSequence', [text('WindowCenter', 'DS', '40'), text('WindowWidth', 'DS', '400')]),
    sequence('GraphicAnnotationSequence', [
      text('GraphicLayer', 'CS', 'MEASURES'),
      sequence(
        'TextObjectSequence',
        [
          ...box([300, 90], [440, 130]),
          ...anchor([250, 200]),
          text('UnformattedTextValue', 'ST', 'Length 42 mm'),
        ],
        [...anchor([130, 330]), text('UnformattedTextValue', 'ST', 'ROI 1: 55 HU')],
      ),
      sequence(
        'GraphicObjectSequence',
        shape('POLYLINE', [200, 160, 300, 240]),
        shape('CIRCLE', [330, 300, 360, 300]),
        shape('ELLIPSE', [110, 290, 190, 290, 150, 265, 150, 315]),
        shape('INTERPOLATED', [180, 380, 220, 350, 260, 400, 300, 360]),
        shape('POINT', [256, 256]),
      ),
    ]),
    text('ImageHorizontalFlip', 'CS', 'N'),
    numbers('ImageRotation', 'US', 90),
    sequence('DisplayedAreaSelectionSequence', [
      numbers('DisplayedAreaTopLeftHandCorner', 'SL', 41, 472),
      numbers('DisplayedAreaBottomRightHandCorner', 'SL', 472, 41),
      text('PresentationSizeMode', 'CS', 'SCALE TO FIT'),
      text('PresentationPixelAspectRatio', 'IS', '1\\1'),
    ]),
    text('PresentationLUTShape', 'CS', 'IDENTITY'),
  ];
  const bytes = writePart10(
    [...elements].sort((a, b) => a.tag - b.tag),
    {
      mediaStorageSopClassUid: GREY_STATE,
      mediaStorageSopInstanceUid: '2.25.3',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      implementationClassUid: '2.25.2',
      implementationVersionName: 'GALLERY',
    },
  );
  const state = readPresentationState(readPart10(bytes).dataSet);
  if (state === undefined) throw new Error('the state made is not one');
  return state;
}

const sorted = (elements: NewElement[]): NewElement[] => elements.sort((a, b) => a.tag - b.tag);

const box = (from: [number, number], to: [number, number]): NewElement[] => [
  text('BoundingBoxAnnotationUnits', 'CS', 'PIXEL'),
  numbers('BoundingBoxTopLeftHandCorner', 'FL', ...from),
  numbers('BoundingBoxBottomRightHandCorner', 'FL', ...to),
  text('BoundingBoxTextHorizontalJustification', 'CS', 'LEFT'),
];

const anchor = (at: [number, number]): NewElement[] => [
  text('AnchorPointAnnotationUnits', 'CS', 'PIXEL'),
  numbers('AnchorPoint', 'FL', ...at),
  text('AnchorPointVisibility', 'CS', 'Y'),
];

const shape = (kind: string, points: number[]): NewElement[] => [
  text('GraphicAnnotationUnits', 'CS', 'PIXEL'),
  numbers('GraphicDimensions', 'US', 2),
  numbers('NumberOfGraphicPoints', 'US', points.length / 2),
  numbers('GraphicData', 'FL', ...points),
  text('GraphicType', 'CS', kind),
  text('GraphicFilled', 'CS', 'N'),
];

function text(keyword: string, vr: VR, value: string): NewElement {
  const padding = value.length % 2 === 0 ? '' : vr === 'UI' ? '\0' : ' ';
  return { tag: tagOf(keyword), vr, value: Buffer.from(value + padding, 'latin1') };
}

const numbers = (keyword: string, vr: VR, ...values: number[]): NewElement => ({
  tag: tagOf(keyword),
  vr,
  value: encodeNumbers(values, vr),
});

const sequence = (keyword: string, ...items: NewElement[][]): NewElement => ({
  tag: tagOf(keyword),
  vr: 'SQ',
  value: items.map(sorted),
});
