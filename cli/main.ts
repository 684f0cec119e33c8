#!/usr/bin/env node
import { run } from './program.ts';

// Whoever reads the output may stop reading (`| head`): no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2));
