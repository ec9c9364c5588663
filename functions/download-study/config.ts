/** The environment of `download-study`. */
import { readConfig, wholeNumber } from '../../shared/runtime/read-config.ts';

/** `streamedBytes`: what is longer is prepared and fetched from where it is kept. */
export function readDownloadStudyConfig() {
  const config = readConfig('download-study');
  return {
    ...config,
    streamedBytes: wholeNumber('streamedDownloadMb', config.streamedDownloadMb) * 1024 * 1024,
  };
}
