/**
 * The program of the codec worker, as text: the deployed function is one bundled file and the sources are TypeScript, so
 * neither has a file that a thread could start from. It loads a codec by the path it is told, decodes one frame a message,
 * and drops a codec that threw or whose memory grew large: WebAssembly memory never shrinks, and after a trap it lies.
 */
export const CODEC_WORKER_SOURCE = `'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const loaded = new Map();

async function load(path) {
  if (!loaded.has(path)) loaded.set(path, await require(path)({ print() {}, printErr() {} }));
  return loaded.get(path);
}

function decode(codec, decoderName, bytes, level) {
  const decoder = new codec[decoderName]();
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  if (level > 0) decoder.decodeSubResolution(level, 0);
  else decoder.decode();
  const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
  const planar = decoder.getInterleaveMode !== undefined && decoder.getInterleaveMode() === 0;
  const lossy = decoder.getNearLossless !== undefined && decoder.getNearLossless() > 0;
  const data = decoder.getDecodedBuffer().slice();
  decoder.delete();
  return { width, height, bitsPerSample, componentCount, planar, lossy, data };
}

parentPort.on('message', async ({ path, decoderName, bytes, level }) => {
  let codec;
  try {
    codec = await load(path);
  } catch (error) {
    parentPort.postMessage({ outcome: 'not-loaded', message: String(error) });
    return;
  }
  try {
    const frame = decode(codec, decoderName, bytes, level);
    if (codec.HEAPU8.length > workerData.maximumKeptBytes) loaded.delete(path);
    parentPort.postMessage({ outcome: 'decoded', frame }, [frame.data.buffer]);
  } catch {
    loaded.delete(path);
    parentPort.postMessage({ outcome: 'failed' });
  }
});
`;
