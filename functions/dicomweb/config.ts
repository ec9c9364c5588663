/** The environment of `dicomweb`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readDicomwebConfig = () => readConfig('dicomweb');
