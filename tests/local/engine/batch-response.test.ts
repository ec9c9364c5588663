import { describe, expect, it } from 'vitest';
import { failedMessages } from '../../../local/lambda/batch-response.ts';

const IDS = ['1', '2', '3'];

describe('a batch response', () => {
  it.each([
    ['null', 'null', []],
    ['an empty object', '{}', []],
    ['an empty list of failures', '{"batchItemFailures":[]}', []],
    ['null failures', '{"batchItemFailures":null}', []],
    ['one failure', '{"batchItemFailures":[{"itemIdentifier":"2"}]}', ['2']],
    ['two failures', '{"batchItemFailures":[{"itemIdentifier":"1"},{"itemIdentifier":"3"}]}', ['1', '3']],
    ['a text', '"done"', IDS],
    ['a list', '[]', IDS],
    ['failures that are no list', '{"batchItemFailures":{}}', IDS],
    ['an empty identifier', '{"batchItemFailures":[{"itemIdentifier":""}]}', IDS],
    ['a null identifier', '{"batchItemFailures":[{"itemIdentifier":null}]}', IDS],
    ['a wrong field name', '{"batchItemFailures":[{"itemId":"2"}]}', IDS],
    ['an identifier of no message', '{"batchItemFailures":[{"itemIdentifier":"4"}]}', IDS],
    ['a failure that is null', '{"batchItemFailures":[null]}', IDS],
  ])('with %s fails the right messages', (_, payload, failed) => {
    expect([...failedMessages(payload, IDS)]).toEqual(failed);
  });
});
