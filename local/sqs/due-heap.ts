/**
 * Messages that become visible later, the next one first. Each knows its place, so one that is deleted leaves at once.
 */
import type { Message } from './queue.ts';

export class DueHeap {
  readonly #heap: Message[] = [];

  get size(): number {
    return this.#heap.length;
  }

  get next(): Message | undefined {
    return this.#heap[0];
  }

  add(message: Message): void {
    this.#heap.push(message);
    this.#rise(message, this.#heap.length - 1);
  }

  remove(message: Message): void {
    const at = message.place;
    if (at < 0) return;
    message.place = -1;
    const last = this.#heap.pop()!;
    if (last === message) return;
    this.#rise(last, at);
    this.#sink(last, last.place);
  }

  clear(): void {
    for (const message of this.#heap) message.place = -1;
    this.#heap.length = 0;
  }

  #rise(message: Message, from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#heap[above]!;
      if (parent.visibleAt <= message.visibleAt) break;
      this.#set(parent, at);
      at = above;
    }
    this.#set(message, at);
  }

  #sink(message: Message, from: number): void {
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.#heap.length) break;
      const right = below + 1;
      if (right < this.#heap.length && this.#heap[right]!.visibleAt < this.#heap[below]!.visibleAt)
        below = right;
      const child = this.#heap[below]!;
      if (child.visibleAt >= message.visibleAt) break;
      this.#set(child, at);
      at = below;
    }
    this.#set(message, at);
  }

  #set(message: Message, at: number): void {
    this.#heap[at] = message;
    message.place = at;
  }
}
