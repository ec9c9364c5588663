/**
 * The intrinsic functions of CloudFormation, resolved against what has been created so far. One that is not known here
 * is an error that names the place; so is a reference to nothing.
 */

/** What references resolve to. */
export interface Scope {
  /** `Ref` of a resource, parameter or pseudo parameter; undefined when there is none. */
  reference(name: string): unknown;
  /** `Fn::GetAtt`. */
  attribute(logicalId: string, name: string): unknown;
  /** A condition of the template by name. */
  condition(name: string): boolean;
  mapping(map: string, top: string, second: string): unknown;
  /** An export of a stack created before. */
  imported(name: string): unknown;
}

/** What `AWS::NoValue` resolves to: the property or list entry is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** Raised when a template says something that cannot be resolved. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

type Resolver = (argument: unknown, scope: Scope, where: string) => unknown;

const INTRINSICS: Record<string, Resolver> = {
  Ref: (name, scope, where) => {
    if (name === 'AWS::NoValue') return NO_VALUE;
    return scope.reference(String(name)) ?? fail(where, `there is nothing named ${String(name)}`);
  },
  'Fn::GetAtt': (argument, scope, where) => {
    const [logicalId, ...names] = Array.isArray(argument) ? argument : String(argument).split('.');
    const name = names.map((part) => String(resolveValue(part, scope, where))).join('.');
    return scope.attribute(String(logicalId), name) ?? fail(where, `${logicalId} has no attribute ${name}`);
  },
  'Fn::Sub': (argument, scope, where) => {
    const [template, values] = Array.isArray(argument) ? argument : [argument, {}];
    const own = resolveValue(values ?? {}, scope, where) as Record<string, unknown>;
    return String(template).replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (name in own) return String(own[name]);
      const dot = name.indexOf('.');
      const found =
        dot < 0 ? scope.reference(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
      return String(found ?? fail(where, `there is nothing named ${name}`));
    });
  },
  'Fn::Join': (argument, scope, where) => {
    const [delimiter, parts] = argument as [string, unknown];
    return (resolveValue(parts, scope, where) as unknown[]).map(String).join(delimiter);
  },
  'Fn::Select': (argument, scope, where) => {
    const [index, list] = resolveValue(argument, scope, where) as [number | string, unknown[]];
    return list[Number(index)] ?? fail(where, `Fn::Select finds no entry ${index}`);
  },
  'Fn::Split': (argument, scope, where) => {
    const [delimiter, text] = resolveValue(argument, scope, where) as [string, string];
    return text.split(delimiter);
  },
  'Fn::If': (argument, scope, where) => {
    const [name, then, otherwise] = argument as [string, unknown, unknown];
    return resolveAny(scope.condition(name) ? then : otherwise, scope, where);
  },
  'Fn::FindInMap': (argument, scope, where) => {
    const [map, top, second] = resolveValue(argument, scope, where) as string[];
    return (
      scope.mapping(String(map), String(top), String(second)) ??
      fail(where, `the mapping ${map} has no ${top}, ${second}`)
    );
  },
  'Fn::ImportValue': (argument, scope, where) => {
    const name = String(resolveValue(argument, scope, where));
    return scope.imported(name) ?? fail(where, `no stack exports ${name}`);
  },
  'Fn::Base64': (argument, scope, where) =>
    Buffer.from(String(resolveValue(argument, scope, where))).toString('base64'),
  'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => `us-east-1${zone}`),
  'Fn::Equals': (argument, scope, where) => {
    const [one, other] = resolveValue(argument, scope, where) as unknown[];
    return String(one) === String(other);
  },
  'Fn::And': (argument, scope, where) => (resolveValue(argument, scope, where) as unknown[]).every(isTrue),
  'Fn::Or': (argument, scope, where) => (resolveValue(argument, scope, where) as unknown[]).some(isTrue),
  'Fn::Not': (argument, scope, where) => !isTrue((resolveValue(argument, scope, where) as unknown[])[0]),
};

/** A value with every intrinsic in it resolved. */
export function resolveValue(value: unknown, scope: Scope, where: string): unknown {
  const resolved = resolveAny(value, scope, where);
  return resolved === NO_VALUE ? undefined : resolved;
}

function resolveAny(value: unknown, scope: Scope, where: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolveAny(item, scope, where)).filter((item) => item !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries.length === 1 ? (entries[0] as [string, unknown]) : ['', undefined];
  const intrinsic = INTRINSICS[name];
  if (intrinsic !== undefined) return intrinsic(argument, scope, where);
  if (name === 'Condition' && typeof argument === 'string') return scope.condition(argument);
  if (name.startsWith('Fn::')) fail(where, `the intrinsic function ${name} is not known to the local run`);
  const resolved: Record<string, unknown> = {};
  for (const [key, item] of entries) {
    const result = resolveAny(item, scope, `${where}.${key}`);
    if (result !== NO_VALUE) resolved[key] = result;
  }
  return resolved;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function fail(where: string, what: string): never {
  throw new TemplateError(`${where}: ${what}`);
}
