/**
 * A softcopy presentation state (PS3.3 A.33): how somebody chose to show images, as data. Grey, colour and pseudo-colour states
 * are applied; blending and volumetric ones, which need several images, are not.
 */
import type { DataSet } from '../../../dicom/index.ts';
import { TAG } from '../../attributes.ts';
import { readColourProfile } from '../colour-profile.ts';
import { inGroup, type OverlayPlane, type Rgb, readOverlays } from '../overlay.ts';
import { type PaletteTables, readPalette } from '../palette.ts';
import { readShutter, type Shutter } from '../shutter.ts';
import { type DisplayedArea, readDisplayedArea } from './displayed-area.ts';
import { type Annotation, type LayerStyles, readAnnotations, readLayers } from './graphics.ts';
import { appliesTo } from './references.ts';

const KINDS = {
  '1.2.840.10008.5.1.4.1.1.11.1': 'grey',
  '1.2.840.10008.5.1.4.1.1.11.2': 'colour',
  '1.2.840.10008.5.1.4.1.1.11.3': 'pseudo-colour',
  // XA/XRF: its mask subtraction needs other frames and is not applied; all else is as in grey states.
  '1.2.840.10008.5.1.4.1.1.11.5': 'grey',
} as const;

export interface PresentationState {
  readonly kind: (typeof KINDS)[keyof typeof KINDS];
  readonly dataSet: DataSet;
  /** Of a pseudo-colour state. */
  readonly palette: PaletteTables | undefined;
  readonly profile: Uint8Array | undefined;
  readonly shutter: Shutter | undefined;
  /** Degrees clockwise, before the flip: 0, 90, 180 or 270. */
  readonly rotation: number;
  readonly isFlipped: boolean;
  readonly layers: LayerStyles;
  /** Whether it refers to the image, so may be applied to it. */
  readonly refersTo: (image: DataSet) => boolean;
  /** The item of Softcopy VOI LUT Sequence for a frame; undefined stands for the identity. */
  readonly softcopyVoi: (image: DataSet, index: number) => DataSet | undefined;
  readonly displayedArea: (image: DataSet, index: number) => DisplayedArea | undefined;
  readonly annotations: (image: DataSet, index: number) => readonly Annotation[];
  /** The overlays it brings itself, and whether those of the image with that group are shown. */
  readonly overlays: (index: number) => readonly OverlayPlane[];
  readonly layerOfOverlay: (group: number) => Rgb | undefined;
}

/** Reads a presentation state; undefined where the data set is none, or one of a kind that is not applied. */
export function readPresentationState(dataSet: DataSet): PresentationState | undefined {
  const uid = dataSet.uid(TAG.SOPClassUID) ?? '';
  if (!Object.hasOwn(KINDS, uid)) return undefined;
  const kind = KINDS[uid as keyof typeof KINDS];
  const layers = readLayers(dataSet);
  const forFrame = (sequence: number, image: DataSet, index: number) =>
    dataSet.sequence(sequence).filter((item) => appliesTo(item, image, index));
  const layerOfOverlay = (group: number) => {
    const layer = dataSet.strings(inGroup(TAG.OverlayActivationLayer, group))[0];
    return layer === undefined || layer === '' ? undefined : layers.colourOf(layer);
  };
  return {
    kind,
    dataSet,
    palette: kind === 'pseudo-colour' ? readPalette(dataSet) : undefined,
    profile: kind === 'grey' ? undefined : readColourProfile(dataSet),
    shutter: readShutter(dataSet),
    rotation: rotationOf(dataSet),
    isFlipped: dataSet.strings(TAG.ImageHorizontalFlip)[0] === 'Y',
    layers,
    refersTo: (image) =>
      dataSet.sequence(TAG.ReferencedSeriesSequence).some((series) => appliesTo(series, image, undefined)),
    softcopyVoi: (image, index) => forFrame(TAG.SoftcopyVOILUTSequence, image, index)[0],
    displayedArea: (image, index) => {
      const item = forFrame(TAG.DisplayedAreaSelectionSequence, image, index)[0];
      return item && readDisplayedArea(item);
    },
    annotations: (image, index) =>
      readAnnotations(forFrame(TAG.GraphicAnnotationSequence, image, index), layers),
    overlays: (index) =>
      readOverlays(dataSet, index).filter(({ group }) => layerOfOverlay(group) !== undefined),
    layerOfOverlay,
  };
}

function rotationOf(dataSet: DataSet): number {
  const degrees = dataSet.number(TAG.ImageRotation) ?? 0;
  return degrees % 90 === 0 ? ((degrees % 360) + 360) % 360 : 0;
}
