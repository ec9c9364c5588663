/** The print sheet: which images, on what paper, how many on a page. The sheet itself is made by a part that is fetched then. */
import type { SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { reportPrinted, stillUrl } from '../api.ts';
import { announce, make } from '../dom.ts';
import { keyPosition } from '../preview.ts';
import type { PrintedImage, PrintSheet } from '../print/make-print-sheet.ts';
import { FITTED } from './geometry.ts';
import { imageId, loadImage, sliceOf } from './images.ts';
import type { Marks } from './marks.ts';
import { describeMark, MARK_NAMES } from './measure.ts';
import { asBlob, captionOf, saveFile, type Taken, takePicture } from './picture.ts';
import { openSmallDialog, type TakenFrom } from './save-dialog.ts';
import { shapesOf } from './shapes.ts';
import { shutterOf } from './shutter.ts';
import { firstSlice, hasPicture, type Slice } from './stack.ts';
import { PLAIN } from './windowing.ts';

interface PrintFrom extends TakenFrom {
  readonly marks: Marks;
}

interface Choice {
  readonly series: SeriesSummary;
  readonly slice: Slice;
  readonly isChosen: boolean;
}

/** What is shown and what was measured is chosen; the key image of each series can be. */
function choicesOf({ view, marks, study }: PrintFrom): Choice[] {
  const { series, slice } = view.pane.state();
  const choices = new Map<string, Choice>();
  const offer = (of: SeriesSummary, at: Slice, isChosen: boolean) => {
    const id = imageId(of, at);
    const instance = of.instances[at.image];
    if (instance !== undefined && hasPicture(instance) && !choices.has(id))
      choices.set(id, { series: of, slice: at, isChosen });
  };
  offer(series, slice, true);
  for (const key of marks.keys()) {
    const found = sliceOf(key);
    if (found !== undefined) offer(found.series, found.slice, true);
  }
  for (const one of study.series) offer(one, firstSlice(one, keyPosition(one)), false);
  return [...choices.values()];
}

export function openPrintDialog(over: HTMLElement, from: PrintFrom): void {
  const choices = choicesOf(from);
  const boxes = choices.map(({ isChosen }, index) =>
    make('input', { type: 'checkbox', checked: isChosen, id: `print-${index}` }),
  );
  const list = make(
    'ul',
    { class: 'print-choices', role: 'list' },
    ...choices.map(({ series, slice }, index) => {
      const instance = series.instances[slice.image];
      return make(
        'li',
        {},
        boxes[index] ?? null,
        make(
          'label',
          { for: `print-${index}` },
          instance === undefined ? null : make('img', { src: stillUrl(series, instance), alt: '' }),
          captionOf(series, slice),
        ),
      );
    }),
  );
  const select = (label: string, values: readonly string[], chosen: string) => {
    const made = make(
      'select',
      { class: 'button', 'aria-label': label },
      ...values.map((value) => make('option', { value }, value)),
    );
    made.value = chosen;
    return made;
  };
  const paper = select('Paper', ['A4', 'Letter'], usesLetter() ? 'Letter' : 'A4');
  const perPage = select('Images on a page', ['1', '2', '4', '6', '9'], '2');
  const problem = make(
    'p',
    { class: 'error', role: 'alert', hidden: true },
    'The sheet could not be made. Please try again.',
  );
  const print = make('button', { type: 'button', class: 'button primary' }, 'Make the PDF');
  const box = openSmallDialog(
    over,
    'Print sheet',
    list,
    make(
      'p',
      { class: 'choices' },
      make('span', {}, 'Paper ', paper),
      make('span', {}, 'Images on a page ', perPage),
    ),
    problem,
  );
  print.addEventListener('click', async () => {
    const chosen = choices.filter((_, index) => boxes[index]?.checked === true);
    if (chosen.length === 0) return;
    print.disabled = true;
    print.textContent = 'Making the PDF…';
    try {
      const { makePrintSheet, PRINT_SHEET_NAME } = await import('../print/make-print-sheet.ts');
      const images: PrintedImage[] = [];
      for (const choice of chosen) images.push(await printed(choice, from));
      const bytes = await makePrintSheet({
        facts: from.study,
        images,
        paper: paper.value as PrintSheet['paper'],
        perPage: Number(perPage.value) as PrintSheet['perPage'],
        identified: from.identified,
      });
      // Who may see it is on record before it leaves the page.
      const pages = Math.ceil(chosen.length / Number(perPage.value));
      await reportPrinted(
        chosen.map(({ series }) => series),
        pages,
      );
      saveFile(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/pdf' }), PRINT_SHEET_NAME);
      box.close();
      announce('The print sheet was saved.');
    } catch {
      problem.hidden = false;
      print.disabled = false;
      print.textContent = 'Make the PDF';
    }
  });
  box.querySelector('.buttons')?.append(print);
}

/** Where paper is counted in inches. */
const usesLetter = () => /^en-(US|CA)|^es-(MX|US)|^fr-CA/.test(navigator.language);

/** The image that is shown is printed as it is shown; others by their own window. */
async function printed({ series, slice }: Choice, { view, marks }: PrintFrom): Promise<PrintedImage> {
  const state = view.pane.state();
  const id = imageId(series, slice);
  const isShown = id === view.key() && state.image !== undefined;
  const image = isShown && state.image !== undefined ? state.image : await loadImage(id);
  const made = marks.of(id).map((mark) => ({ mark, says: describeMark(mark, image.facts, image.grey) }));
  const taken: Taken = isShown
    ? {
        image,
        look: state.look,
        place: state.place,
        shapes: view.shapes(),
        overlays: view.overlays(),
        shutters: view.shutters(),
      }
    : {
        image,
        look: { window: image.window ?? { ...PLAIN, function: 'LINEAR' }, isInverted: false },
        place: FITTED,
        shapes: made.flatMap(({ mark, says }) => shapesOf(mark, says, 'measure')),
        overlays: undefined,
        shutters: [image.dataSet && shutterOf(image.dataSet)].flatMap((one) => one ?? []),
      };
  const { canvas, millimetresPerPixel, approximate } = takePicture(taken, true);
  const blob = await asBlob(canvas, image.grey === undefined ? 'image/jpeg' : 'image/png');
  return {
    bytes: new Uint8Array(await blob.arrayBuffer()),
    width: canvas.width,
    height: canvas.height,
    millimetresPerPixel,
    approximate,
    caption: captionOf(series, slice),
    measurements: made.map(({ mark, says }) => `${MARK_NAMES[mark.kind]}: ${says.join(', ')}`),
  };
}
