/**
 * What is kept of each use of a link. An event is written before what it is about is handed out; what cannot be written is not
 * handed out. It names pseudonyms, ids and words of closed lists, never a value of a data set.
 */

/**
 * `mint` a link was made, `open` it was exchanged for a session, `renew` that session goes on as its page stays open, `view` a session looked at a study for the first time, `download`
 * and `print` a study was taken away, `deny` somebody was refused, `revoke` a link was closed.
 */
export const AUDIT_KINDS = ['mint', 'open', 'renew', 'view', 'download', 'print', 'deny', 'revoke'] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

export interface AuditFacts {
  readonly kind: AuditKind;
  /** Absent where a token belongs to no link. */
  readonly link?: string | undefined;
  /** The study that it is about: of a link that grants several the one that was looked at. */
  readonly study?: string | undefined;
  /** Pseudonymous. */
  readonly patient?: string | undefined;
  /** The session that acts, as `OpenSession` names it; absent where staff act or nobody has a session yet. */
  readonly session?: string | undefined;
  /** Staff who act, by the opaque name that their issuer gives them. */
  readonly staff?: string | undefined;
  /** Whether the link shows who the patient is. */
  readonly identified?: boolean | undefined;
  /** Where the request came from, as the distribution says. */
  readonly address?: string | undefined;
  /** Why something was refused: a word of a closed list. */
  readonly reason?: string | undefined;
  /** The run (Lambda request id) that acts. */
  readonly run: string;
}

/** Keeps the event; throws where it cannot, and then nothing is handed out. A second `view` of a session and study costs nothing. */
export type Audit = (facts: AuditFacts) => Promise<void>;
