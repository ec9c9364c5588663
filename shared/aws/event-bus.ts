/** Tells the world outside of the pipeline what has happened, in pseudonymous identifiers only. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

/** A study was rolled up and may be read. */
export interface StudyReady {
  readonly study: string;
  readonly changeToken: string;
  readonly series: number;
  readonly instances: number;
}

/** A function that puts a `Study Ready` event on the bus. */
export function openEventBus(name: string): (event: StudyReady) => Promise<void> {
  const client = new EventBridgeClient({});
  return async (event) => {
    const output = await client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: name,
            Source: 'filmroom',
            DetailType: 'Study Ready',
            Detail: JSON.stringify(event),
          },
        ],
      }),
    );
    if (output.FailedEntryCount) throw new Error('EventBridge did not take the event');
  };
}
