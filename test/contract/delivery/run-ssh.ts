import { execFile } from 'node:child_process';

/** Asks an sshd to run a command; code 255 is ssh's own failure. Stops by itself after a minute. */
export function run(options: {
  readonly port: number;
  readonly knownHostsFile: string;
  readonly identityFile: string;
  readonly login: string;
  readonly command: string;
}): Promise<{ code: number; stdout: string; stderr: string }> {
  const settings = {
    BatchMode: 'yes',
    IdentitiesOnly: 'yes',
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: options.knownHostsFile,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const args = [
    '-F',
    '/dev/null',
    '-p',
    String(options.port),
    '-i',
    options.identityFile,
    ...flags,
    `${options.login}@127.0.0.1`,
    options.command,
  ];
  return new Promise((resolve) => {
    const child = execFile('/usr/bin/ssh', args, { timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end();
  });
}
