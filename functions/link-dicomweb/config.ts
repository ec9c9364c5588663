/** The environment of `link-dicomweb`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readLinkDicomwebConfig = () => readConfig('link-dicomweb');
