/** The environment of `complete-study`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readCompleteStudyConfig = () => readConfig('complete-study');
