/**
 * The order of keys against the plain way to have it: sort all by their bytes each time.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyOrder } from '../../../local/s3/key-order.ts';

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const key = fc.oneof(
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }) },
  { weight: 4, arbitrary: fc.constantFrom('a', 'a/', 'a/b', '｡', '😀', '\ue000', '\ud7ff') },
);

describe('the order of keys', () => {
  it('is that of their bytes, whatever was added, removed and asked for in between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, fc.constantFrom('add', 'add', 'remove', 'list')), {
          maxLength: 60,
          size: 'max',
        }),
        (steps) => {
          const order = new KeyOrder();
          const present = new Set<string>();
          for (const [name, step] of steps) {
            if (step === 'add' && !present.has(name)) {
              present.add(name);
              order.add(name);
            } else if (step === 'remove' && present.delete(name)) {
              order.removed();
            } else if (step === 'list') {
              order.keys((one) => present.has(one));
            }
          }
          const keys = order.keys((one) => present.has(one)).filter((one) => present.has(one));
          expect(keys).toEqual([...present].sort(byBytes));
          for (const [name] of steps) {
            const all = order.keys(() => true);
            expect(order.indexOf(name)).toBe(all.filter((one) => byBytes(one, name) < 0).length);
          }
        },
      ),
    );
  });

  it('forgets keys when most of them were removed', () => {
    const order = new KeyOrder();
    for (let at = 0; at < 3000; at++) order.add(`k${at}`);
    order.keys(() => true);
    for (let at = 0; at < 2000; at++) order.removed();
    expect(order.keys((one) => one === 'k7')).toEqual(['k7']);
  });
});
