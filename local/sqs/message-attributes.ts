/**
 * Attributes that a sender puts on a message: their digest, their size and the choice a receiver makes among them.
 */
import { createHash } from 'node:crypto';
import type { MessageAttribute } from './contract.ts';
import { invalidParameter } from './sqs-error.ts';

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MOST_ATTRIBUTES = 10;
const STRING_VALUE = 1;
const BINARY_VALUE = 2;

export function checkAttributes(attributes: MessageAttributes): void {
  const names = Object.keys(attributes);
  if (names.length > MOST_ATTRIBUTES)
    throw invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [10].`,
    );
  for (const name of names) {
    const { DataType: type, StringValue: text, BinaryValue: binary } = attributes[name]!;
    if (!/^(String|Number|Binary)(\.|$)/.test(type ?? ''))
      throw invalidParameter(`The type of message attribute '${name}' is invalid.`);
    if ((type.startsWith('Binary') ? binary : text) === undefined)
      throw invalidParameter(
        `The message attribute '${name}' must contain a non-empty message attribute value.`,
      );
  }
}

/** "Calculating the MD5 message digest for message attributes" of the SQS developer guide. */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType: type, StringValue: text, BinaryValue: binary } = attributes[name]!;
    add(Buffer.from(name));
    add(Buffer.from(type));
    const isBinary = type.startsWith('Binary');
    hash.update(Buffer.from([isBinary ? BINARY_VALUE : STRING_VALUE]));
    add(isBinary ? Buffer.from(binary ?? '', 'base64') : Buffer.from(text ?? ''));
  }
  return hash.digest('hex');
}

/** Bytes that count against the limit of a message. */
export function sizeOfMessage(body: string, attributes: MessageAttributes = {}): number {
  let size = Buffer.byteLength(body);
  for (const name in attributes) {
    const { DataType: type, StringValue: text, BinaryValue: binary } = attributes[name]!;
    size += Buffer.byteLength(name) + Buffer.byteLength(type);
    size += Buffer.byteLength(binary ?? '', 'base64') + Buffer.byteLength(text ?? '');
  }
  return size;
}

/** Those that a receiver asked for by name, by `prefix.*` or all; undefined when that is none. */
export function chooseAttributes(
  attributes: MessageAttributes | undefined,
  names: readonly string[],
): MessageAttributes | undefined {
  const chosen = Object.entries(attributes ?? {}).filter(([name]) =>
    names.some(
      (wanted) =>
        wanted === 'All' ||
        wanted === '.*' ||
        wanted === name ||
        (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2))),
    ),
  );
  return chosen.length > 0 ? Object.fromEntries(chosen) : undefined;
}
