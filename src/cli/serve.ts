import { type App, compose } from '../compose.ts';
import type { Config } from '../config.ts';
import { packageVersion } from '../ops/package-info.ts';
import { EXIT, type ExitCode, failure } from './exit.ts';
import type { Io } from './io.ts';
import { listenForStop } from './signals.ts';

/** `rollcall serve`: runs until SIGTERM or SIGINT, then drains. 0 after a clean drain. */
export async function serveCommand(io: Io, config: Config): Promise<ExitCode> {
  const stop = listenForStop();
  try {
    const app = await compose(config);
    // Before anything that can fail: the key is stored hashed and can be shown only now.
    if (app.core.firstKey !== null) io.out(`First key (all scopes), shown this once: ${app.core.firstKey}\n`);
    await startOrClose(app, config);
    io.out(banner(app, config));
    const signal = await stop.asked;
    app.core.log.info({ signal }, 'draining');
    await app.stop();
    return EXIT.ok;
  } finally {
    stop.dispose();
  }
}

const ADDRESS_TROUBLE = new Set(['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND', 'EAI_AGAIN']);

async function startOrClose(app: App, config: Config): Promise<void> {
  try {
    await app.start();
  } catch (error) {
    await app.stop();
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (ADDRESS_TROUBLE.has(code)) throw failure(`Cannot listen on ${config.host}:${config.port} (${code}).`);
    throw error;
  }
}

/** What somebody who has just started it needs next. */
function banner(app: App, config: Config): string {
  const ledger = config.databaseUrl === null ? 'embedded ledger (PGlite)' : 'PostgreSQL ledger';
  const queue = config.redisUrl === null ? 'queue on the ledger' : 'queue on Redis';
  const url = app.url();
  return [
    `Rollcall ${packageVersion()}, role ${config.role}: ${ledger}, ${queue}`,
    `  data      ${config.dataDir}`,
    ...(url === null ? [] : [`  listening ${url}`, `  API docs  ${url}/docs`, `  console   ${url}/ops`]),
    '',
  ].join('\n');
}
