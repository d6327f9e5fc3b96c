import { defineConfig } from 'vitest/config';
import { reporters } from './tools/testing/counting-reporter.mjs';

/** Tests read sources directly (condition `mesolite-source`), so they need no build; integration tests start built programs. */
const source = { conditions: ['mesolite-source', 'node'] };

export default defineConfig({
  resolve: source,
  ssr: { resolve: source },
  test: {
    reporters: reporters(),
    projects: [
      {
        resolve: source,
        ssr: { resolve: source },
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'tools/**/*.test.ts', 'conformance/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**'],
          // Generous, for machines that do other things too; a test that waits has a deadline of its own.
          testTimeout: 30_000,
        },
      },
      {
        resolve: source,
        ssr: { resolve: source },
        test: {
          name: 'integration',
          include: [
            'packages/*/test/**/*.integration.test.ts',
            'tools/**/*.integration.test.ts',
            'examples/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
