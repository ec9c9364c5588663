/** The environment of `parse`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readParseConfig = () => readConfig('parse');
