/** Where the WebAssembly of dcmjs-codecs lies. Of its codecs those are used that no other package has: JPEG lossless, JPEG of 12 bits, JPEG XL. */
import { findPackage, type WasmCodec } from './codec-worker.ts';

/** The function of that name, over a context. */
export function contextCodec(name: string): WasmCodec {
  return {
    locate: () =>
      typeof require === 'function'
        ? require.resolve('dcmjs-codecs/build/dcmjs-native-codecs.wasm')
        : findPackage('dcmjs-codecs/build/dcmjs-native-codecs.wasm'),
    driver: 'contexts',
    name,
  };
}
