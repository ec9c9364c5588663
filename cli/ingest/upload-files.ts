/** Sends files to an upload that nothing remembers: for who sees it through to the end in one process. */
import { Failure } from '../failure.ts';
import { closeUpload } from '../upload/close-upload.ts';
import { Journal } from '../upload/journal.ts';
import { sendFiles } from '../upload/send-files.ts';
import { type SendOptions, startSending } from '../upload/sending.ts';
import type { UploadApi } from '../upload/upload-api.ts';
import type { LocalFile } from './list-files.ts';

export interface UploadOptions extends SendOptions {
  /** Called when a file has arrived. */
  readonly onSent?: (file: LocalFile) => void;
  /** Whether to send the manifest and close the upload when all have arrived. @default false */
  readonly closes?: boolean;
}

/** Sends every file to the upload; resolves when all have arrived. */
export async function uploadFiles(
  api: UploadApi,
  upload: string,
  files: readonly LocalFile[],
  options: UploadOptions = {},
): Promise<void> {
  const journal = Journal.inMemory();
  journal.opened(upload);
  const sending = startSending(api, upload, journal, options);
  try {
    const [first] = await sendFiles(files, sending, options.onSent);
    if (first !== undefined) throw new Failure(`a file could not be uploaded: ${first.why}`);
    if (options.closes === true) await closeUpload(sending);
  } finally {
    sending.close();
  }
}
