/**
 * What should have come and did not: the manifest and each DICOMDIR against the items of the ledger. Of an item only digests
 * of twelve bytes are held, whatever the length of its path, so that a million of them fit into the function.
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Ledger, LedgerItem } from '../../shared/aws/ledger.ts';
import type { ObjectStore } from '../../shared/aws/object-store.ts';
import { manifestKey, manifestsOf } from '../../shared/contract/names.ts';
import type { MissingFile, MissingFiles } from '../../shared/contract/report.ts';
import { DirectoryLine, ManifestLine, readListing, UnreadableListing } from './read-listing.ts';

export interface MissingPorts {
  visit: Ledger['visit'];
  readonly vault: Pick<ObjectStore, 'list' | 'stream'>;
}

/** Files that are named; more are counted. An answer of HTTP has 6 MB, and a person reads no more. */
const NAMED = 1_000;

interface Came {
  /** By the path as it was sent. */
  readonly sizes: Map<string, number>;
  /** By the path as media write it. */
  readonly fileIds: Set<string>;
  readonly instances: Set<string>;
  /** Items that a listing may be of. */
  readonly paths: Map<string, string>;
}

/** Compares what came with everything that says what should have come. */
export async function findMissing(upload: string, ports: MissingPorts): Promise<MissingFiles> {
  const listings: string[] = [];
  for await (const key of ports.vault.list(manifestsOf(upload))) listings.push(key);
  const answer: MissingFiles = {
    manifest: null,
    directories: [],
    missing: 0,
    otherSize: 0,
    unreadable: 0,
    files: [],
  };
  if (listings.length === 0) return answer;

  const directories = listings.filter((key) => key !== manifestKey(upload));
  const itemOf = (key: string) => key.slice(manifestsOf(upload).length).replace(/\.jsonl\.gz$/, '');
  const came = await whatCame(upload, ports.visit, new Set(directories.map(itemOf)));
  const name = (file: MissingFile) => {
    if (file.why === 'size') answer.otherSize++;
    else answer.missing++;
    if (answer.files.length < NAMED) answer.files.push(file);
  };

  if (directories.length < listings.length)
    await readable(answer, async () => {
      answer.manifest = 0;
      const stream = await ports.vault.stream({ key: manifestKey(upload) });
      for await (const { path, size } of readListing(stream, ManifestLine)) {
        answer.manifest++;
        const found = came.sizes.get(digest(path));
        if (found === undefined) name({ path, why: 'missing', directory: null });
        else if (found !== size) name({ path, why: 'size', directory: null });
      }
    });
  for (const key of directories) {
    const directory = came.paths.get(itemOf(key));
    // It is written before the item ends, which may be before a slow ledger shows its arrival.
    if (directory === undefined) continue;
    const sum = { path: directory, files: 0, missing: 0 };
    answer.directories.push(sum);
    await readable(answer, async () => {
      const stream = await ports.vault.stream({ key });
      for await (const { file, instance } of readListing(stream, DirectoryLine)) {
        sum.files++;
        const path = posix.join(posix.dirname(directory), file);
        if (came.fileIds.has(digest(asFileId(path)))) continue;
        if (instance !== undefined && came.instances.has(digest(instance))) continue;
        sum.missing++;
        name({ path, why: 'missing', directory });
      }
    });
  }
  return answer;
}

/** What was read of a listing before it broke off is compared all the same. */
async function readable(answer: MissingFiles, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof UnreadableListing)) throw error;
    answer.unreadable++;
  }
}

async function whatCame(upload: string, visit: Ledger['visit'], wanted: ReadonlySet<string>): Promise<Came> {
  const came: Came = { sizes: new Map(), fileIds: new Set(), instances: new Set(), paths: new Map() };
  const onItem = ({ item, path, size = 0, parent, instance }: LedgerItem) => {
    if (path === undefined) return;
    if (parent === undefined) came.sizes.set(digest(path), size);
    if (wanted.size === 0) return;
    came.fileIds.add(digest(asFileId(path)));
    if (instance !== undefined) came.instances.add(digest(instance));
    if (wanted.has(item)) came.paths.set(item, path);
  };
  await visit(upload, onItem, 'all');
  return came;
}

/**
 * A path as two media would write it alike: ISO 9660 has upper case and a version behind a semicolon, some systems show
 * lower case and leave the version, or only its dot.
 */
function asFileId(path: string): string {
  return path.replaceAll('\\', '/').replace(/;\d+$/, '').replace(/\.$/, '').toLowerCase();
}

/** 96 bits: of two million paths two are alike with a probability of 10⁻¹⁷. */
function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest().toString('latin1', 0, 12);
}
