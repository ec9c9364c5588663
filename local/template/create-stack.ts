/**
 * Creates the resources of a stack's template in the order of their references and resolves its outputs. A resource type
 * without a maker is an error that names it: what is skipped here would be missing only in AWS, or only here.
 */
import type { Stack, Template } from '../assembly/read-assembly.ts';
import { creationOrder, type TemplateResource } from './dependencies.ts';
import { resolveValue, type Scope, TemplateError } from './intrinsics.ts';
import { propertiesOf, type Values } from './properties.ts';
import type { Made, Maker } from './resource.ts';

export interface StackSurroundings {
  readonly account: string;
  readonly region: string;
  /** Makers by resource type. */
  readonly makers: ReadonlyMap<string, Maker>;
  /** Exports of the stacks created before; this stack's own are added. */
  readonly exports: Map<string, unknown>;
  /** Puts loopback addresses in place of those that only AWS would answer. */
  readonly localize: (value: unknown) => unknown;
}

/** Creates one stack; returns its outputs. */
export async function createStack(stack: Stack, around: StackSurroundings): Promise<Record<string, string>> {
  const { template } = stack;
  const made = new Map<string, Made>();
  const scope = scopeOf(stack, around, made);
  const resources = existing(template, scope);
  for (const [logicalId, { Type }] of Object.entries(resources)) {
    if (!around.makers.has(Type)) {
      throw new TemplateError(`${logicalId}: the resource type ${Type} is not known to the local run`);
    }
  }
  for (const logicalId of creationOrder(resources)) {
    const resource = resources[logicalId] as TemplateResource;
    const values = around.localize(resolveValue(resource.Properties ?? {}, scope, logicalId)) as Values;
    const make = around.makers.get(resource.Type) as Maker;
    const declared = {
      logicalId,
      type: resource.Type,
      stack: stack.name,
      properties: propertiesOf(values, logicalId),
      physicalName: `${stack.name}-${logicalId}`,
    };
    made.set(logicalId, await make(declared));
  }
  return resolveOutputs(template, scope, around);
}

function existing(template: Template, scope: Scope): Record<string, TemplateResource> {
  const entries = Object.entries(template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || scope.condition(Condition),
  );
  return Object.fromEntries(entries);
}

function scopeOf(stack: Stack, around: StackSurroundings, made: ReadonlyMap<string, Made>): Scope {
  const { template, name } = stack;
  const pseudo: Record<string, unknown> = {
    'AWS::AccountId': around.account,
    'AWS::Region': around.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': name,
    'AWS::StackId': `arn:aws:cloudformation:${around.region}:${around.account}:stack/${name}/local`,
    'AWS::NotificationARNs': [],
  };
  const conditions = new Map<string, boolean>();
  const scope: Scope = {
    reference: (id) => pseudo[id] ?? template.Parameters?.[id]?.Default ?? made.get(id)?.ref,
    attribute: (id, attribute) => made.get(id)?.attributes?.[attribute],
    condition: (id) => {
      const known = conditions.get(id);
      if (known !== undefined) return known;
      const definition = template.Conditions?.[id];
      if (definition === undefined) throw new TemplateError(`there is no condition ${id}`);
      const holds = resolveValue(definition, scope, `condition ${id}`) === true;
      conditions.set(id, holds);
      return holds;
    },
    mapping: (map, top, second) => template.Mappings?.[map]?.[top]?.[second],
    imported: (id) => around.exports.get(id),
  };
  return scope;
}

function resolveOutputs(template: Template, scope: Scope, around: StackSurroundings): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [id, output] of Object.entries(template.Outputs ?? {})) {
    if (output.Condition !== undefined && !scope.condition(output.Condition)) continue;
    const value = resolveValue(output.Value, scope, `output ${id}`);
    outputs[id] = String(around.localize(value));
    if (output.Export !== undefined) {
      around.exports.set(String(resolveValue(output.Export.Name, scope, `output ${id}`)), value);
    }
  }
  return outputs;
}
