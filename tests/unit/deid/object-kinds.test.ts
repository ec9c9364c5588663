import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { OBJECT_KINDS, objectRuleOf, sopClassOf } from '../../../shared/deid/object-kinds.ts';
import { bytes, instance, output, refusalOf, sequence, testProfile, text } from './instances.ts';

const TABLE = fileURLToPath(new URL('../../../../shared/standard/ps3.4-sop-classes.json', import.meta.url));
const hasTable = existsSync(TABLE);
const picture = [text(0x00280004, 'CS', 'MONOCHROME2'), bytes(0x7fe00010, 'OW', new Uint8Array(8))];
const classes = OBJECT_KINDS.flatMap((kind) =>
  kind.classes.map((entry) => ({ sopClass: sopClassOf(entry), rule: kind.rule, name: kind.name })),
);

describe('the kinds of objects', () => {
  it.skipIf(!hasTable)(
    `are of each storage SOP class of PS3.4 exactly one${hasTable ? '' : ' (skipped: ../shared/standard is absent)'}`,
    () => {
      const listed = JSON.parse(readFileSync(TABLE, 'utf8')) as { id: string }[];
      const ours = classes.map(({ sopClass }) => sopClass);
      expect([...ours].sort()).toEqual([...new Set(listed.map(({ id }) => id))].sort());
    },
  );

  it.each([
    ['a retired class of the standard', '1.2.840.10008.5.1.4.1.1.6', 'clean-text'],
    ['a document that a later edition may add', '1.2.840.10008.5.1.4.1.1.104.99', 'quarantine'],
    ['a class of a maker', '1.3.12.2.1107.5.9.1', undefined],
  ])('have a rule for %s too', (_, sopClass, rule) => {
    expect(objectRuleOf(sopClass)).toBe(rule);
  });
});

describe.each(classes)('$sopClass, of $name', ({ sopClass, rule }) => {
  const name = text(0x00100010, 'PN', 'Rosendahl^Mia');
  const release = (...elements: Parameters<typeof instance>[0][number][]) =>
    output(instance([name, ...elements], sopClass), testProfile()).part10.dataSet;

  if (rule === 'clean') {
    it('is released with its picture', () => {
      expect(release(...picture).text(0x00100010)).toMatch(/^P[A-Z2-7]+$/);
    });
  } else if (rule === 'clean-text') {
    it('is held back for its picture', () => {
      expect(refusalOf(() => release(...picture)).reason).toBe('burned-in-annotation');
    });
  } else if (rule === 'clean-content') {
    it('is released without its texts and names', () => {
      const report = sequence(0x0040a730, [
        text(0x0040a040, 'CS', 'TEXT'),
        text(0x0040a160, 'UT', 'Seen by Dr Evans'),
      ]);
      const note = sequence(0x0040b020, [text(0x00700006, 'ST', 'Patient of Dr Evans')]);
      const dataSet = release(report, note);
      expect(dataSet.text(0x00100010)).toMatch(/^P[A-Z2-7]+$/);
      expect(dataSet.sequence(0x0040a730)[0]?.text(0x0040a160)).toBe('REMOVED');
      expect(dataSet.has(0x0040b020)).toBe(false);
    });
  } else if (rule === 'quarantine') {
    it('is quarantined', () => {
      expect(refusalOf(() => release()).reason).toBe('unsafe-content');
    });
  } else {
    it('is no instance', () => {
      const meta = { mediaStorageSopClassUid: sopClass };
      const object = instance([], '1.2.840.10008.5.1.4.1.1.2', meta);
      expect(refusalOf(() => output(object)).reason).toBe('media-directory');
    });
  }
});
