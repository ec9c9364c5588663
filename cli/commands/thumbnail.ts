/** `filmroom thumbnail`: the preview of each file, as the pipeline would render it. */
import { readPart10From, tagOf } from '../../shared/dicom/index.ts';
import { isUnprocessable } from '../../shared/errors.ts';
import { type PreviewOptions, renderPreview } from '../../shared/pixels/preview.ts';
import {
  type PresentationState,
  readPresentationState,
} from '../../shared/pixels/render/presentation/presentation-state.ts';
import type { WindowChoice } from '../../shared/pixels/render/view.ts';
import { EXIT, type ExitCode, Failure } from '../failure.ts';
import { openFile } from '../offline/file-source.ts';
import { planWork, type Work } from '../offline/in-and-out.ts';
import { writeSegments } from '../offline/write-file.ts';
import { printJson, type ThumbnailReport } from '../report/json-output.ts';
import { columns, plural, printable } from '../terminal/printable.ts';
import { startProgress } from '../terminal/progress.ts';

type Item = ThumbnailReport['items'][number];

export interface ThumbnailOptions {
  readonly json?: boolean;
  /** Longest side in pixels. */
  readonly size?: number;
  /** A frame by its number from 1; objects with fewer frames show their last. */
  readonly frame?: number;
  /** Center and width, or the name of one of the object's own windows. */
  readonly window?: string;
  readonly overlays?: boolean;
  readonly inverted?: boolean;
  /** A file that holds a softcopy presentation state. */
  readonly presentation?: string;
}

export async function thumbnail(input: string, output: string, options: ThumbnailOptions): Promise<ExitCode> {
  const view = await previewOptions(options);
  const progress = startProgress(process.stderr);
  const works = await planWork(input, output, (path) => `${path}.webp`);
  const items: Item[] = [];
  for (const work of works) {
    items.push(await renderFile(work, view));
    progress.update([{ name: 'rendered', done: items.length, total: works.length }]);
  }
  progress.end();
  const states = { rendered: 0, placeholder: 0, failed: 0 };
  for (const { state } of items) states[state] += 1;
  if (options.json === true) printJson({ total: items.length, states, items });
  else console.log(reportLines(items).join('\n'));
  return states.failed > 0 ? EXIT.failure : EXIT.ok;
}

async function previewOptions(options: ThumbnailOptions): Promise<PreviewOptions> {
  const { size, frame, window, overlays, inverted, presentation } = options;
  return {
    animated: frame === undefined,
    ...(size === undefined ? {} : { size }),
    ...(frame === undefined ? {} : { frame: frame - 1 }),
    ...(window === undefined ? {} : { window: parseWindow(window) }),
    ...(overlays === undefined ? {} : { overlays }),
    ...(inverted === undefined ? {} : { inverted }),
    ...(presentation === undefined ? {} : { presentation: await readPresentation(presentation) }),
  };
}

/** `40,400` is a center and a width; anything else the explanation of a window that the object brings. */
export function parseWindow(text: string): WindowChoice {
  const numbers = text.split(',').map(Number);
  const [center, width] = numbers;
  if (numbers.length !== 2 || numbers.some(Number.isNaN)) return { explanation: text };
  if (!((width as number) > 0)) throw new Failure('a window needs a width above 0');
  return { center: center as number, width: width as number };
}

async function readPresentation(path: string): Promise<PresentationState> {
  const source = await openFile(path);
  try {
    const state = readPresentationState((await readPart10From(source)).dataSet);
    if (state === undefined)
      throw new Failure('not a grey, colour or pseudo-colour softcopy presentation state');
    return state;
  } finally {
    await source.close();
  }
}

async function renderFile(work: Work, view: PreviewOptions): Promise<Item> {
  const source = await openFile(work.input);
  try {
    const part10 = await readPart10From(source);
    const { bytes, width, height, placeholder } = await renderPreview(
      { part10, read: (start, length) => source.read(start, length) },
      inRange(view, part10.dataSet.number(NUMBER_OF_FRAMES)),
    );
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

const NUMBER_OF_FRAMES = tagOf('NumberOfFrames');

/** The options with a frame that the object has. */
function inRange(view: PreviewOptions, frames = 1): PreviewOptions {
  return view.frame === undefined ? view : { ...view, frame: Math.min(view.frame, Math.max(1, frames) - 1) };
}

function reportLines(items: readonly Item[]): string[] {
  const others = items.filter(({ state }) => state !== 'rendered');
  return [
    plural(items.length, 'file'),
    ...columns(others.map(({ path, state, reason }) => [state, reason ?? '', printable(path)])),
  ];
}
