import type { S3Options, S3Server } from './contract.ts';

export declare function startS3(options: S3Options): Promise<S3Server>;
