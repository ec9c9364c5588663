/** The environment of `render`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readRenderConfig = () => readConfig('render');
