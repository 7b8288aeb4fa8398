import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/ops/package-info.ts';
import { fillTemplate } from '../../support/sshd.ts';

const words = {
  PORT: '2222',
  LISTEN_ADDRESS: '0.0.0.0',
  HOST_KEY: '/etc/k',
  PID_FILE: 'none',
  GROUP: 'sftp-drop',
  AUTHORIZED_KEYS: '/etc/keys',
  CHROOT_BASE: '/drop',
};
const script = (name: string): string => readFileSync(join(packageRoot(), 'docker', 'sftp', name), 'utf8');
const settings = new Map(
  fillTemplate(words)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const),
);

describe('sshd_config.template', () => {
  it('is sftp in a root of one’s own and nothing else', () => {
    expect(settings.get('ChrootDirectory')).toBe('/drop/%u');
    expect(settings.get('ForceCommand')).toMatch(/^internal-sftp /);
    expect(settings.get('Subsystem')).toBe('sftp internal-sftp');
    expect(settings.get('DisableForwarding')).toBe('yes');
    expect(settings.get('PermitTTY')).toBe('no');
    expect(settings.get('AllowGroups')).toBe('sftp-drop');
  });

  it('lets in by key alone, never root', () => {
    expect(settings.get('AuthenticationMethods')).toBe('publickey');
    expect(settings.get('PasswordAuthentication')).toBe('no');
    expect(settings.get('KbdInteractiveAuthentication')).toBe('no');
    expect(settings.get('PermitRootLogin')).toBe('no');
    expect(settings.get('StrictModes')).toBe('yes');
    expect(settings.get('AuthorizedKeysFile')).toBe('/etc/keys/%u');
  });

  it('refuses links, folders and server-side copies, and keeps uploads from others', () => {
    const command = settings.get('ForceCommand') ?? '';
    expect(/ -P (\S+)/.exec(command)?.[1]?.split(',').sort()).toEqual(['copy-data', 'hardlink', 'mkdir', 'rmdir', 'symlink']);
    expect(command).toContain('-u 0007');
  });

  it('has every word filled in by the entrypoint, and names what is missing', () => {
    for (const word of Object.keys(words)) expect(script('entrypoint.sh')).toContain(`s|@${word}@|`);
    const { PORT: _, ...rest } = words;
    expect(() => fillTemplate(rest)).toThrow('PORT');
  });
});

describe('the sftp image', () => {
  it('copies scripts that are there and can be run', () => {
    const copied = [...script('Dockerfile').matchAll(/^COPY --chmod=(\d+) (.+) \S+$/gm)];
    expect(copied.flatMap(([, , names]) => (names ?? '').split(' ')).sort()).toEqual([
      'entrypoint.sh',
      'landlock.pl',
      'provision.sh',
      'sshd_config.template',
    ]);
    for (const name of ['entrypoint.sh', 'landlock.pl', 'provision.sh']) {
      expect(statSync(join(packageRoot(), 'docker', 'sftp', name)).mode & 0o111, name).not.toBe(0);
    }
  });

  it('gives the service’s uid and gid to the folders that its image runs with', () => {
    const user = /^USER (\d+):(\d+)$/m.exec(readFileSync(join(packageRoot(), 'docker', 'Dockerfile'), 'utf8'));
    expect(script('entrypoint.sh')).toContain(`"\${SERVICE_UID:=${user?.[1]}}" "\${SERVICE_GID:=${user?.[2]}}"`);
  });

  it('never starts without Landlock unless told so', () => {
    const entrypoint = script('entrypoint.sh');
    expect(entrypoint).toContain('landlock.pl $writable');
    expect(entrypoint).toMatch(/SFTP_ALLOW_WITHOUT_LANDLOCK:=no/);
    expect(script('landlock.pl')).toContain('exit 78');
  });
});
