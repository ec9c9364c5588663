/** What is read and not looked at: a report as text, a document of pages in its place, a film in the browser's own player. */
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { dicomwebUrl, stillUrl } from '../api.ts';
import { make } from '../dom.ts';
import { describeImage } from '../preview.ts';
import { reportView } from '../report-view.ts';
import { endFilms, isFilm, showFilm } from './film.ts';
import { PDF } from './stack.ts';

export interface DocumentView {
  readonly element: HTMLElement;
  close(): void;
}

/** The document in the room of its pane. */
export function openDocument(series: SeriesSummary, image: number): DocumentView {
  const instance = series.instances[image] as InstanceSummary;
  const element = make('div', { class: 'document' });
  const addresses: string[] = [];
  if (instance.sopClassUid === PDF) {
    showPdf(element, series, instance, image).then(
      (address) => addresses.push(address),
      () => element.replaceChildren(problem('The document could not be loaded.')),
    );
  } else if (isFilm(instance)) {
    showFilm(element, series, instance, image).catch(() =>
      element.replaceChildren(still(series, image), problem('The film could not be loaded.')),
    );
  } else element.append(reportView(series, instance, still(series, image)));
  return {
    element,
    close() {
      for (const address of addresses) URL.revokeObjectURL(address);
      endFilms(element);
      element.remove();
    },
  };
}

function still(series: SeriesSummary, image: number): HTMLImageElement {
  const instance = series.instances[image] as InstanceSummary;
  return make('img', { src: stillUrl(series, instance), alt: describeImage(series, image), class: 'page' });
}

const problem = (text: string) => make('p', { class: 'problem', role: 'alert' }, text);

/**
 * The document's own bytes under the one media type that is not run: whatever they are, the browser reads them as PDF, in its own viewer,
 * which is another process and has no access to the page.
 */
async function showPdf(
  element: HTMLElement,
  series: SeriesSummary,
  instance: InstanceSummary,
  image: number,
): Promise<string> {
  const response = await fetch(
    `${dicomwebUrl(series)}/instances/${instance.sopInstanceUid}/bulkdata/00420011`,
    { headers: { accept: 'application/octet-stream' } },
  );
  if (!response.ok) throw new Error(`the document could not be fetched: ${response.status}`);
  const blob = new Blob([await response.arrayBuffer()], { type: 'application/pdf' });
  const address = URL.createObjectURL(blob);
  const save = make('a', { class: 'button', href: address, download: 'document.pdf' }, 'Save the document');
  const first = still(series, image);
  // Phones have no viewer within a page: they show the first page and open the whole.
  const whole = navigator.pdfViewerEnabled
    ? make('iframe', { class: 'pages', src: address, title: describeImage(series, image) })
    : first;
  element.replaceChildren(whole, save);
  return address;
}
