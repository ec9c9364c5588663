/**
 * The first page of an encapsulated PDF, by PDFium as WebAssembly, loaded when a document first comes. A document that makes it
 * trap or that takes too long ends as a reason: it runs in a thread of its own, which is ended with the page.
 */
import { Worker } from 'node:worker_threads';
import type { DataSet } from '../../dicom/index.ts';
import { findPackage } from '../codecs/codec-worker.ts';
import type { Raster } from '../raster.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { DOCUMENT_LIMITS, type DocumentLimits } from './limits.ts';
import { PDF_WORKER_SOURCE } from './pdf-worker-source.ts';
import { DOCUMENT_TAG as TAG } from './tags.ts';

// Spelt out, as this is where the bundler sees that the package is needed.
const library = () =>
  typeof require === 'function'
    ? require.resolve('@hyzyla/pdfium/dist/index.cjs')
    : findPackage('@hyzyla/pdfium/dist/index.cjs');
const wasm = () =>
  typeof require === 'function'
    ? require.resolve('@hyzyla/pdfium/pdfium.wasm')
    : findPackage('@hyzyla/pdfium/pdfium.wasm');

/** Whether the object encapsulates a PDF, by its media type or by how it begins. */
export function holdsPdf(dataSet: DataSet): boolean {
  const bytes = dataSet.value(TAG.EncapsulatedDocument);
  if (bytes === undefined) return false;
  const stated = dataSet.text(TAG.MIMETypeOfEncapsulatedDocument)?.toLowerCase();
  return stated === 'application/pdf' || Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';
}

/** The first page, its longer side `side` pixels. */
export async function renderPdfPage(
  dataSet: DataSet,
  side: number,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): Promise<Raster> {
  const bytes = dataSet.value(TAG.EncapsulatedDocument);
  if (bytes === undefined || bytes.length === 0)
    throw new UndisplayableError('no-image', '(0042,0011) Encapsulated Document is empty');
  if (bytes.length > limits.maximumDocumentBytes)
    throw new UndisplayableError(
      'too-large',
      `a document of ${bytes.length} bytes, limit ${limits.maximumDocumentBytes}`,
    );
  const { width, height, data } = await drawInThread(bytes, side, limits.documentDeadline);
  if (width < 1 || height < 1 || width > 2 * side || height > 2 * side || data.length !== width * height * 4)
    throw new UndisplayableError('undecodable', 'PDFium gave a page of another size');
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    rgb[to] = data[from] as number;
    rgb[to + 1] = data[from + 1] as number;
    rgb[to + 2] = data[from + 2] as number;
  }
  return { width, height, channels: 3, data: rgb };
}

interface Page {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity, which is full: the ground of a page is white. */
  readonly data: Uint8Array;
}

type Outcome =
  | { readonly outcome: 'drawn'; readonly page: Page }
  | { readonly outcome: 'failed' }
  | { readonly outcome: 'not-loaded'; readonly message: string };

async function drawInThread(bytes: Uint8Array, side: number, deadline: number): Promise<Page> {
  const thread = new Worker(PDF_WORKER_SOURCE, {
    eval: true,
    name: 'pdf',
    env: {},
    execArgv: [],
    workerData: { library: library(), wasm: wasm(), bytes: Uint8Array.from(bytes), side },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new UndisplayableError('decode-timeout', `a page took over ${deadline} ms`)),
        deadline,
      );
      thread.once('message', resolve);
      thread.once('error', (error: Error & { code?: string }) =>
        error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve({ outcome: 'failed' }) : reject(error),
      );
      thread.once('exit', () => resolve({ outcome: 'failed' }));
    });
    if (outcome.outcome === 'not-loaded') throw new Error(`could not load PDFium: ${outcome.message}`);
    if (outcome.outcome === 'failed')
      throw new UndisplayableError('undecodable', 'PDFium refused the document');
    return outcome.page;
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
