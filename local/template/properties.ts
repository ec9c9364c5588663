/** Reads resolved properties of a resource; a missing or mistyped one is an error that names resource and property. */
import { TemplateError } from './intrinsics.ts';

export type Values = Readonly<Record<string, unknown>>;

export interface Properties {
  /** Where these stand, for messages: logical id and path. */
  readonly where: string;
  readonly values: Values;
  has(name: string): boolean;
  text(name: string): string;
  text<Default>(name: string, otherwise: Default): string | Default;
  number<Default>(name: string, otherwise: Default): number | Default;
  flag(name: string): boolean;
  texts(name: string): string[];
  /** The object under the name, empty when there is none. */
  at(name: string): Properties;
  /** The objects of a list, empty when there is none. */
  each(name: string): Properties[];
}

/** Wraps resolved values. CloudFormation takes numbers and booleans as text, and so do these. */
export function propertiesOf(values: Values, where: string): Properties {
  const missing = (name: string, what: string): never => {
    throw new TemplateError(`${where}: the property ${name} ${what}`);
  };
  return {
    where,
    values,
    has: (name) => values[name] !== undefined,
    text: (name: string, ...otherwise: unknown[]) => {
      const value = values[name];
      if (value === undefined) return otherwise.length > 0 ? otherwise[0] : missing(name, 'is missing');
      return typeof value === 'object' ? missing(name, 'should be text') : String(value);
    },
    number: (name, otherwise) => {
      const value = values[name];
      if (value === undefined) return otherwise;
      const number = Number(value);
      return Number.isNaN(number) ? missing(name, 'should be a number') : number;
    },
    flag: (name) => values[name] === true || values[name] === 'true',
    texts: (name) => {
      const value = values[name];
      return value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
    },
    at: (name) => propertiesOf((values[name] ?? {}) as Values, `${where}.${name}`),
    each: (name) =>
      ((values[name] ?? []) as Values[]).map((item, index) =>
        propertiesOf(item, `${where}.${name}[${index}]`),
      ),
  } as Properties;
}
