import { resolve } from 'node:path';
import { type Config, loadConfig } from '../config.ts';

export interface GlobalOptions {
  readonly dataDir?: string;
}

/** The settings of the environment; `--data-dir` wins over DATA_DIR. Throws `StartRefused`. */
export function settingsFor({ dataDir }: GlobalOptions): Config {
  const config = loadConfig();
  return dataDir === undefined ? config : { ...config, dataDir: resolve(dataDir) };
}
