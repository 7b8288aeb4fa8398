#!/usr/bin/env node
import { EXIT } from './cli/exit.ts';
import { processIo } from './cli/io.ts';
import { defect, runCli } from './cli.ts';

const io = processIo();

// Node's own report of an uncaught error prints its message, which may quote a patient's data.
process.on('uncaughtException', (error) => process.exit(defect(error, io)));
// `rollcall … | head` closes the pipe: nobody reads on, and there is nobody to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.failure);
  throw error;
});

process.exit(await runCli(process.argv.slice(2), io));
