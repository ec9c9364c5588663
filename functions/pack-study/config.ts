/** The environment of `pack-study`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readPackStudyConfig = () => readConfig('pack-study');
