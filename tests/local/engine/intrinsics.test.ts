/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of policies and templates */
import { describe, expect, it } from 'vitest';
import { creationOrder } from '../../../local/template/dependencies.ts';
import { resolveValue, type Scope } from '../../../local/template/intrinsics.ts';

const scope: Scope = {
  reference: (name) => ({ 'AWS::Region': 'eu-north-1', Inbox: 'the-inbox', List: ['a', 'b'] })[name],
  attribute: (logicalId, name) =>
    logicalId === 'Inbox' && name === 'Arn' ? 'arn:aws:sqs:::the-inbox' : undefined,
  condition: (name) => name === 'Yes',
  mapping: (map, top, second) => (map === 'Sizes' && top === 'small' ? { s: 1, m: 2 }[second] : undefined),
  imported: (name) => (name === 'shared-bucket' ? 'bucket-1' : undefined),
};
const resolve = (value: unknown) => resolveValue(value, scope, 'Here.Property');

describe('intrinsic functions', () => {
  it.each([
    ['Ref', { Ref: 'Inbox' }, 'the-inbox'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-north-1'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Inbox', 'Arn'] }, 'arn:aws:sqs:::the-inbox'],
    ['Fn::GetAtt written with a dot', { 'Fn::GetAtt': 'Inbox.Arn' }, 'arn:aws:sqs:::the-inbox'],
    [
      'Fn::Sub',
      { 'Fn::Sub': '${Inbox} in ${AWS::Region}, ${Inbox.Arn}, ${!kept}' },
      'the-inbox in eu-north-1, arn:aws:sqs:::the-inbox, ${kept}',
    ],
    [
      'Fn::Sub with values',
      { 'Fn::Sub': ['${Own}-${Inbox}', { Own: { Ref: 'AWS::Region' } }] },
      'eu-north-1-the-inbox',
    ],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Inbox' }]] }, 'a/the-inbox'],
    ['Fn::Join of a reference to a list', { 'Fn::Join': [',', { Ref: 'List' }] }, 'a,b'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [2, { 'Fn::Split': ['/', 'https://host/path'] }] }, 'host'],
    ['Fn::If', { 'Fn::If': ['Yes', 'then', 'else'] }, 'then'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'm'] }, 2],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'shared-bucket' }, 'bucket-1'],
    ['Fn::Base64', { 'Fn::Base64': 'abc' }, 'YWJj'],
    [
      'conditions',
      { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Not': [{ Condition: 'No' }] }, { 'Fn::Equals': ['1', 1] }] },
      true,
    ],
    ['nested objects and lists', { a: [{ b: { Ref: 'Inbox' } }] }, { a: [{ b: 'the-inbox' }] }],
    ['AWS::NoValue in an object', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    ['AWS::NoValue in a list', [{ 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, 2], [2]],
  ])('resolves %s', (_, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it.each([
    ['a reference to nothing', { Ref: 'Outbox' }, /Here\.Property: there is nothing named Outbox/],
    [
      'an attribute that a resource lacks',
      { 'Fn::GetAtt': ['Inbox', 'Color'] },
      /Inbox has no attribute Color/,
    ],
    ['a function that is not known', { 'Fn::Transform': {} }, /Fn::Transform is not known/],
    ['an import that nobody exports', { 'Fn::ImportValue': 'lost' }, /no stack exports lost/],
  ])('names the place of %s', (_, value, message) => {
    expect(() => resolve(value)).toThrow(message);
  });
});

describe('the order of creation', () => {
  it('puts each resource after those it refers to, in whatever way', () => {
    const order = creationOrder({
      Last: { Type: 'T', Properties: { a: { 'Fn::Sub': 'x-${Middle.Arn}' } } },
      Middle: { Type: 'T', Properties: { b: [{ 'Fn::GetAtt': ['First', 'Arn'] }] } },
      Waits: { Type: 'T', DependsOn: ['Last'] },
      First: { Type: 'T', Properties: { c: { Ref: 'AWS::Region' } } },
    });
    expect(order).toEqual(['First', 'Middle', 'Last', 'Waits']);
  });

  it('shows a circle', () => {
    const one = { Type: 'T', Properties: { x: { Ref: 'Two' } } };
    const two = { Type: 'T', Properties: { x: { Ref: 'One' } } };
    expect(() => creationOrder({ One: one, Two: two })).toThrow('circular dependency: One → Two → One');
  });
});
