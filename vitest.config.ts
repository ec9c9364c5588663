import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/helpers/seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The SDK tells each worker that Node 20 will end; package.json says what is supported.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
