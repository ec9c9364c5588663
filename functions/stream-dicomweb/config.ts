/** The environment of `stream-dicomweb`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readStreamDicomwebConfig = () => readConfig('stream-dicomweb');
