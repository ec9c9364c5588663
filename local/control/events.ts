/** EventBridge: events are kept in a journal, the last of them, for people and tests to read. Rules have no targets here. */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { Authorize } from '../auth/authorize.ts';
import { type JsonService, ServiceError } from './start-control.ts';

export interface EventsOptions {
  readonly file: string;
  readonly account: string;
  readonly region: string;
  readonly authorize: Authorize;
}

export interface EventBuses {
  readonly service: JsonService;
  arnOf(bus: string): string;
  declare(bus: string): void;
}

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
  readonly Resources?: readonly string[];
}

const LIMIT = 4 * 1024 * 1024;

/** Opens the journal. */
export function openEventBuses({ file, account, region, authorize }: EventsOptions): EventBuses {
  const buses = new Set(['default']);
  const arnOf = (bus: string) =>
    bus.startsWith('arn:') ? bus : `arn:aws:events:${region}:${account}:event-bus/${bus}`;

  const record = (entry: Entry) => {
    const id = randomUUID();
    const event = {
      id,
      bus: (entry.EventBusName ?? 'default').split('/').at(-1),
      source: entry.Source,
      'detail-type': entry.DetailType,
      time: new Date().toISOString(),
      resources: entry.Resources ?? [],
      detail: JSON.parse(entry.Detail ?? '{}') as unknown,
    };
    if (existsSync(file) && statSync(file).size > LIMIT) dropFirstHalf(file);
    appendFileSync(file, `${JSON.stringify(event)}\n`);
    return { EventId: id };
  };

  return {
    arnOf,
    declare: (bus) => buses.add(bus),
    service: {
      signingName: 'events',
      operations: {
        PutEvents: (input, principal) => {
          const entries = (input.Entries ?? []) as Entry[];
          for (const bus of new Set(entries.map(({ EventBusName }) => EventBusName ?? 'default'))) {
            authorize({ principal, action: 'events:PutEvents', resource: arnOf(bus) });
            if (!buses.has(bus.split('/').at(-1) as string)) {
              throw new ServiceError('ResourceNotFoundException', 'Event bus does not exist.');
            }
          }
          return { FailedEntryCount: 0, Entries: entries.map(record) };
        },
      },
    },
  };
}

function dropFirstHalf(file: string): void {
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(`${file}.new`, lines.slice(Math.floor(lines.length / 2)).join('\n'));
  renameSync(`${file}.new`, file);
}
