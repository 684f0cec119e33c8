import { defineConfig } from 'vitest/config';

/** `npm run test:slow` runs the `*.slow.ts` files instead of the ordinary ones. */
const slow = process.env.CONSILIENCE_SLOW === '1';

export default defineConfig({
  test: {
    include: [slow ? 'test/**/*.slow.ts' : 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    execArgv: ['--expose-gc'], // the contract suite looks whether training data can be collected
    maxWorkers: 2,
    testTimeout: slow ? 600_000 : 30_000,
    hookTimeout: 60_000,
  },
});
