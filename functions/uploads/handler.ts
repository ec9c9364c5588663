/** Wires `uploads`: staff and holders of a token open an upload, get signed URLs for it and read what became of each file. */
import { openClientParts } from '../../shared/aws/client-parts.ts';
import { openIndexTable } from '../../shared/aws/index-table.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { openUrlSigner } from '../../shared/aws/presign.ts';
import { openUploadTokens } from '../../shared/aws/upload-tokens.ts';
import { httpHandler } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { newOpaqueId } from '../../shared/runtime/opaque-id.ts';
import { readUploadsConfig } from './config.ts';
import { uploadRoutes } from './routes.ts';
import { tokenRoutes } from './token-routes.ts';

const config = readUploadsConfig();
const tokens = openUploadTokens(config.ledgerTable);
const now = () => new Date();

const routes = [
  ...tokenRoutes({ tokens, now }),
  ...uploadRoutes({
    ledger: openLedger(config.ledgerTable),
    vault: openObjectStore(config.vaultBucket),
    parts: openClientParts(config.vaultBucket),
    signer: openUrlSigner(config.vaultBucket),
    studies: openIndexTable(config.indexTable).studies,
    newUpload: newOpaqueId,
    tokens,
    now,
  }),
];

export const handler = httpHandler(routes, createLogger('uploads'), config);
