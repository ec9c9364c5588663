/** Wires `uploads`: staff open an upload, get signed URLs for it and read what became of each file. */
import { openIndexTable } from '../../shared/aws/index-table.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { openUrlSigner } from '../../shared/aws/presign.ts';
import { httpHandler } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { newOpaqueId } from '../../shared/runtime/opaque-id.ts';
import { readUploadsConfig } from './config.ts';
import { uploadRoutes } from './routes.ts';

const config = readUploadsConfig();
const routes = uploadRoutes({
  ledger: openLedger(config.ledgerTable),
  studies: openIndexTable(config.indexTable).studies,
  signPut: openUrlSigner(config.vaultBucket).put,
  newUpload: newOpaqueId,
});

export const handler = httpHandler(routes, createLogger('uploads'));
