/**
 * The program of the thread that draws the first page of a PDF, as text: the deployed function is one bundled file, so there
 * is none that a thread could start from. One document a thread; nothing of it is kept.
 */
export const PDF_WORKER_SOURCE = `'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { readFileSync } = require('node:fs');

async function draw({ PDFiumLibrary }, wasmBinary) {
  const library = await PDFiumLibrary.init({ wasmBinary });
  const document = await library.loadDocument(workerData.bytes);
  const page = document.getPage(0);
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const scale = workerData.side / Math.max(originalWidth, originalHeight, 1);
  const { width, height, data } = await page.render({ scale, render: 'bitmap' });
  return { width, height, pages: document.getPageCount(), data: Uint8Array.from(data) };
}

async function run() {
  let pdfium;
  let wasm;
  try {
    pdfium = require(workerData.library);
    wasm = readFileSync(workerData.wasm);
  } catch (error) {
    parentPort.postMessage({ outcome: 'not-loaded', message: String(error) });
    return;
  }
  try {
    const page = await draw(pdfium, wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length));
    parentPort.postMessage({ outcome: 'drawn', page }, [page.data.buffer]);
  } catch {
    parentPort.postMessage({ outcome: 'failed' });
  }
}

run();
`;
