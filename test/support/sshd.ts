import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/ops/package-info.ts';
import { freePort, startServer } from './server-process.ts';

/** sshd wants root's folders all the way to a chroot and to keys, which rules /tmp out. */
const PARENT = '/var/lib';
const SCRIPTS = join(packageRoot(), 'docker', 'sftp');
const NEEDED = [
  '/usr/sbin/sshd',
  '/usr/bin/sftp',
  '/usr/bin/ssh-keygen',
  '/usr/bin/perl',
  '/usr/bin/setpriv',
  '/usr/sbin/useradd',
];

/** Why the drop server of docker/sftp cannot run here without Docker, or null when it can. */
export function dropServerMissing(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  const missing = NEEDED.filter((program) => !existsSync(program));
  if (missing.length > 0) return `no ${missing.join(', ')}`;
  const landlock = spawnSync(join(SCRIPTS, 'landlock.pl'), ['--', '/bin/true']);
  return landlock.status === 0 ? null : 'the kernel has no Landlock';
}

export interface SftpResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One clearinghouse on the server, with what it needs to log in. */
export interface Receiver {
  /** Login and name of its folder. */
  readonly login: string;
  readonly outboundDir: string;
  readonly inboundDir: string;
  readonly stagingDir: string;
  readonly identityFile: string;
  /**
   * Runs the real `sftp` client in batch mode, in `localDir`. The client stops at the first command that fails and then
   * ends with code 1; a command that begins with `-` may fail.
   */
  sftp(commands: readonly string[], localDir: string): Promise<SftpResult>;
}

export interface DropServer {
  readonly host: string;
  readonly port: number;
  /** Holds every receiver's root and staging folder. */
  readonly base: string;
  readonly knownHostsFile: string;
  readonly receivers: readonly Receiver[];
  stop(): Promise<void>;
}

function keyPair(path: string): string {
  execFileSync('/usr/bin/ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', path]);
  return readFileSync(`${path}.pub`, 'utf8');
}

async function run(command: string, args: readonly string[], input: string, cwd: string): Promise<SftpResult> {
  const child = spawn(command, [...args], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  // A client that could not log in closes its input early.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, ...output };
}

/** The template of docker/sftp with its words filled in. Throws when one is left over. */
export function fillTemplate(words: Readonly<Record<string, string>>): string {
  const template = readFileSync(join(SCRIPTS, 'sshd_config.template'), 'utf8').replace(/^#.*\n/gm, '');
  return template.replace(/@([A-Z_]+)@/g, (_, word: string) => {
    const value = words[word];
    if (value === undefined) throw new Error(`sshd_config.template: nothing for ${word}`);
    return value;
  });
}

/**
 * Starts Debian's sshd on a free loopback port with the configuration, provisioning and Landlock rules of docker/sftp, and
 * `count` receivers with a login and a key each. `stop` removes folders, logins and group. The service is root here.
 */
export async function startDropServer({ count = 1 }: { readonly count?: number } = {}): Promise<DropServer> {
  const missing = dropServerMissing();
  if (missing !== null) throw new Error(missing);
  const directory = mkdtempSync(join(PARENT, 'rollcall-sftp-test-'));
  const [base, etc] = [join(directory, 'drop'), join(directory, 'etc')];
  const suffix = randomBytes(4).toString('hex');
  const group = `rctg${suffix}`;
  const logins = Array.from({ length: count }, (_, n) => `rct${suffix}${n}`);
  const forget = (): void => {
    for (const login of logins) spawnSync('userdel', ['-f', login], { stdio: 'ignore' });
    spawnSync('groupdel', [group], { stdio: 'ignore' });
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', forget);
  try {
    chmodSync(directory, 0o755);
    mkdirSync(join(etc, 'authorized_keys'), { recursive: true });
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    execFileSync('groupadd', [group]);
    const port = await freePort();
    const hostKey = join(etc, 'host_key');
    const knownHostsFile = join(etc, 'known_hosts');
    writeFileSync(knownHostsFile, `[127.0.0.1]:${port} ${keyPair(hostKey)}`);

    const receivers = logins.map((login, n): Receiver => {
      const uid = 600_000 + ((process.pid * 16 + n) % 400_000);
      execFileSync(join(SCRIPTS, 'provision.sh'), [base, login, String(uid), '0', '0', group], { stdio: 'pipe' });
      const identityFile = join(etc, `id_${login}`);
      keyPair(identityFile);
      copyFileSync(`${identityFile}.pub`, join(etc, 'authorized_keys', login));
      const settings = {
        BatchMode: 'yes',
        IdentitiesOnly: 'yes',
        StrictHostKeyChecking: 'yes',
        UserKnownHostsFile: knownHostsFile,
      };
      const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
      const args = ['-b', '-', '-F', '/dev/null', '-i', identityFile, '-P', String(port), ...options, `${login}@127.0.0.1`];
      return {
        login,
        outboundDir: join(base, login, 'outbound'),
        inboundDir: join(base, login, 'inbound'),
        stagingDir: join(base, `.staging-${login}`),
        identityFile,
        sftp: (commands, localDir) => run('/usr/bin/sftp', args, `${commands.join('\n')}\n`, localDir),
      };
    });
    const config = join(etc, 'sshd_config');
    writeFileSync(
      config,
      fillTemplate({
        PORT: String(port),
        LISTEN_ADDRESS: '127.0.0.1',
        HOST_KEY: hostKey,
        PID_FILE: 'none',
        GROUP: group,
        AUTHORIZED_KEYS: join(etc, 'authorized_keys'),
        CHROOT_BASE: base,
      }),
    );
    const writable = [...receivers.map((receiver) => receiver.inboundDir), '/dev', '/proc', '/run'];
    const server = await startServer({
      name: 'sshd',
      command: '/usr/bin/setpriv',
      args: [
        '--no-new-privs',
        join(SCRIPTS, 'landlock.pl'),
        ...writable.flatMap((folder) => ['--write', folder]),
        '--',
        '/usr/sbin/sshd',
        '-D',
        '-e',
        '-f',
        config,
      ],
      port,
      directory,
      stopSignal: 'SIGTERM',
    });
    const stop = async (): Promise<void> => {
      await server.stop();
      process.removeListener('exit', forget);
      forget();
    };
    return { host: '127.0.0.1', port, base, knownHostsFile, receivers, stop };
  } catch (error) {
    process.removeListener('exit', forget);
    forget();
    throw error;
  }
}
