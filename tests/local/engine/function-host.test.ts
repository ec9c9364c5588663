import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FunctionDefinition, ResponseHead } from '../../../local/lambda/definition.ts';
import { createFunctionHost, type FunctionHost } from '../../../local/lambda/function-host.ts';

let directory: string;
const hosts: FunctionHost[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'function-host-'));
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
  await rm(directory, { recursive: true, force: true });
});

async function host(
  code: string,
  {
    file = 'index.js',
    maxWorkers = 1,
    ...changes
  }: Partial<FunctionDefinition> & { file?: string; maxWorkers?: number } = {},
): Promise<FunctionHost> {
  await writeFile(join(directory, file), code);
  const definition: FunctionDefinition = {
    logicalId: 'Step12345678',
    title: 'Step',
    name: 'Stack-Step12345678',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:Stack-Step12345678',
    directory,
    handler: 'index.handler',
    memoryMb: 128,
    timeoutSeconds: 5,
    environment: { TABLE: 'the-table' },
    layers: [],
    roleArn: 'arn:aws:iam::000000000000:role/Step',
    logFile: join(directory, 'Step.log'),
    logGroup: '/aws/lambda/Step',
    reservedConcurrency: undefined,
    ...changes,
  };
  const made = createFunctionHost(definition, {
    maxWorkers,
    scratch: join(directory, 'tmp'),
    onFirstStart: () => {},
  });
  hosts.push(made);
  return made;
}

const answer = async (made: FunctionHost, event: unknown = {}) => {
  const result = await made.invoke(event);
  return result.ok ? (JSON.parse(result.payload) as unknown) : result.error;
};

describe('a function', () => {
  it('is loaded as CommonJS and answers JSON', async () => {
    const made = await host('exports.handler = async (event) => ({ twice: event.n * 2 });');
    expect(await answer(made, { n: 21 })).toEqual({ twice: 42 });
  });

  it('is loaded as a module when its file says so', async () => {
    const made = await host('export const handler = async () => import.meta.url.slice(-9);', {
      file: 'index.mjs',
    });
    expect(await answer(made)).toBe('index.mjs');
  });

  it('sees the environment of its template and nothing of this process', async () => {
    const made = await host('exports.handler = async () => process.env;');
    expect(await answer(made)).toEqual({
      TABLE: 'the-table',
      TMPDIR: expect.stringContaining(join(directory, 'tmp')),
    });
  });

  it('gets the context of Lambda', async () => {
    const made = await host(
      'exports.handler = async (_, context) => ({ ...context, left: context.getRemainingTimeInMillis() });',
    );
    const context = (await answer(made)) as { left: number };
    expect(context).toMatchObject({
      functionName: 'Stack-Step12345678',
      memoryLimitInMB: '128',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(context.left).toBeGreaterThan(3_000);
    expect(context.left).toBeLessThanOrEqual(5_000);
  });

  it('keeps what it set up between invocations, as a warm container does', async () => {
    const made = await host('let calls = 0; exports.handler = async () => ++calls;');
    expect([await answer(made), await answer(made)]).toEqual([1, 2]);
  });

  it('runs as many invocations at once as it has workers', async () => {
    const made = await host(
      'exports.handler = async () => { const from = Date.now(); await new Promise((r) => setTimeout(r, 300)); return [from, Date.now()]; };',
      { maxWorkers: 2 },
    );
    const spans = (await Promise.all([answer(made), answer(made), answer(made)])) as [number, number][];
    const most = spans.map(([from]) => spans.filter(([start, end]) => start <= from && from < end).length);
    expect(Math.max(...most)).toBe(2);
  });

  it('that throws fails with the name and the message of its error, and lives on', async () => {
    const made = await host(
      'exports.handler = async (e) => { if (e.bad) throw new TypeError("no"); return 1; };',
    );
    expect(await answer(made, { bad: true })).toEqual(
      expect.objectContaining({ errorType: 'TypeError', errorMessage: 'no' }),
    );
    expect(await answer(made)).toBe(1);
    expect(made.counts).toMatchObject({ invocations: 2, errors: 1, timeouts: 0 });
  });

  it.each([
    ['waits for ever', 'await new Promise(() => {})'],
    ['never yields', 'for (;;);'],
  ])('that %s is ended at its timeout, and the next invocation has a fresh worker', async (_, stuck) => {
    const made = await host(
      `let n = 0; exports.handler = async (e) => { n += 1; if (e.stuck) ${stuck}; return n; };`,
      {
        timeoutSeconds: 0.5,
      },
    );
    expect(await answer(made)).toBe(1);
    expect(await answer(made, { stuck: true })).toMatchObject({
      errorMessage: 'Task timed out after 0.50 seconds',
    });
    expect(await answer(made)).toBe(1);
    expect(made.counts).toMatchObject({ invocations: 3, errors: 1, timeouts: 1 });
  });

  it('that is ended computes no more', async () => {
    const made = await host(
      'exports.handler = async () => { for (;;) require("node:fs").writeFileSync(process.env.TMPDIR + "/../tick", String(Date.now())); };',
      { timeoutSeconds: 0.3 },
    );
    expect(await answer(made)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    await new Promise((done) => setTimeout(done, 200));
    const { mtimeMs } = await stat(join(directory, 'tmp', 'tick'));
    await new Promise((done) => setTimeout(done, 200));
    expect((await stat(join(directory, 'tmp', 'tick'))).mtimeMs).toBe(mtimeMs);
  });

  it.each([
    ['exits', 'process.exit(3)', 'Runtime.ExitError'],
    [
      'leaves a rejection unhandled',
      'Promise.reject(new Error("lost")); await new Promise(() => {})',
      'Runtime.UnhandledError',
    ],
    ['fills its memory', 'const all = []; for (;;) all.push(new Array(1e6).fill({}))', 'Runtime.OutOfMemory'],
  ])('that %s costs its invocation and not this process', async (_, fault, errorType) => {
    const made = await host(`exports.handler = async (e) => { if (e.bad) { ${fault} } return 1; };`);
    expect(await answer(made, { bad: true })).toMatchObject({ errorType });
    expect(await answer(made)).toBe(1);
  });

  it.each([
    [
      'a bundle that throws',
      'throw new RangeError("broken");',
      { errorType: 'RangeError', errorMessage: 'broken' },
    ],
    [
      'a handler that is missing',
      'exports.other = 1;',
      { errorMessage: 'index.handler is undefined or not exported' },
    ],
  ])('fails each invocation over %s', async (_, code, error) => {
    const made = await host(code);
    expect(await answer(made)).toMatchObject(error);
    expect(await answer(made)).toMatchObject(error);
  });

  it('writes what it says to its log', async () => {
    const made = await host(
      'exports.handler = async () => { console.log("said"); console.error("shouted"); };',
    );
    await answer(made);
    await made.stop();
    const log = await readFile(join(directory, 'Step.log'), 'utf8');
    expect(log).toContain('said');
    expect(log).toContain('shouted');
    expect(log).toMatch(/REPORT RequestId: [0-9a-f-]{36} Duration: \d+ ms/);
  });

  it('may not answer more than Lambda passes on', async () => {
    const made = await host('exports.handler = async () => "x".repeat(6 * 1024 * 1024);');
    expect(await answer(made)).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  });
});

describe('a streaming function', () => {
  const streaming = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
    stream = awslambda.HttpResponseStream.from(stream, { statusCode: 206, headers: { 'content-type': 'text/plain' } });
    for (let i = 0; i < event.chunks; i += 1) {
      if (!stream.write(Buffer.alloc(1024, 97 + (i % 26)))) await new Promise((done) => stream.once('drain', done));
      globalThis.written = i + 1;
    }
    if (event.fail) throw new Error('half way');
    stream.end();
  });
  exports.written = async () => globalThis.written;`;

  it('sends head and bytes in their order', async () => {
    const made = await host(streaming);
    const heads: ResponseHead[] = [];
    const chunks: Uint8Array[] = [];
    let ended = false;
    const result = await made.invoke(
      { chunks: 100 },
      {
        head: (head) => heads.push(head),
        write: async (chunk) => void chunks.push(chunk),
        end: () => {
          ended = true;
        },
      },
    );
    expect(result.ok).toBe(true);
    expect(heads).toEqual([{ statusCode: 206, headers: { 'content-type': 'text/plain' } }]);
    const bytes = Buffer.concat(chunks);
    expect(bytes).toHaveLength(100 * 1024);
    expect(bytes[50 * 1024]).toBe(97 + (50 % 26));
    expect(ended).toBe(true);
  });

  it('waits while the reader does', async () => {
    const made = await host(streaming);
    let taken = 0;
    let release: () => void = () => {};
    const running = made.invoke(
      { chunks: 1_000 },
      {
        head: () => {},
        write: (chunk) => {
          taken += chunk.length;
          return new Promise((resolve) => {
            release = resolve;
          });
        },
        end: () => {},
      },
    );
    await expect.poll(() => taken, { timeout: 3_000 }).toBeGreaterThan(0);
    await new Promise((done) => setTimeout(done, 100));
    expect(taken).toBe(1024);
    const timer = setInterval(() => release(), 1);
    await running;
    clearInterval(timer);
    expect(taken).toBe(1_000 * 1024);
  });

  it('that fails half way says so after the bytes', async () => {
    const made = await host(streaming);
    const sink = { head: () => {}, write: async () => {}, end: () => {} };
    expect(await made.invoke({ chunks: 3, fail: true }, sink)).toMatchObject({
      ok: false,
      error: { errorMessage: 'half way' },
    });
  });
});
