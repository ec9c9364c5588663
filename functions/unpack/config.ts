/** The environment of `unpack`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readUnpackConfig = () => readConfig('unpack');
