/** Which files are still to be sent, by what the journal says of those that were. */
import type { LocalFile } from '../ingest/list-files.ts';
import type { FileMark, Journal } from './journal.ts';

export interface Plan {
  readonly toSend: LocalFile[];
  /** Files of this upload that have arrived. */
  readonly arrived: LocalFile[];
  /** Files that an earlier upload holds, as they are now. */
  readonly sentBefore: LocalFile[];
  /** Files that changed after they had arrived; they are sent anew under another path, since what stands is never replaced. */
  readonly changed: LocalFile[];
}

/** The plan of going on with the upload that is open in the journal. */
export function planFiles(files: readonly LocalFile[], journal: Journal): Plan {
  const plan: Plan = { toSend: [], arrived: [], sentBefore: [], changed: [] };
  const taken = new Set([...files.map(({ path }) => path), ...journal.sent.keys()]);
  for (const file of files) {
    if (holds(journal.sent, file)) plan.arrived.push(file);
    else if (journal.sent.has(file.path)) sendAnew(file, plan, journal, taken);
    else plan[holds(journal.sentBefore, file) ? 'sentBefore' : 'toSend'].push(file);
  }
  return plan;
}

/** The plan of a new upload after one that is closed: what neither it nor one before holds. */
export function planNext(files: readonly LocalFile[], journal: Journal): LocalFile[] {
  return files.filter((file) => !holds(journal.sent, file) && !holds(journal.sentBefore, file));
}

/** The path of a file that was sent anew after it had changed for the first time, the second time and so on. */
function* pathsAnew(path: string): Generator<string> {
  for (let count = 2; ; count++) yield `${path}~${count}`;
}

/** Whether the file was sent as it is now, under its path or anew. */
function holds(sent: ReadonlyMap<string, FileMark>, file: LocalFile): boolean {
  let mark = sent.get(file.path);
  for (const path of pathsAnew(file.path)) {
    if (mark === undefined || isSame(mark, file)) return mark !== undefined;
    mark = sent.get(path);
  }
  return false;
}

function sendAnew(file: LocalFile, plan: Plan, journal: Journal, taken: Set<string>): void {
  for (const path of pathsAnew(file.path)) {
    // Of another file's own path, which only looks like one.
    if (journal.sent.has(path) || (taken.has(path) && !journal.begun.has(path))) continue;
    taken.add(path);
    plan.changed.push(file);
    plan.toSend.push({ ...file, path });
    return;
  }
}

function isSame(mark: FileMark, file: LocalFile): boolean {
  return mark.size === file.size && mark.modifiedAt === file.modifiedAt;
}
