/** The environment of `deidentify`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readDeidentifyConfig = () => readConfig('deidentify');
