/**
 * The program of the codec worker, as text: the deployed function is one bundled file and the sources are TypeScript, so
 * neither has a file that a thread could start from. It loads a codec by the path it is told, does one frame a message, and
 * drops a codec that threw or whose memory grew large: WebAssembly memory never shrinks, and after a trap it lies.
 *
 * Two kinds of package are driven: those that export a class for decoding and one for encoding, and the one that exports
 * plain functions over a context (`CONTEXT_CODEC_SOURCE`).
 */
import { CONTEXT_CODEC_SOURCE } from './context-codec-source.ts';

export const CODEC_WORKER_SOURCE = `'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const loaded = new Map();
let maximumBytes = Infinity;

// A codestream can ask for far more than its frame: the allocation that goes beyond the limit fails, and with it the frame.
const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * 65536 > maximumBytes) throw new RangeError('over the limit of a codec');
  return grow.call(this, pages);
};

${CONTEXT_CODEC_SOURCE}

const classes = {
  load: (path) => require(path)({ print() {}, printErr() {} }),
  memoryBytes: (codec) => codec.HEAPU8.length,
  decode(codec, { name, bytes, level }) {
    const decoder = new codec[name]();
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    if (level > 0) decoder.decodeSubResolution(level, 0);
    else decoder.decode();
    if (decoder.getLastErrorMessage !== undefined && decoder.getLastErrorMessage() !== '') {
      throw new Error('the codec reports an error');
    }
    const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
    const planar = decoder.getInterleaveMode !== undefined && decoder.getInterleaveMode() === 0;
    const lossy = decoder.getNearLossless !== undefined && decoder.getNearLossless() > 0;
    const data = decoder.getDecodedBuffer().slice();
    decoder.delete();
    return { width, height, bitsPerSample, componentCount, planar, lossy, data };
  },
  encode(codec, { name, bytes, shape, settings, transformsColours }) {
    const encoder = new codec[name]();
    const input = encoder.getDecodedBuffer({
      width: shape.width,
      height: shape.height,
      bitsPerSample: shape.bits,
      componentCount: shape.components,
      isSigned: shape.signed,
      isUsingColorTransform: transformsColours,
    });
    input.set(bytes);
    for (const [method, ...values] of settings) encoder[method](...values);
    encoder.encode();
    const data = encoder.getEncodedBuffer().slice();
    encoder.delete();
    return { data };
  },
};
const drivers = { classes, contexts };

parentPort.on('message', async (job) => {
  const driver = drivers[job.driver];
  maximumBytes = job.maximumBytes;
  let codec;
  try {
    if (!loaded.has(job.path)) loaded.set(job.path, await driver.load(job.path));
    codec = loaded.get(job.path);
  } catch (error) {
    parentPort.postMessage({ outcome: 'not-loaded', message: String(error) });
    return;
  }
  try {
    const frame = driver[job.task](codec, job);
    if (driver.memoryBytes(codec, frame) > workerData.maximumKeptBytes) loaded.delete(job.path);
    parentPort.postMessage({ outcome: 'done', frame }, [frame.data.buffer]);
  } catch {
    loaded.delete(job.path);
    parentPort.postMessage({ outcome: 'failed' });
  }
});
`;
