import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import { describe, test } from 'vitest';
import type { ContainerCommand } from './containers.ts';
import { scratchDir } from './scratch.ts';
import { freePort, type ServerProcess, startServer } from './server-process.ts';

export type ServiceName = 'redis' | 'postgres' | 'sshd';

/** The first of `names` that can be run from PATH or one of `more`, or null. */
function find(names: readonly string[], more: readonly string[] = []): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', ...more];
  for (const name of names) {
    const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
    if (path !== undefined) return path;
  }
  return null;
}

/** Debian keeps the server programs of each Postgres major off PATH; the newest first. */
function postgresFolders(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  const majors = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return majors.map((major) => join(root, major, 'bin'));
}

/** True when a Docker engine answers within half a second. */
function dockerAnswers(): Promise<boolean> {
  const host = process.env['DOCKER_HOST'] ?? '';
  const socketPath = host === '' ? '/var/run/docker.sock' : host.startsWith('unix://') ? host.slice(7) : null;
  if (socketPath !== null && !existsSync(socketPath)) return Promise.resolve(false);
  const target = socketPath === null ? host.replace(/^tcp:/, 'http:') : { socketPath };
  return new Promise((resolve) => {
    const options = { path: '/_ping', timeout: 500 };
    const ping = typeof target === 'string' ? request(target, options) : request({ ...target, ...options });
    ping.once('response', (response) => resolve(response.statusCode === 200));
    ping.once('timeout', () => ping.destroy(new Error('late')));
    ping.once('error', () => resolve(false));
    ping.end();
  });
}

/** Loaded only where an engine answers: testcontainers is a second of start-up. */
async function startContainer(command: ContainerCommand): Promise<ServerProcess> {
  const containers = await import('./containers.ts');
  return containers.startContainer(command);
}

const docker = await dockerAnswers();
const programs = {
  redis: find(['redis-server', 'valkey-server']),
  postgres: find(['postgres'], postgresFolders()),
  initdb: find(['initdb'], postgresFolders()),
  sshd: find(['sshd']),
  keygen: find(['ssh-keygen']),
};

/** Why a service cannot be started here, or null when it can. */
export function available(service: ServiceName): string | null {
  if (service === 'sshd') return programs.sshd !== null && programs.keygen !== null ? null : 'no sshd and ssh-keygen on PATH';
  if (docker) return null;
  if (service === 'redis') return programs.redis === null ? 'no Docker engine and no redis-server on PATH' : null;
  return programs.postgres === null || programs.initdb === null ? 'no Docker engine and no postgres server' : null;
}

/** `describe` that is skipped, and says why, where a service is missing; with `REQUIRE_SERVICES=1` that is a failure. */
export function describeWith(services: ServiceName | readonly ServiceName[], title: string, body: () => void): void {
  const missing = [services].flat().flatMap((service) => available(service) ?? []);
  if (missing.length === 0) {
    describe(title, body);
  } else if (process.env['REQUIRE_SERVICES'] === '1') {
    describe(title, () => {
      test('the machine has the services', () => {
        throw new Error(`REQUIRE_SERVICES=1, but ${missing.join('; ')}`);
      });
    });
  } else {
    describe.skip(`${title} (${missing.join('; ')})`, body);
  }
}

export interface Service extends ServerProcess {
  readonly url: string;
  readonly port: number;
}

/** Redis with `noeviction`, as in production; `appendOnly` keeps the data over `kill` and `restart`. */
export async function startRedis(options: { appendOnly?: boolean } = {}): Promise<Service> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const settings = ['--save', '', '--appendonly', options.appendOnly === true ? 'yes' : 'no', '--maxmemory-policy', 'noeviction'];
  if (docker) {
    const container = await startContainer({
      image: 'redis:7-alpine',
      port,
      inner: 6379,
      command: ['redis-server', ...settings],
      ready: /Ready to accept connections/,
    });
    return { url, port, ...container };
  }
  if (programs.redis === null) throw new Error(available('redis') ?? 'no redis-server');
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-redis-'));
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, ...settings];
  const server = await startServer({ name: 'redis', command: programs.redis, args, port, directory, stopSignal: 'SIGTERM' });
  return { url, port, ...server };
}

/** A running Postgres server, whoever started it. */
export interface Databases {
  readonly port: number;
  /** A new empty database on this server; returns its URL. One per test keeps tests apart without a server each. */
  createDatabase(): Promise<string>;
}

export interface PostgresService extends Service, Databases {}

const postgresUrl = (port: number, database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;

/** The server on this loopback port. */
export function databasesOn(port: number): Databases {
  return {
    port,
    async createDatabase() {
      const name = `t_${randomBytes(8).toString('hex')}`;
      const client = new pg.Client({ connectionString: postgresUrl(port, 'postgres') });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return postgresUrl(port, name);
    },
  };
}

/** The uid that the server runs as: it refuses root. */
function postgresIdentity(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = entry.find(([name]) => name === 'postgres') ?? entry.find(([name]) => name === 'nobody');
  if (user === undefined) throw new Error('no user postgres or nobody to run the server as');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

async function serverAnswers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Postgres on loopback, superuser `postgres`, no password. `durable` turns fsync on, for tests that kill it. */
export async function startPostgres(options: { durable?: boolean; maxConnections?: number } = {}): Promise<PostgresService> {
  const port = await freePort();
  const url = postgresUrl(port, 'postgres');
  const sync = options.durable === true ? 'on' : 'off';
  const settings = {
    fsync: sync,
    synchronous_commit: sync,
    full_page_writes: sync,
    max_connections: String(options.maxConnections ?? 100),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let server: ServerProcess;
  if (docker) {
    server = await startContainer({
      image: 'postgres:15-alpine',
      port,
      inner: 5432,
      command: ['postgres', ...flags],
      environment: { POSTGRES_HOST_AUTH_METHOD: 'trust' },
      ready: /database system is ready to accept connections[\s\S]*database system is ready to accept connections/,
    });
  } else {
    if (programs.postgres === null || programs.initdb === null) throw new Error(available('postgres') ?? 'no postgres');
    const directory =
      options.durable === true ? mkdtempSync(join(tmpdir(), 'rollcall-postgres-')) : scratchDir('rollcall-postgres-');
    const identity = postgresIdentity();
    if (identity.uid !== undefined) chownSync(directory, identity.uid, identity.gid ?? identity.uid);
    const data = join(directory, 'data');
    const initArgs = ['-D', data, '--no-sync', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-U', 'postgres'];
    execFileSync(programs.initdb, initArgs, { stdio: 'pipe', cwd: directory, ...identity });
    const args = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', directory, ...flags];
    const isReady = () => serverAnswers(url);
    server = await startServer({
      name: 'postgres',
      command: programs.postgres,
      args,
      port,
      directory,
      ...identity,
      stopSignal: 'SIGINT',
      isReady,
    });
  }
  return { url, ...server, ...databasesOn(port) };
}

export interface SshdService extends Service {
  readonly host: string;
  readonly username: string;
  /** OpenSSH private key file of a user that may log in, and its text. */
  readonly identityFile: string;
  readonly privateKey: string;
  readonly knownHostsFile: string;
  /** `SHA256:…` of the server's ed25519 host key. */
  readonly hostKeyFingerprint: string;
}

/** A real OpenSSH server that offers sftp only, to the user who runs the tests, beginning in `root`. */
export async function startSshd({ root }: { root: string }): Promise<SshdService> {
  if (programs.sshd === null || programs.keygen === null) throw new Error(available('sshd') ?? 'no sshd');
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-sshd-'));
  const [hostKey, identityFile] = [join(directory, 'host_key'), join(directory, 'id')];
  for (const key of [hostKey, identityFile]) execFileSync(programs.keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const hostKeyFingerprint =
    execFileSync(programs.keygen, ['-lf', `${hostKey}.pub`])
      .toString()
      .split(' ')[1] ?? '';
  const knownHostsFile = join(directory, 'known_hosts');
  writeFileSync(knownHostsFile, `[127.0.0.1]:${port} ${readFileSync(`${hostKey}.pub`, 'utf8')}`);
  writeFileSync(join(directory, 'authorized_keys'), readFileSync(`${identityFile}.pub`));
  chmodSync(join(directory, 'authorized_keys'), 0o600);
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
    `PidFile ${join(directory, 'pid')}`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'Subsystem sftp internal-sftp',
    `ForceCommand internal-sftp -d ${root}`,
    'AllowTcpForwarding no',
  ];
  writeFileSync(join(directory, 'sshd_config'), `${config.join('\n')}\n`);
  // sshd as root wants its privilege separation folder; Debian makes it at boot.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const args = ['-D', '-e', '-f', join(directory, 'sshd_config')];
  const server = await startServer({ name: 'sshd', command: programs.sshd, args, port, directory, stopSignal: 'SIGTERM' });
  const username = userInfo().username;
  return {
    url: `sftp://${username}@127.0.0.1:${port}`,
    port,
    host: '127.0.0.1',
    username,
    identityFile,
    privateKey: readFileSync(identityFile, 'utf8'),
    knownHostsFile,
    hostKeyFingerprint,
    ...server,
  };
}
