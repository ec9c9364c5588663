/** The environment of `links`. */
import { readConfig, wholeNumber } from '../../shared/runtime/read-config.ts';

/** Days a link lives: where its creator names no time, and at most. */
export function readLinksConfig() {
  const config = readConfig('links');
  return {
    ...config,
    linkDefaultDays: wholeNumber('linkDefaultDays', config.linkDefaultDays),
    linkMaximumDays: wholeNumber('linkMaximumDays', config.linkMaximumDays),
  };
}
