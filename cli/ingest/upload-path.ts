/**
 * The path a file is uploaded under. It becomes an object key, which takes no control characters and has a length, so
 * that a name that does not fit is written in another way instead of being refused: every file is sent.
 */
import { createHash } from 'node:crypto';
import type { LocalFile } from './list-files.ts';

/** Below what the uploads API takes, in characters and in bytes of UTF-8. */
const MAXIMUM_BYTES = 880;
const KEPT_CHARACTERS = 200;
/** The pictures of control characters begin here: `␊` stands for a line feed. */
const CONTROL_PICTURES = 0x2400;
const DELETE_PICTURE = '␡';

/** The files under the paths that they are uploaded with, each of them another. */
export function withUploadPaths(files: readonly LocalFile[]): LocalFile[] {
  const taken = new Set<string>();
  return files.map((file) => {
    const path = uploadPath(file.path);
    let unique = path;
    for (let count = 2; taken.has(unique); count++) unique = `${path}~${count}`;
    taken.add(unique);
    return { ...file, path: unique };
  });
}

function uploadPath(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  const visible = path.replace(/[\u0000-\u001f\u007f]/g, (character) =>
    character === '\u007f' ? DELETE_PICTURE : String.fromCharCode(CONTROL_PICTURES + character.charCodeAt(0)),
  );
  if (Buffer.byteLength(visible) <= MAXIMUM_BYTES) return visible;
  // The end tells most of where a file lay; the hash keeps two long paths apart.
  const mark = createHash('sha256').update(path).digest('hex').slice(0, 16);
  const end = [...visible].slice(-KEPT_CHARACTERS).join('').replace(/^\/+/, '');
  return `${mark}…${end}`;
}
