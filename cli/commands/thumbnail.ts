/** `filmroom thumbnail`: the preview of each file, as the pipeline would render it. */
import { readPart10From } from '../../shared/dicom/index.ts';
import { isUnprocessable } from '../../shared/errors.ts';
import { renderPreview } from '../../shared/pixels/preview.ts';
import { EXIT, type ExitCode } from '../failure.ts';
import { openFile } from '../offline/file-source.ts';
import { planWork, type Work } from '../offline/in-and-out.ts';
import { writeSegments } from '../offline/write-file.ts';
import { printJson, type ThumbnailReport } from '../report/json-output.ts';
import { columns, plural, printable } from '../terminal/printable.ts';
import { startProgress } from '../terminal/progress.ts';

type Item = ThumbnailReport['items'][number];

export async function thumbnail(
  input: string,
  output: string,
  options: { json?: boolean },
): Promise<ExitCode> {
  const progress = startProgress(process.stderr);
  const works = await planWork(input, output, (path) => `${path}.webp`);
  const items: Item[] = [];
  for (const work of works) {
    items.push(await renderFile(work));
    progress.update([{ name: 'rendered', done: items.length, total: works.length }]);
  }
  progress.end();
  const states = { rendered: 0, placeholder: 0, failed: 0 };
  for (const { state } of items) states[state] += 1;
  if (options.json === true) printJson({ total: items.length, states, items });
  else console.log(reportLines(items).join('\n'));
  return states.failed > 0 ? EXIT.failure : EXIT.ok;
}

async function renderFile(work: Work): Promise<Item> {
  const source = await openFile(work.input);
  try {
    const part10 = await readPart10From(source);
    const { bytes, width, height, placeholder } = await renderPreview({
      part10,
      read: (start, length) => source.read(start, length),
    });
    await writeSegments(work.output, [bytes], source);
    const state = placeholder === undefined ? 'rendered' : 'placeholder';
    return { path: work.path, state, reason: placeholder ?? null, width, height };
  } catch (error) {
    if (!isUnprocessable(error)) throw error;
    return { path: work.path, state: 'failed', reason: error.reason, width: null, height: null };
  } finally {
    await source.close();
  }
}

function reportLines(items: readonly Item[]): string[] {
  const others = items.filter(({ state }) => state !== 'rendered');
  return [
    plural(items.length, 'file'),
    ...columns(others.map(({ path, state, reason }) => [state, reason ?? '', printable(path)])),
  ];
}
