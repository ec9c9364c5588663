/**
 * The part of the codec worker's program that drives dcmjs-codecs: its WebAssembly alone, without the package's script, which
 * would bring a DICOM library of 1 MB. A context is given the shape of the frame and the input, a function is called by its
 * name, and the output is copied out. An error is a call back that throws through the WebAssembly: what is left is dropped.
 */
export const CONTEXT_CODEC_SOURCE = `
const { readFile } = require('node:fs/promises');
const compiled = new Map();

// The package's numbers for Photometric Interpretation: they decide whether colours are transformed.
const MONOCHROME = 1;
const RGB = 3;
const FIRST_BYTES = 256 * 2 ** 20;

const contexts = {
  async load(path) {
    // Compiled once: after a trap only the memory has to be made anew.
    if (!compiled.has(path)) compiled.set(path, await WebAssembly.compile(await readFile(path)));
    let memory;
    const view = () => new DataView(memory.buffer);
    const none = () => 0;
    const instance = await WebAssembly.instantiate(compiled.get(path), {
      env: {
        onCodecsException() { throw new Error('the codec gave up'); },
        onCodecsInfo: none,
        onCodecsTrace: none,
        // It grows by itself and tells afterwards.
        emscripten_notify_memory_growth() {
          if (memory !== undefined && memory.buffer.byteLength > maximumBytes) throw new RangeError('over the limit of a codec');
        },
      },
      wasi_snapshot_preview1: {
        proc_exit() { throw new Error('the codec ended itself'); },
        clock_time_get(clock, precision, at) { view().setBigUint64(at, 0n, true); return 0; },
        environ_sizes_get(count, size) { view().setUint32(count, 0, true); view().setUint32(size, 0, true); return 0; },
        environ_get: none,
        fd_seek: none,
        fd_close: none,
        // What it would print is counted as printed.
        fd_write(descriptor, vectors, count, written) {
          let sum = 0;
          for (let index = 0; index < count; index++) sum += view().getUint32(vectors + 8 * index + 4, true);
          view().setUint32(written, sum, true);
          return 0;
        },
      },
    });
    memory = instance.exports.memory;
    instance.exports._initialize();
    return instance.exports;
  },
  // It begins with 256 MiB that are not touched, so what a frame touched is judged by the frame.
  memoryBytes: (codec, { data }) => Math.max(4 * data.length, codec.memory.buffer.byteLength - FIRST_BYTES),
  decode(codec, { name, bytes, shape }) {
    const context = describe(codec, shape);
    codec.SetEncodedBufferSize(context, bytes.length);
    heap(codec).set(bytes, codec.GetEncodedBuffer(context));
    const parameters = codec.CreateDecoderParameters();
    codec.SetConvertColorspaceToRgb(parameters, 0);
    codec[name](context, parameters);
    codec.ReleaseDecoderParameters(parameters);
    const at = codec.GetDecodedBuffer(context);
    const frame = {
      width: codec.GetColumns(context),
      height: codec.GetRows(context),
      bitsPerSample: shape.bits,
      componentCount: codec.GetSamplesPerPixel(context),
      planar: codec.GetPlanarConfiguration(context) === 1,
      lossy: false,
      data: heap(codec).slice(at, at + codec.GetDecodedBufferSize(context)),
    };
    codec.ReleaseCodecsContext(context);
    return frame;
  },
  encode(codec, { name, bytes, shape, settings }) {
    const context = describe(codec, shape);
    codec.SetDecodedBufferSize(context, bytes.length);
    heap(codec).set(bytes, codec.GetDecodedBuffer(context));
    const parameters = codec.CreateEncoderParameters();
    for (const [setter, value] of settings) codec[setter](parameters, value);
    codec[name](context, parameters);
    codec.ReleaseEncoderParameters(parameters);
    const at = codec.GetEncodedBuffer(context);
    const data = heap(codec).slice(at, at + codec.GetEncodedBufferSize(context));
    codec.ReleaseCodecsContext(context);
    return { data };
  },
};

const heap = (codec) => new Uint8Array(codec.memory.buffer);

function describe(codec, shape) {
  const context = codec.CreateCodecsContext();
  codec.SetColumns(context, shape.width);
  codec.SetRows(context, shape.height);
  codec.SetBitsAllocated(context, shape.bits > 8 ? 16 : 8);
  codec.SetBitsStored(context, shape.bits);
  codec.SetSamplesPerPixel(context, shape.components);
  codec.SetPixelRepresentation(context, shape.signed ? 1 : 0);
  codec.SetPlanarConfiguration(context, 0);
  codec.SetPhotometricInterpretation(context, shape.components === 3 ? RGB : MONOCHROME);
  return context;
}
`;
