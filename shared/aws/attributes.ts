/** DynamoDB's attribute values for the few types that the tables hold; nothing nested. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Attribute = string | number | boolean | Uint8Array;
export type Row = Readonly<Record<string, Attribute | undefined>>;

/** One value as DynamoDB wants it. */
export function toAttribute(value: Attribute): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return { B: value };
}

/** A row as DynamoDB wants it; undefined attributes are left out. */
export function toItem(row: Row): Record<string, AttributeValue> {
  const item: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(row)) if (value !== undefined) item[name] = toAttribute(value);
  return item;
}

/** Reads the attributes of an item by type; an attribute of another type counts as absent. */
export interface ItemReader {
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  bytes(name: string): Uint8Array | undefined;
  flag(name: string): boolean;
}

/** A reader of an item that DynamoDB returned. */
export function readItem(item: Readonly<Record<string, AttributeValue>>): ItemReader {
  return {
    text: (name) => item[name]?.S,
    number: (name) => {
      const text = item[name]?.N;
      return text === undefined ? undefined : Number(text);
    },
    bytes: (name) => item[name]?.B,
    flag: (name) => item[name]?.BOOL === true,
  };
}
