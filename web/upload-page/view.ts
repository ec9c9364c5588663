/** What the upload page shows: where to drop, how far it is, and what became of each file. */
import type { UploadSummary } from '../../shared/contract/report.ts';
import { announce, byId, make } from '../link-page/dom.ts';
import { count, fileSize } from '../link-page/format.ts';

export interface Counts {
  readonly files: number;
  readonly sentFiles: number;
  readonly bytes: number;
  readonly sentBytes: number;
  /** Bytes a second. */
  readonly rate: number;
  /** Whether folders are still being looked through. */
  readonly isCounting: boolean;
}

const STATES = {
  indexed: ['Received', 'de-identified and readable'],
  duplicate: ['Received before', 'the same bytes were there already'],
  ignored: ['Not images', 'kept aside: viewers, documents, folders of media'],
  quarantined: ['Set aside', 'a person looks at them before anyone else may'],
} as const;
const PENDING = ['On their way', 'being de-identified now'] as const;

/** The page with its parts; `onFiles` hears a drop or a choice. */
export function showPage(ports: {
  onDrop(transfer: DataTransfer): void;
  onChoose(files: readonly File[]): void;
}): void {
  const chooser = (id: string, label: string, folder: boolean, isPrimary: boolean) => {
    const input = make('input', { type: 'file', multiple: true, id, class: 'visually-hidden', tabindex: -1 });
    input.toggleAttribute('webkitdirectory', folder);
    input.addEventListener('change', () => {
      // The list empties with the input, which is emptied so that the same folder may be chosen again.
      const files = [...(input.files ?? [])];
      if (files.length > 0) ports.onChoose(files);
      input.value = '';
    });
    const button = make('button', { type: 'button', class: isPrimary ? 'button primary' : 'button' }, label);
    button.addEventListener('click', () => input.click());
    return [button, input];
  };
  const zone = make(
    'section',
    { class: 'drop', 'aria-labelledby': 'drop-title' },
    make('p', { class: 'drop-title', id: 'drop-title' }, 'Drop a folder, files or archives here'),
    make(
      'p',
      { class: 'detail' },
      'DICOM files, ZIP and TAR archives, whole CDs or images of them: everything that is in them is sent.',
    ),
    make(
      'div',
      { class: 'buttons' },
      ...chooser('choose-folder', 'Choose a folder', true, true),
      ...chooser('choose-files', 'Choose files', false, false),
    ),
  );
  listenForDrops(zone, ports.onDrop);
  byId('main').replaceChildren(
    make(
      'div',
      { class: 'upload' },
      make('h1', {}, 'Send images'),
      make(
        'p',
        { class: 'lead' },
        'Images are sent encrypted to the film room that gave you this address. Names are taken out there before anyone looks at them.',
      ),
      zone,
      make('section', { id: 'progress', class: 'panel', hidden: true, 'aria-label': 'Progress' }),
      make('section', {
        id: 'result',
        class: 'panel',
        hidden: true,
        'aria-label': 'What became of the files',
      }),
    ),
  );
}

/** The whole window takes a drop, so that one that misses does not leave the page. */
function listenForDrops(zone: HTMLElement, onDrop: (transfer: DataTransfer) => void): void {
  let depth = 0;
  const mark = () => zone.classList.toggle('over', depth > 0);
  addEventListener('dragenter', () => {
    depth += 1;
    mark();
  });
  addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    mark();
  });
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    depth = 0;
    mark();
    if (event.dataTransfer) onDrop(event.dataTransfer);
  });
}

/** Why nothing can be sent. */
export function showRefusal(title: string, text: string, state: string): void {
  byId('main').replaceChildren(
    make('section', { class: 'gate', 'data-state': state }, make('h1', {}, title), make('p', {}, text)),
  );
  announce(title);
}

/** Paints how far the upload is. */
export function showProgress(counts: Counts, trouble: string | undefined): void {
  const { files, bytes, sentBytes, isCounting } = counts;
  const percent = bytes === 0 ? 0 : Math.floor(100 * Math.min(1, sentBytes / bytes));
  const panel = byId('progress');
  panel.hidden = false;
  panel.replaceChildren(
    make(
      'div',
      { class: 'stack' },
      make('h2', {}, isCounting ? 'Looking through what was chosen, and sending' : 'Sending'),
      make('progress', { max: 100, value: percent, 'aria-label': 'Sent' }),
      files > 0 && figures(counts),
      make('p', { class: trouble === undefined ? 'detail' : 'trouble' }, trouble ?? KEEP_OPEN),
    ),
  );
  document.title = `${percent}% sent · Filmroom`;
  // Painted often, said once.
  if (trouble !== told) announce(trouble ?? 'The connection is back.');
  told = trouble;
}

const KEEP_OPEN =
  'Keep this page open. A lost connection is waited for; nothing that has arrived is sent twice.';
let told: string | undefined;

function figures({ files, sentFiles, bytes, sentBytes, rate, isCounting }: Counts): HTMLElement {
  const left = rate > 0 && !isCounting ? (bytes - sentBytes) / rate : undefined;
  return make(
    'div',
    { class: 'figures' },
    make('p', {}, `${sentFiles.toLocaleString()} of ${count(files, 'file', 'files')}`),
    make('p', {}, `${fileSize(sentBytes)} of ${fileSize(bytes)}`),
    rate > 0 && make('p', {}, `${fileSize(rate)}/s`),
    left !== undefined && make('p', { class: 'left' }, `${duration(left)} left`),
  );
}

/** Takes the progress away. */
export function hideProgress(): void {
  byId('progress').hidden = true;
}

export interface NamedItem {
  readonly path: string;
  readonly state: string;
  readonly reason: string;
}

export interface Result {
  readonly summary: UploadSummary;
  /** Files that could not be read on this computer. */
  readonly unread: readonly string[];
  /** Set aside or not images; some of them where they are many. */
  readonly items: readonly NamedItem[];
}

/** Shows the sums by state and what was set aside. */
export function showResult({ summary, unread, items }: Result): void {
  const rows = [
    ...Object.entries(STATES).map(
      ([state, words]) => [state, words, summary.states[state as keyof typeof STATES]] as const,
    ),
    ...(summary.settled ? [] : [['pending', PENDING, summary.pending] as const]),
  ];
  const title = summary.settled
    ? 'Every file is accounted for'
    : 'Everything has arrived and is being looked at';
  const panel = byId('result');
  const wasHidden = panel.hidden;
  panel.hidden = false;
  panel.dataset.settled = String(summary.settled);
  panel.replaceChildren(
    make(
      'div',
      { class: 'stack' },
      make('h2', {}, title),
      make(
        'table',
        {},
        make('caption', { class: 'visually-hidden' }, 'Files by what became of them'),
        make(
          'thead',
          { class: 'visually-hidden' },
          make('tr', {}, make('th', { scope: 'col' }, 'State'), make('th', { scope: 'col' }, 'Files')),
        ),
        make(
          'tbody',
          {},
          ...rows.map(([state, [name, meaning], files]) =>
            make(
              'tr',
              { 'data-state': state, class: files === 0 ? 'none' : undefined },
              make('th', { scope: 'row' }, name, make('span', { class: 'detail' }, meaning)),
              make('td', {}, files.toLocaleString()),
            ),
          ),
        ),
        make(
          'tfoot',
          {},
          make(
            'tr',
            {},
            make('th', { scope: 'row' }, 'In all'),
            make('td', {}, summary.total.toLocaleString()),
          ),
        ),
      ),
      summary.studies.length > 0 &&
        make('p', {}, `${count(summary.studies.length, 'study', 'studies')} received.`),
      unread.length > 0 &&
        named(
          'Could not be read on this computer, and were not sent',
          unread.map((path) => [path, '']),
        ),
      items.length > 0 &&
        named(
          'Set aside, and not images',
          items.map(({ path, reason }) => [path, reason]),
        ),
      make(
        'p',
        { class: 'detail' },
        summary.settled
          ? `Upload ${summary.upload}. You may close this page, or drop more.`
          : 'You may close this page: what has arrived is not lost. More may be dropped.',
      ),
    ),
  );
  document.title = `${summary.settled ? 'Done' : 'Arrived'} · Filmroom`;
  if (wasHidden || summary.settled) announce(title);
}

function named(title: string, rows: readonly (readonly [path: string, reason: string])[]): HTMLElement {
  return make(
    'details',
    {},
    make('summary', {}, `${title}: ${rows.length.toLocaleString()}`),
    make(
      'ul',
      { class: 'named' },
      ...rows.map(([path, reason]) =>
        make('li', {}, make('span', {}, path), reason !== '' && make('span', { class: 'detail' }, reason)),
      ),
    ),
  );
}

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (seconds < 90) return count(Math.max(1, Math.round(seconds)), 'second', 'seconds');
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return count(minutes, 'minute', 'minutes');
  return count(Math.round(minutes / 6) / 10, 'hour', 'hours');
}
