/** The environment of `thumbnail`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readThumbnailConfig = () => readConfig('thumbnail');
