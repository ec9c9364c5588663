/** Unique identifiers (PS3.5 9.1). */

const COMPONENTS = /^(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*$/;

/** Whether the text is a UID: dotted numbers without leading zeros, 64 characters at most (PS3.5 9.1). */
export function isValidUid(uid: string): boolean {
  return uid.length > 0 && uid.length <= 64 && COMPONENTS.test(uid);
}
