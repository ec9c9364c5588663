/**
 * All queues and their journal: the state is what the records make of nothing, applied in order.
 *
 * Recorded are sends, receipts (for their count), deletions and moves. Hidden messages are not recorded as hidden: after a
 * restart no receiver of theirs is alive, so they show at once, with their receive count.
 */
import { Journal, type JournalState } from '../journal/journal.ts';
import type { MessageAttributes } from './message-attributes.ts';
import { type Message, Queue } from './queue.ts';
import { checkQueueAttributes } from './queue-attributes.ts';
import { noSuchQueue } from './sqs-error.ts';

interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly at: number;
  /** Set when it was sent with a delay. */
  readonly visibleAt?: number;
  readonly count?: number;
  readonly first?: number;
  readonly source?: string;
}

type QueueRecord =
  | {
      readonly t: 'queue';
      readonly name: string;
      readonly attributes: Readonly<Record<string, string>>;
      readonly tags?: Readonly<Record<string, string>>;
      readonly at: number;
    }
  | { readonly t: 'unqueue'; readonly name: string }
  | { readonly t: 'send'; readonly queue: string; readonly message: StoredMessage }
  | { readonly t: 'receive'; readonly queue: string; readonly ids: readonly string[]; readonly at: number }
  | { readonly t: 'delete'; readonly queue: string; readonly ids: readonly string[] }
  | { readonly t: 'purge'; readonly queue: string }
  /** One record, so that no death leaves the message in neither queue. */
  | {
      readonly t: 'move';
      readonly queue: string;
      readonly to: string;
      readonly messages: readonly StoredMessage[];
    };

export class QueueStore implements JournalState<QueueRecord> {
  readonly queues = new Map<string, Queue>();
  readonly #journal: Journal<QueueRecord>;
  readonly #listeners = new Set<() => void>();
  #noticing = false;

  constructor(path: string) {
    this.#journal = new Journal(path, this);
  }

  queue(name: string): Queue {
    const queue = this.queues.get(name);
    if (!queue) throw noSuchQueue();
    return queue;
  }

  configure(
    name: string,
    attributes: Readonly<Record<string, string>>,
    tags: Readonly<Record<string, string>> = this.queues.get(name)?.tags ?? {},
  ): Queue {
    const { raw } = checkQueueAttributes(attributes, (other) => this.queues.has(other));
    const known = this.queues.get(name);
    const same = known && sameTexts(known.attributes.raw, raw) && sameTexts(known.tags, tags);
    if (!same) this.#journal.append({ t: 'queue', name, attributes: raw, tags, at: Date.now() });
    return this.queue(name);
  }

  removeQueue(name: string): void {
    this.#journal.append({ t: 'unqueue', name: this.queue(name).name });
  }

  send(queue: Queue, messages: readonly StoredMessage[]): void {
    this.#journal.append(...messages.map((message) => ({ t: 'send' as const, queue: queue.name, message })));
  }

  /** Counts a receipt of each. */
  received(queue: Queue, messages: readonly Message[]): void {
    if (messages.length === 0) return;
    const ids = messages.map(({ id }) => id);
    this.#journal.append({ t: 'receive', queue: queue.name, ids, at: Date.now() });
  }

  remove(queue: Queue, messages: readonly Message[]): void {
    if (messages.length === 0) return;
    this.#journal.append({ t: 'delete', queue: queue.name, ids: messages.map(({ id }) => id) });
  }

  /** Takes messages from one queue to another in one step; a redriven one starts as if new. */
  move(
    from: Queue,
    to: Queue,
    messages: readonly Message[],
    change: Pick<StoredMessage, 'source'> | 'renew',
  ): void {
    if (messages.length === 0) return;
    const now = Date.now();
    const stored = messages.map((message) =>
      change === 'renew' ? { ...contentOf(message), at: now } : { ...storedOf(message), ...change },
    );
    this.#journal.append({ t: 'move', queue: from.name, to: to.name, messages: stored });
  }

  purge(queue: Queue): void {
    this.#journal.append({ t: 'purge', queue: queue.name });
  }

  /** Called once at the next change of any queue. */
  onceChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    for (const queue of this.queues.values()) queue.close();
    this.#journal.close();
  }

  apply(record: QueueRecord): void {
    if (record.t === 'queue') {
      this.#applyQueue(record);
      return;
    }
    if (record.t === 'unqueue') {
      this.queues.get(record.name)?.close();
      this.queues.delete(record.name);
      this.#changed();
      return;
    }
    const queue = this.queues.get(record.queue);
    if (!queue) return;
    if (record.t === 'send') queue.add(messageOf(record.message));
    else if (record.t === 'purge') queue.clear();
    else if (record.t === 'delete') removeAll(queue, record.ids);
    else if (record.t === 'receive') countReceipts(queue, record.ids, record.at);
    else {
      removeAll(
        queue,
        record.messages.map(({ id }) => id),
      );
      for (const message of record.messages) this.queues.get(record.to)?.add(messageOf(message));
    }
  }

  *snapshot(): Iterable<QueueRecord> {
    const queues = [...this.queues.values()];
    for (const { name, attributes, tags, createdAt } of queues)
      yield { t: 'queue', name, attributes: attributes.raw, tags, at: createdAt };
    for (const queue of queues)
      for (const message of queue.messages.values())
        yield { t: 'send', queue: queue.name, message: storedOf(message) };
  }

  liveRecords(): number {
    let live = this.queues.size;
    for (const queue of this.queues.values()) live += queue.messages.size;
    return live;
  }

  #applyQueue({ name, attributes, tags, at }: QueueRecord & { t: 'queue' }): void {
    const checked = checkQueueAttributes(attributes, () => true);
    const queue = this.queues.get(name) ?? new Queue(name, checked, at, () => this.#changed());
    queue.attributes = checked;
    queue.tags = { ...tags };
    this.queues.set(name, queue);
    this.#changed();
  }

  #changed(): void {
    if (this.#noticing || this.#listeners.size === 0) return;
    this.#noticing = true;
    queueMicrotask(() => {
      this.#noticing = false;
      const listeners = [...this.#listeners];
      this.#listeners.clear();
      for (const listener of listeners) listener();
    });
  }
}

function removeAll(queue: Queue, ids: readonly string[]): void {
  for (const id of ids) {
    const message = queue.messages.get(id);
    if (message) queue.remove(message);
  }
}

function countReceipts(queue: Queue, ids: readonly string[], at: number): void {
  for (const id of ids) {
    const message = queue.messages.get(id);
    if (!message) continue;
    message.receiveCount += 1;
    message.firstReceivedAt ||= at;
  }
}

function messageOf(stored: StoredMessage): Message {
  return {
    id: stored.id,
    body: stored.body,
    attributes: stored.attributes,
    sentAt: stored.at,
    receiveCount: stored.count ?? 0,
    firstReceivedAt: stored.first ?? 0,
    source: stored.source,
    visibleAt: stored.visibleAt ?? 0,
    state: 'gone',
    place: -1,
  };
}

function contentOf({ id, body, attributes }: Message): Omit<StoredMessage, 'at'> {
  return { id, body, ...(attributes ? { attributes } : {}) };
}

function storedOf(message: Message): StoredMessage {
  return {
    ...contentOf(message),
    at: message.sentAt,
    ...(message.state === 'delayed' ? { visibleAt: message.visibleAt } : {}),
    ...(message.receiveCount > 0 ? { count: message.receiveCount, first: message.firstReceivedAt } : {}),
    ...(message.source === undefined ? {} : { source: message.source }),
  };
}

function sameTexts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
