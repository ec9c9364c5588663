/** The environment of `uploads`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readUploadsConfig = () => readConfig('uploads');
