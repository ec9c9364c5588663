/** What a deployed function brings to find text: one machine's library and two networks, and that is enough to run. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../infra/constructs/function-bundle.ts';
import type { Target } from '../../infra/constructs/native-packages.ts';

const parent = mkdtempSync(join(tmpdir(), 'filmroom-text-packages-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const finder = fileURLToPath(new URL('../../shared/pixels/text/find-text.ts', import.meta.url));
const FINDS = `
  import { openTextFinder } from ${JSON.stringify(finder)};
  export const handler = async () => {
    const finder = openTextFinder();
    const picture = { width: 96, height: 64, channels: 1 as const, data: new Uint8Array(96 * 64) };
    const boxes = await finder.find(picture);
    const { text } = await finder.read(picture, { left: 0, top: 0, width: 96, height: 32 });
    await finder.close();
    return { boxes: boxes.length, text };
  };`;

function bundle(target: Target): string {
  const folder = join(parent, target);
  mkdirSync(folder);
  writeFileSync(join(folder, 'handler.ts'), FINDS);
  bundleFunction(join(folder, 'handler.ts'), target, join(folder, 'out'));
  return join(folder, 'out');
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

describe('a bundle that finds text', () => {
  it('runs with nothing else installed', () => {
    const script = 'require("./index.js").handler().then((answer) => console.log(JSON.stringify(answer)))';
    const output = execFileSync(process.execPath, ['-e', script], { cwd: bundle('host'), encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual({ boxes: 0, text: '' });
  });

  it('holds for Lambda the library of AArch64 alone, and leaves room below the 250 MB of a function', () => {
    const folder = bundle('linux-arm64');
    const files = filesOf(folder);
    const native = files.filter((file) => /\.node$|\.so[.\d]*$|\.dll$|\.dylib$/.test(file));
    expect(native).toHaveLength(2);
    for (const file of native) {
      // ELF, for the machine numbered 183.
      const head = readFileSync(join(folder, file)).subarray(0, 20);
      expect([head.toString('latin1', 0, 4), head.readUInt16LE(18)]).toEqual(['\x7fELF', 183]);
    }
    expect(files.filter((file) => /\.onnx$/.test(file))).toHaveLength(2);
    const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    // 42 MB; sharp and the codecs beside it take 40 more.
    expect(bytes).toBeLessThan(60 * 2 ** 20);
  });
});
