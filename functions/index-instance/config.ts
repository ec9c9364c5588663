/** The environment of `index-instance`. */
import { readConfig, wholeNumber } from '../../shared/runtime/read-config.ts';

/** `quietSeconds`: how long a study must be quiet before it is completed. */
export function readIndexInstanceConfig() {
  const config = readConfig('index-instance');
  return { ...config, quietSeconds: wholeNumber('quietSeconds', config.quietSeconds) };
}
