import { inject } from 'vitest';
import { available, type Databases, databasesOn } from './services.ts';

/** The server that runs as long as the project's tests (`global-setup.ts`): for those that neither stop nor count on it alone. */
export function sharedPostgres(): Databases {
  const port = inject('postgresPort');
  if (port === null) throw new Error(available('postgres') ?? 'no postgres');
  return databasesOn(port);
}
