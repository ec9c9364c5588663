/** The environment of `read-audit`. */
import { readConfig } from '../../shared/runtime/read-config.ts';

export const readReadAuditConfig = () => readConfig('read-audit');
