/**
 * The messages of one queue in memory: a line of visible ones, a heap of those that show later, and who waits for one.
 *
 * Nothing here scans: sending, receiving, hiding and deleting cost the same in a queue of a hundred thousand.
 */
import type { QueueDepth } from './contract.ts';
import { DueHeap } from './due-heap.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { CheckedAttributes } from './queue-attributes.ts';

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes | undefined;
  readonly sentAt: number;
  receiveCount: number;
  firstReceivedAt: number;
  /** ARN of the queue it was moved from, in a dead-letter queue. */
  readonly source: string | undefined;
  /** When a message in the heap becomes visible. */
  visibleAt: number;
  state: 'visible' | 'delayed' | 'in flight' | 'gone';
  /** Index in the heap, -1 outside. */
  place: number;
}

/** The line is cut when so many at its front have left. */
const SHORTEST_CUT = 1024;

export class Queue {
  readonly name: string;
  attributes: CheckedAttributes;
  tags: Record<string, string> = {};
  readonly createdAt: number;
  readonly messages = new Map<string, Message>();
  readonly #due = new DueHeap();
  readonly #waiters = new Set<() => void>();
  readonly #onChange: () => void;
  #line: (Message | undefined)[] = [];
  #front = 0;
  #visible = 0;
  #delayed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(name: string, attributes: CheckedAttributes, createdAt: number, onChange: () => void) {
    this.name = name;
    this.attributes = attributes;
    this.createdAt = createdAt;
    this.#onChange = onChange;
  }

  get depth(): QueueDepth {
    this.#surface();
    return {
      visible: this.#visible,
      delayed: this.#delayed,
      inFlight: this.#due.size - this.#delayed,
    };
  }

  add(message: Message): void {
    this.messages.set(message.id, message);
    if (message.visibleAt > Date.now()) this.#wait(message, 'delayed');
    else this.#show(message);
  }

  remove(message: Message): void {
    this.messages.delete(message.id);
    this.#leave(message);
    message.state = 'gone';
    this.#onChange();
  }

  /** Takes the message that has been visible longest out of the line; it must be hidden, shown or removed next. */
  take(): Message | undefined {
    this.#surface();
    while (this.#front < this.#line.length) {
      const message = this.#line[this.#front];
      this.#line[this.#front] = undefined;
      this.#front += 1;
      if (this.#front >= SHORTEST_CUT && this.#front * 2 > this.#line.length) {
        this.#line = this.#line.slice(this.#front);
        this.#front = 0;
      }
      if (message?.state === 'visible') return message;
    }
    return undefined;
  }

  /** A received message stays out of sight until then. */
  hide(message: Message, until: number): void {
    this.#leave(message);
    message.visibleAt = until;
    this.#wait(message, 'in flight');
  }

  /** Puts a message in sight, at the end of the line. */
  show(message: Message): void {
    this.#leave(message);
    this.#show(message);
  }

  clear(): void {
    for (const message of this.messages.values()) message.state = 'gone';
    this.messages.clear();
    this.#due.clear();
    this.#line = [];
    [this.#front, this.#visible, this.#delayed] = [0, 0, 0];
    clearTimeout(this.#timer);
    this.#onChange();
  }

  /** Resolves when a message is visible or the signal aborts. */
  waitForVisible(signal?: AbortSignal): Promise<void> {
    this.#surface();
    if (this.#visible > 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#waiters.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#waiters.add(done);
      signal?.addEventListener('abort', done);
    });
  }

  /** No timer fires any more and nobody waits. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const waiter of [...this.#waiters]) waiter();
  }

  /** What is due comes in sight, whether or not the timer has fired yet. */
  #surface(): void {
    const now = Date.now();
    for (let next = this.#due.next; next && next.visibleAt <= now; next = this.#due.next) this.show(next);
  }

  #show(message: Message): void {
    message.state = 'visible';
    message.visibleAt = 0;
    this.#line.push(message);
    this.#visible += 1;
    for (const waiter of [...this.#waiters]) waiter();
    this.#onChange();
  }

  #wait(message: Message, state: 'delayed' | 'in flight'): void {
    message.state = state;
    this.#due.add(message);
    if (state === 'delayed') this.#delayed += 1;
    if (this.#due.next === message) this.#setTimer();
    this.#onChange();
  }

  #leave(message: Message): void {
    if (message.state === 'visible') this.#visible -= 1;
    if (message.state === 'delayed') this.#delayed -= 1;
    this.#due.remove(message);
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const next = this.#due.next;
    if (!next) return;
    this.#timer = setTimeout(
      () => {
        this.#surface();
        this.#setTimer();
      },
      Math.max(1, next.visibleAt - Date.now()),
    ).unref();
  }
}
