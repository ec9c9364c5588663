/**
 * The message that a link is sent with. It names neither patient nor study, since mail is read on its way, and never the passcode:
 * what opens the link must not come the way of the link.
 */

export interface MessageFacts {
  /** The whole address, with its token. */
  readonly address: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly hasPasscode: boolean;
}

export interface LinkMessage {
  readonly subject: string;
  readonly body: string;
}

/** Subject and body, ready to be sent; times are in UTC, as who reads it may be anywhere. */
export function linkMessage({ address, expiresAt, hasPasscode }: MessageFacts): LinkMessage {
  const lines = [
    'Hello,',
    '',
    'medical images are ready for you. This address opens them in a browser, without an account:',
    '',
    address,
    '',
    `It opens until ${expiry(expiresAt)}.`,
    hasPasscode
      ? 'It asks for a passcode, which you will get by another way than this message.'
      : 'Please do not pass this message on: who has the address can see the images.',
    '',
    'If you were not expecting this, please delete it.',
  ];
  return { subject: 'Medical images for you to view', body: lines.join('\n') };
}

/** `15 December 2026, 01:27 UTC`. */
function expiry(iso: string): string {
  const at = new Date(iso);
  const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(at);
  return `${date}, ${at.toISOString().slice(11, 16)} UTC`;
}
