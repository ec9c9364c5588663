/**
 * The keys of a bucket in the order S3 lists them: that of their UTF-8 bytes.
 *
 * Writing must not sort and listing must not sort all: new keys are gathered and merged into the order when it is next
 * asked for. Removed keys stay until then; whoever walks the order skips those that the bucket no longer has.
 */

/** UTF-16 order differs from UTF-8 order only where surrogates stand, so only such keys are compared the slow way. */
const ABOVE_SURROGATES = /[\ud800-\uffff]/;

export class KeyOrder {
  #sorted: string[] = [];
  #fresh: string[] = [];
  #stale = 0;
  #plain = true;

  add(key: string): void {
    this.#fresh.push(key);
    if (this.#plain && ABOVE_SURROGATES.test(key)) this.#plain = false;
  }

  removed(): void {
    this.#stale += 1;
  }

  /** All keys in order, possibly with some that were removed. */
  keys(has: (key: string) => boolean): readonly string[] {
    if (this.#fresh.length > 0) this.#merge();
    if (this.#stale > 1000 && this.#stale > this.#sorted.length / 2) {
      this.#sorted = this.#sorted.filter(has);
      this.#stale = 0;
    }
    return this.#sorted;
  }

  compare(a: string, b: string): number {
    if (!this.#plain && ABOVE_SURROGATES.test(a) && ABOVE_SURROGATES.test(b))
      return Buffer.compare(Buffer.from(a), Buffer.from(b));
    return a < b ? -1 : a > b ? 1 : 0;
  }

  /** Index of the first key that is not before `key`. */
  indexOf(key: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(this.#sorted[middle]!, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #merge(): void {
    const fresh = this.#plain ? this.#fresh.sort() : this.#fresh.sort((a, b) => this.compare(a, b));
    const old = this.#sorted;
    const merged: string[] = [];
    for (let [i, j] = [0, 0]; i < old.length || j < fresh.length; ) {
      const fromOld = j >= fresh.length || (i < old.length && this.compare(old[i]!, fresh[j]!) <= 0);
      const key = fromOld ? old[i++]! : fresh[j++]!;
      if (key !== merged.at(-1)) merged.push(key);
    }
    this.#sorted = merged;
    this.#fresh = [];
  }
}
