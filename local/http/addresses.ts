/**
 * The names that AWS would give to APIs, function URLs and distributions, and the loopback addresses that answer for
 * them. Templates and what is kept on disk know the names only, so that ports may change between two runs.
 */

export interface AddressBook {
  /** Lets a host name stand for a loopback address. */
  add(host: string, address: string): void;
  /** The loopback address of a host name, `http://127.0.0.1:4711`. */
  find(host: string): string | undefined;
  /** Replaces `https://<known host>` in every text of a value. */
  localize(value: unknown): unknown;
}

/** An address book without entries. */
export function createAddressBook(): AddressBook {
  const addresses = new Map<string, string>();
  const localize = (value: unknown): unknown => {
    if (typeof value === 'string') {
      if (!value.includes('https://')) return value;
      return value.replace(
        /https:\/\/([A-Za-z0-9.-]+)/g,
        (whole, host: string) => addresses.get(host) ?? whole,
      );
    }
    if (Array.isArray(value)) return value.map(localize);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, localize(item)]));
  };
  return {
    add: (host, address) => addresses.set(host, address),
    find: (host) => addresses.get(host),
    localize,
  };
}
