/** The environment of `show-grant`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readShowGrantConfig = () => readConfig('show-grant');
