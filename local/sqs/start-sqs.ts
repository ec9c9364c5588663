import type { SqsOptions, SqsServer } from './contract.ts';

export declare function startSqs(options: SqsOptions): Promise<SqsServer>;
