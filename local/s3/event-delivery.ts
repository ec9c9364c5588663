/**
 * Object events on their way to the queues: chosen by the bucket's notifications, worded as S3 words them, sent until they
 * arrive.
 *
 * An event is recorded together with the change it tells of. That it was sent is recorded a little later, so a death in
 * between sends it again: at least once, as S3 itself promises.
 */
import { uriEncode } from '../auth/canonical-request.ts';
import type { BucketSettings, ObjectNotification, QueueNotification } from './contract.ts';
import type { EventTicket, StoredEvent } from './records.ts';

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 5000;
/** Records of what was sent are gathered for so long. */
const GATHER_MS = 25;

/** The events that a change to `key` causes. */
export function ticketsFor(
  settings: BucketSettings,
  name: string,
  key: string,
  nextSequence: () => number,
): EventTicket[] {
  return (settings.notifications ?? [])
    .filter((notification) => wants(notification, name, key))
    .map(({ queueArn, id = '' }) => ({ sequence: nextSequence(), queueArn, configuration: id, name }));
}

function wants(notification: QueueNotification, name: string, key: string): boolean {
  const asked = notification.events.some((event) =>
    event.endsWith('*') ? `s3:${name}`.startsWith(event.slice(0, -1)) : event === `s3:${name}`,
  );
  return asked && key.startsWith(notification.prefix ?? '') && key.endsWith(notification.suffix ?? '');
}

export interface DeliveryOptions {
  readonly region: string;
  readonly deliver: (notification: ObjectNotification) => void | Promise<void>;
  /** Whether the bucket still notifies that queue; if not, the event is dropped. */
  readonly isWanted: (event: StoredEvent) => boolean;
  /** Records that these events need not be sent again. */
  readonly sent: (sequences: readonly number[]) => void;
}

export class EventDelivery {
  readonly #options: DeliveryOptions;
  readonly #waiting = new Map<string, StoredEvent[]>();
  #sent: number[] = [];
  #gathering: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  send(events: readonly StoredEvent[]): void {
    for (const event of events) {
      const line = this.#waiting.get(event.ticket.queueArn);
      if (line) {
        line.push(event);
      } else {
        this.#waiting.set(event.ticket.queueArn, [event]);
        void this.#drain(event.ticket.queueArn);
      }
    }
  }

  /** Stops sending; what was sent is recorded, what was not is sent after the next start. */
  close(): void {
    this.#closed = true;
    this.#recordSent();
  }

  async #drain(queueArn: string): Promise<void> {
    const line = this.#waiting.get(queueArn)!;
    let retry = FIRST_RETRY_MS;
    for (let at = 0; at < line.length; ) {
      const event = line[at]!;
      try {
        if (this.#options.isWanted(event)) {
          const arrived = this.#options.deliver({ queueArn, body: messageOf(event, this.#options.region) });
          if (arrived) await arrived;
        }
        if (this.#closed) return;
        this.#noteSent(event.ticket.sequence);
        at += 1;
        retry = FIRST_RETRY_MS;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, retry).unref());
        if (this.#closed) return;
        retry = Math.min(retry * 2, LONGEST_RETRY_MS);
      }
    }
    this.#waiting.delete(queueArn);
  }

  #noteSent(sequence: number): void {
    this.#sent.push(sequence);
    this.#gathering ??= setTimeout(() => this.#recordSent(), GATHER_MS).unref();
  }

  #recordSent(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#sent.length === 0) return;
    const sequences = this.#sent;
    this.#sent = [];
    this.#options.sent(sequences);
  }
}

/** The message body, "Event message structure" of the S3 user guide. */
function messageOf({ ticket, bucket, key, version }: StoredEvent, region: string): string {
  const requestId = ticket.sequence.toString(16).toUpperCase().padStart(16, '0');
  if (!version)
    return JSON.stringify({
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Time: new Date().toISOString(),
      Bucket: bucket,
      RequestId: requestId,
      HostId: 'local',
    });
  const object = {
    key: uriEncode(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
    ...(version.marker ? {} : { size: version.size, eTag: version.etag }),
    ...(version.id === 'null' ? {} : { versionId: version.id }),
    sequencer: requestId.padStart(18, '0'),
  };
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(version.at).toISOString(),
    eventName: ticket.name,
    userIdentity: { principalId: 'AWS:LOCAL' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': 'local' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: ticket.configuration,
      bucket: { name: bucket, ownerIdentity: { principalId: 'LOCAL' }, arn: `arn:aws:s3:::${bucket}` },
      object,
    },
  };
  return JSON.stringify({ Records: [record] });
}
