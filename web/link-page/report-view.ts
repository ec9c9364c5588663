/** A structured report as text to be read, selected and searched, in the place of the picture of its first page. */
import type { ReportText } from '../../shared/contract/api.ts';
import type { InstanceSummary, SeriesSummary } from '../../shared/contract/study-summary.ts';
import { fetchReport } from './api.ts';
import { make } from './dom.ts';

/** Storage of structured reports and key object selections. */
const REPORTS = '1.2.840.10008.5.1.4.1.1.88.';

/** The picture, which gives way to the text of a report once that has come. */
export function reportView(
  series: SeriesSummary,
  instance: InstanceSummary,
  picture: HTMLElement,
): HTMLElement {
  if (instance.sopClassUid.startsWith(REPORTS)) {
    fetchReport(series, instance)
      .then((report) => {
        if (report !== undefined) picture.replaceWith(textOf(report));
      })
      // The picture stays: it shows the beginning of the report.
      .catch(() => undefined);
  }
  return picture;
}

/** Keys that scroll the text, and so do not go on to the next image. */
const SCROLLS = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End']);

function textOf({ lines }: ReportText): HTMLElement {
  const text = make(
    'article',
    { class: 'report', tabindex: 0, 'aria-label': 'Report' },
    ...lines.map(({ depth, name, value }) => {
      if (depth === 0) return make('h2', {}, value ?? name ?? '');
      const level = `depth-${Math.min(depth, 5)}`;
      if (value === undefined) return make('p', { class: `${level} heading-line` }, name ?? '');
      const term = name === undefined ? null : make('span', { class: 'term' }, `${name}: `);
      return make('p', { class: level }, term, value);
    }),
  );
  text.addEventListener('wheel', (event) => event.stopPropagation(), { passive: true });
  text.addEventListener('keydown', (event) => {
    if (SCROLLS.has(event.key)) event.stopPropagation();
  });
  return text;
}
