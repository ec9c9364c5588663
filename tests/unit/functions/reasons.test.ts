import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { itemOfObject, type Parsed, parseObjects } from '../../../functions/parse/parse-objects.ts';
import { objectReader } from '../../../functions/parse/read-first.ts';
import { ledgerQuarantine } from '../../../shared/aws/quarantine.ts';
import { basicProfile } from '../../../shared/deid/index.ts';
import { type NewElement, tagOf } from '../../../shared/dicom/index.ts';
import { REASONS, type Reason } from '../../../shared/errors.ts';
import { createdObjects } from '../../../shared/runtime/message-body.ts';
import { queueBatchStep } from '../../../shared/runtime/queue-step.ts';
import { deidentifyOver, pseudonyms } from '../../helpers/deidentify.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { failures, lambdaContext, notification, sqsEvent } from '../../helpers/lambda.ts';
import { memoryLedger } from '../../helpers/memory-ledger.ts';
import { memoryStore } from '../../helpers/memory-store.ts';
import { recorder } from '../../helpers/recorder.ts';
import { unpackOver } from '../../helpers/unpack.ts';
import { makeZip } from '../../helpers/zip.ts';

type Step = (bytes: Uint8Array) => Promise<unknown>;

const parse: Step = async (bytes) => {
  const vault = memoryStore('vault');
  const ledger = memoryLedger();
  const written = await vault.put('uploads/x', bytes);
  const object = {
    bucket: 'vault',
    key: 'uploads/x',
    versionId: written.written ? written.versionId : '',
    size: bytes.length,
    createdAt: '',
  };
  const handler = queueBatchStep({
    schema: createdObjects,
    itemOf: itemOfObject,
    runBatch: (objects) => parseObjects(objects, { ...objectReader(vault), arrive: ledger.arrive }),
    ...recorder<Parsed>().ports,
    quarantine: ledgerQuarantine(ledger),
  });
  expect(failures(await handler(sqsEvent([notification(object)]), lambdaContext))).toEqual([]);
  return ledger.ends.get(itemOfObject(object).item)?.end;
};

const unpack =
  (options: Parameters<typeof unpackOver>[1] = {}): Step =>
  async (zip) => {
    const { unpack: run, ledger, item } = unpackOver(zip, options);
    expect(failures(await run())).toEqual([]);
    return ledger.ends.get(item.item)?.end;
  };

const deidentify: Step = async (bytes) => {
  const { arrive, handle, ledger } = deidentifyOver();
  const message = await arrive(bytes);
  expect(failures(await handle(message))).toEqual([]);
  return ledger.ends.get(message.item.item)?.end;
};

const faulty: Step = async (bytes) => {
  const forgetful = { ...pseudonyms, patientName: () => 'Doe^Jane' };
  const { arrive, handle, ledger } = deidentifyOver({
    ports: { profile: async () => basicProfile({ pseudonyms: forgetful }) },
  });
  const message = await arrive(bytes);
  await handle(message);
  return ledger.ends.get(message.item.item)?.end;
};

const conflict: Step = async (bytes) => {
  const { arrive, handle, ledger } = deidentifyOver();
  await handle(await arrive(makeInstance()));
  const message = await arrive(bytes);
  await handle(message);
  return ledger.ends.get(message.item.item)?.end;
};

const element = (tag: number, vr: NewElement['vr'], value: NewElement['value'] | string): NewElement => ({
  tag,
  vr,
  value: typeof value === 'string' ? Buffer.from(value.length % 2 ? `${value} ` : value) : value,
});
const whole = makeInstance();
/** The same instance with the bytes of one text replaced by others of the same length. */
function patched(from: string, to: string): Uint8Array {
  const bytes = Buffer.from(whole);
  bytes.write(to, bytes.indexOf(from), 'latin1');
  return bytes;
}
function deepSequence(levels: number): NewElement {
  let items: readonly (readonly NewElement[])[] = [];
  for (let level = 0; level < levels; level++)
    items = [[{ tag: tagOf('ContentSequence'), vr: 'SQ', value: items }]];
  return { tag: tagOf('ContentSequence'), vr: 'SQ', value: items };
}
/** An instance whose deflated data set is far over what may be inflated. */
function bomb(): Uint8Array {
  const head = makeInstance({ transferSyntax: '1.2.840.10008.1.2.1.99' });
  const metaEnd = 128 + 4 + 12 + Buffer.from(head).readUInt32LE(128 + 4 + 8);
  return Buffer.concat([
    head.subarray(0, metaEnd),
    deflateRawSync(new Uint8Array(200 * 1024 * 1024), { level: 1 }),
  ]);
}
const encapsulated = (fragments: number): NewElement => ({
  tag: 0x7fe00010,
  vr: 'OB',
  value: { fragments: Array.from({ length: fragments }, () => new Uint8Array(0)) },
});

const CASES: Record<Reason, { step: Step; input: () => Uint8Array }> = {
  empty: { step: parse, input: () => new Uint8Array(0) },
  'not-dicom': {
    step: parse,
    input: () => Buffer.from('a letter about somebody, and nothing else'.repeat(9)),
  },
  'unsupported-archive': { step: parse, input: () => Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c) },
  'archive-encrypted': { step: unpack(), input: () => makeZip([{ name: 'a', flags: 0x2000 }]) },
  'archive-corrupt': { step: unpack(), input: () => makeZip([{ name: 'a' }], { entries: 9 }) },
  'archive-limit': {
    step: unpack(),
    input: () => makeZip([{ name: 'zeros', content: new Uint8Array(300 * 1024 * 1024), method: 8 }]),
  },
  'too-deep': { step: deidentify, input: () => makeInstance({ with: [deepSequence(70)] }) },
  'media-directory': { step: deidentify, input: () => makeInstance({ sopClass: '1.2.840.10008.1.3.10' }) },
  truncated: { step: deidentify, input: () => whole.subarray(0, -3) },
  malformed: {
    step: deidentify,
    input: () => Buffer.concat([whole, Buffer.from('trailing bytes that are no element')]),
  },
  'missing-attribute': { step: deidentify, input: () => makeInstance({ without: [0x0020000d] }) },
  'invalid-uid': {
    step: deidentify,
    input: () => makeInstance({ with: [element(0x00080018, 'UI', '../../../x')] }),
  },
  'unsupported-transfer-syntax': {
    step: deidentify,
    input: () => patched('1.2.840.10008.1.2.1\0', '1.2.840.10008.1.9.9\0'),
  },
  'unsupported-character-set': {
    step: deidentify,
    input: () =>
      makeInstance({
        with: [element(0x00080005, 'CS', 'ISO_IR 999'), element(0x00100010, 'PN', Uint8Array.of(0xc4, 0xe4))],
      }),
  },
  'pixel-data-mismatch': {
    step: deidentify,
    input: () => makeInstance({ rows: 0xffff, columns: 0xffff, pixels: new Uint8Array(8) }),
  },
  'too-large': { step: deidentify, input: bomb },
  'too-many-elements': {
    step: deidentify,
    input: () => makeInstance({ transferSyntax: '1.2.840.10008.1.2.4.50', with: [encapsulated(1_000_002)] }),
  },
  'burned-in-annotation': {
    step: deidentify,
    input: () => makeInstance({ with: [element(0x00280301, 'CS', 'YES')] }),
  },
  'unsafe-content': {
    step: deidentify,
    input: () => makeInstance({ sopClass: '1.2.840.10008.5.1.4.1.1.104.1' }),
  },
  // No input is known that the profile misses: the profile itself is given a fault.
  'residual-identifier': { step: faulty, input: () => whole },
  'conflicting-instance': { step: conflict, input: () => makeInstance({ number: 2 }) },
};

describe('each reason', () => {
  it.each(Object.entries(CASES))(
    '%s is where an input ends that calls for it, and says no value, key or path',
    async (reason, { step, input }) => {
      const end = await step(input());
      expect(end).toMatchObject({ reason, state: REASONS[reason as Reason].state });
      expect(JSON.stringify(end)).not.toMatch(/Doe|Jane|MRN4711|uploads|study\.zip|\.\.\//);
    },
  );
});
