/** The environment of `download-study`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readDownloadStudyConfig = () => readConfig('download-study');
