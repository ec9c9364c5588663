/** The environment of `clean-pixels`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readCleanPixelsConfig = () => readConfig('clean-pixels');
