/**
 * The part of the image library's metadata package that rendering needs. The whole of it compiles rules for display sets as it is loaded,
 * by a dictionary of 1.3 MB; the page groups images by what the study's summary says.
 */
import * as Enums from '@cornerstonejs/metadata/enums';
import * as metaData from '@cornerstonejs/metadata/metaData';
import calibratedPixelSpacingMetadataProvider from '@cornerstonejs/metadata/utilities/calibratedPixelSpacingMetadataProvider';
import {
  calculateRadiographicPixelSpacing,
  getERMF,
  getPixelSpacingInformation,
} from '@cornerstonejs/metadata/utilities/getPixelSpacingInformation';
import imageIdToURI from '@cornerstonejs/metadata/utilities/imageIdToURI';
import isVideoTransferSyntax, { videoUIDs } from '@cornerstonejs/metadata/utilities/isVideoTransferSyntax';

const none = () => undefined;

export { Enums, metaData };
export const utilities = {
  calculateRadiographicPixelSpacing,
  calibratedPixelSpacingMetadataProvider,
  generateFrameImageId: none,
  getERMF,
  getPixelSpacingInformation,
  handleMultiframe4D: none,
  imageIdToURI,
  isVideoTransferSyntax,
  splitImageIdsBy4DTags: none,
  videoUIDs,
};
