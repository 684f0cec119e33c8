#!/usr/bin/env node
import { exitCodes } from './exit-codes.ts';
import { run } from './program.ts';

// Whoever reads the output may stop reading (`| head`): no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: stdout: cannot be written, got ${error.message}\n`);
  process.exit(exitCodes.failed);
});

process.exitCode = await run(process.argv.slice(2));
