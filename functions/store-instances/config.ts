/** The environment of `store-instances`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readStoreInstancesConfig = () => readConfig('store-instances');
