/** Wires `store-instances`: staff store instances by STOW-RS. It writes to the vault, and reads neither vault nor library. */
import { openLedger } from '../../shared/aws/ledger.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { httpHandler, needing } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { newOpaqueId } from '../../shared/runtime/opaque-id.ts';
import { readStoreInstancesConfig } from './config.ts';
import { storeRoutes } from './routes.ts';

const config = readStoreInstancesConfig();

export const handler = httpHandler(
  needing(
    'upload',
    storeRoutes('/dicomweb', {
      ledger: openLedger(config.ledgerTable),
      vault: openObjectStore(config.vaultBucket),
      newUpload: newOpaqueId,
    }),
  ),
  createLogger('store-instances'),
  config,
);
