/**
 * Pictures of objects that hold no image: reports as text, PDFs by their first page, electrocardiograms and other waveforms as
 * traces, structure sets as outlines. What is none of these gets no picture here, and a labelled tile elsewhere.
 */
import type { DataSet } from '../../dicom/index.ts';
import { encodeDrawing, encodeRaster, type PreviewFormat, type Size } from '../raster.ts';
import { DOCUMENT_LIMITS, type DocumentLimits } from './limits.ts';
import { holdsPdf, renderPdfPage } from './pdf.ts';
import { drawReport } from './report-page.ts';
import { drawStructureSet } from './structure-set.ts';
import { hasContentTree, reportLines } from './structured-report.ts';
import { DOCUMENT_TAG as TAG } from './tags.ts';
import { readWaveform } from './waveform.ts';
import { drawWaveform } from './waveform-page.ts';

export interface DocumentPicture extends Size {
  readonly bytes: Uint8Array;
}

/** The picture of the object, its longer side `side` pixels; undefined where it is no document of a kind that is drawn. */
export async function drawDocument(
  dataSet: DataSet,
  side: number,
  format: PreviewFormat,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): Promise<DocumentPicture | undefined> {
  if (dataSet.has(TAG.WaveformSequence)) {
    const { svg, size } = drawWaveform(readWaveform(dataSet, limits), side);
    return { bytes: await encodeDrawing(svg, format), ...size };
  }
  if (dataSet.has(TAG.ROIContourSequence)) return square(drawStructureSet(dataSet, side, limits));
  if (holdsPdf(dataSet)) {
    const page = await renderPdfPage(dataSet, side, limits);
    return { bytes: await encodeRaster(page, page, format), width: page.width, height: page.height };
  }
  if (!hasContentTree(dataSet)) return undefined;
  const lines = reportLines(dataSet, limits);
  return lines.length === 0 ? undefined : square(drawReport(lines, side));

  async function square(svg: string): Promise<DocumentPicture> {
    return { bytes: await encodeDrawing(svg, format), width: side, height: side };
  }
}
