/** Saves the picture that is shown, as PNG or JPEG. */
import type { StudySummary } from '../../../shared/contract/study-summary.ts';
import { announce, make } from '../dom.ts';
import type { Identity } from '../identity.ts';
import type { PaneView } from './pane-view.ts';
import { asBlob, saveFile, takePicture } from './picture.ts';

export interface TakenFrom {
  readonly view: PaneView;
  readonly study: StudySummary;
  readonly identified: Identity | undefined;
}

/** A small dialog over the viewer; it goes when it is done or given up. */
export function openSmallDialog(
  over: HTMLElement,
  title: string,
  ...parts: readonly HTMLElement[]
): HTMLDialogElement {
  const cancel = make('button', { type: 'button', class: 'button' }, 'Cancel');
  const box = make(
    'dialog',
    { class: 'small', 'aria-label': title },
    make('h2', {}, title),
    ...parts,
    make('div', { class: 'buttons end' }, cancel),
  );
  cancel.addEventListener('click', () => box.close());
  box.addEventListener('close', () => box.remove());
  over.append(box);
  box.showModal();
  return box;
}

export function openSaveDialog(over: HTMLElement, { view }: TakenFrom): void {
  const { image, look, place, series, slice } = view.pane.state();
  if (image === undefined) return;
  const withMarks = make('input', { type: 'checkbox', checked: true, id: 'save-marks' });
  const box = openSmallDialog(
    over,
    'Save this picture',
    make(
      'p',
      { class: 'detail' },
      'The whole image as it is windowed and turned, at full size. The file names nobody; text within the image stays.',
    ),
    make('p', {}, withMarks, make('label', { for: 'save-marks' }, 'With measurements and annotations')),
  );
  const button = (type: 'image/png' | 'image/jpeg', label: string) => {
    const made = make('button', { type: 'button', class: 'button primary' }, label);
    made.addEventListener('click', async () => {
      const isMarked = withMarks.checked;
      const { canvas } = takePicture({
        image,
        look,
        place,
        shapes: isMarked ? view.shapes() : [],
        overlays: isMarked ? view.overlays() : undefined,
        shutters: view.shutters(),
      });
      const number = `${series.seriesNumber ?? 'x'}-${slice.image + 1}${slice.frame === undefined ? '' : `-${slice.frame}`}`;
      saveFile(await asBlob(canvas, type), `image-${number}.${type === 'image/png' ? 'png' : 'jpg'}`);
      box.close();
      announce('The picture was saved.');
    });
    return made;
  };
  box
    .querySelector('.buttons')
    ?.append(button('image/jpeg', 'Save as JPEG'), button('image/png', 'Save as PNG'));
}
