import { configDefaults, defineConfig } from 'vitest/config';

const PIPELINE = 'tests/pipeline/**/*.test.ts';

export default defineConfig({
  test: {
    setupFiles: ['tests/helpers/seed.ts'],
    // Many times what any test takes: a machine that is busy makes them slow, not wrong.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // The SDK tells each worker that Node 20 will end; package.json says what is supported.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['tests/**/*.test.ts'],
          exclude: [...configDefaults.exclude, PIPELINE],
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole stacks, one of them shared (tests/pipeline/shared.ts): they are many processes already.
        extends: true,
        test: {
          name: 'pipeline',
          include: [PIPELINE],
          globalSetup: ['tests/pipeline/shared-setup.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
