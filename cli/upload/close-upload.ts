/** Ends an upload: the manifest, then the number of files, after which the stack knows what it has to wait for. */
import { crc64nvme } from '../../shared/checksum/crc64nvme.ts';
import { manifestOf } from './manifest.ts';
import type { Sending } from './sending.ts';

/** Sends the manifest of what the journal says was sent and closes the upload. */
export async function closeUpload({ api, upload, journal, patiently, put }: Sending): Promise<void> {
  const manifest = await manifestOf(journal.sent.values());
  const checked = { size: manifest.length, crc64nvme: crc64nvme(manifest) };
  await put(() => api.manifestUrl(upload, checked), manifest);
  await patiently(() => api.closeUpload(upload, journal.sent.size));
  journal.closed(journal.sent.size);
}
