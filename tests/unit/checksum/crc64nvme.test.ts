import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startChecksum } from '../../../local/s3/checksums.ts';
import { Crc64Nvme, crc64nvme, joinCrc64Nvme } from '../../../shared/checksum/crc64nvme.ts';
import { Sha256 } from '../../../web/upload-page/sha256.ts';

const bytes = () => fc.uint8Array({ maxLength: 600 });

describe('CRC-64/NVME', () => {
  it('has the check value of its definition', () => {
    expect(Buffer.from(crc64nvme(Buffer.from('123456789')), 'base64').toString('hex')).toBe(
      'ae8b14860a799888',
    );
    expect(crc64nvme(new Uint8Array())).toBe('AAAAAAAAAAA=');
  });

  it('is what the S3 server computes, in pieces of any length', () => {
    fc.assert(
      fc.property(fc.array(bytes(), { maxLength: 6 }), (pieces) => {
        const ours = new Crc64Nvme();
        const theirs = startChecksum('crc64nvme');
        for (const piece of pieces) {
          ours.update(piece);
          theirs.update(piece);
        }
        expect(ours.base64()).toBe(theirs.digest().toString('base64'));
      }),
    );
  });

  it('of a whole is joined from those of its parts', () => {
    fc.assert(
      fc.property(bytes(), bytes(), (first, second) => {
        const joined = joinCrc64Nvme(crc64nvme(first), crc64nvme(second), second.length);
        expect(joined).toBe(crc64nvme(Buffer.concat([first, second])));
      }),
    );
  });
});

describe('SHA-256 of the upload page', () => {
  it('is that of Node, in pieces of any length', () => {
    fc.assert(
      fc.property(fc.array(bytes(), { maxLength: 6 }), (pieces) => {
        const ours = new Sha256();
        const theirs = createHash('sha256');
        for (const piece of pieces) {
          ours.update(piece);
          theirs.update(piece);
        }
        expect(ours.hex()).toBe(theirs.digest('hex'));
      }),
    );
  });
});
