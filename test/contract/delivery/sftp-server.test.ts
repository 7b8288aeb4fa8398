import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDirectoryTransport } from '../../../src/delivery/directory.ts';
import type { DropTarget } from '../../../src/delivery/transport.ts';
import { type DropServer, dropServerMissing, type Receiver, startDropServer } from '../../support/sshd.ts';
import { dropFile, INSTALLATION } from './place.ts';
import { run } from './run-ssh.ts';

const missing = process.env['REQUIRE_SERVICES'] === '1' ? null : dropServerMissing();

describe.skipIf(missing !== null)(
  `the drop server of docker/sftp, as its peer sees it${missing === null ? '' : ` (${missing})`}`,
  () => {
    const transport = createDirectoryTransport({ installationId: INSTALLATION });
    let server: DropServer;
    let receiver: Receiver;
    let neighbour: Receiver;
    let target: DropTarget;
    let local: string;
    let number = 0;

    /** Tries all commands in one session and returns what each failed with; a command that succeeded is named instead. */
    const failures = async (commands: readonly string[]): Promise<readonly string[]> => {
      const { code, stderr } = await receiver.sftp(
        commands.map((command) => `-${command}`),
        local,
      );
      expect(code).toBe(0);
      return stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Connected to'));
    };

    const deliver = async (): Promise<string> => {
      number += 1;
      const file = dropFile(`drp_${number}`);
      const [tempName] = await transport.stage(target, [file]);
      expect(await transport.rename(target, [{ tempName: tempName!, fileName: file.fileName }])).toEqual(['renamed']);
      return file.fileName;
    };

    beforeAll(async () => {
      server = await startDropServer({ count: 2 });
      [receiver, neighbour] = server.receivers as [Receiver, Receiver];
      const { outboundDir, stagingDir, inboundDir } = receiver;
      target = await transport.prepare({ transport: 'directory', host: 'test', outboundDir, stagingDir, inboundDir });
      local = await mkdtemp(join(tmpdir(), 'rollcall-peer-'));
    });
    afterAll(async () => {
      await server?.stop();
      if (local !== undefined) await rm(local, { recursive: true, force: true });
    });
    beforeEach(async () => {
      for (const name of await readdir(local)) await rm(join(local, name), { recursive: true });
      for (const name of await transport.list(target)) await rm(join(target.outboundDir, name), { recursive: true });
    });

    it('shows two folders, the drops, and nothing of ours', async () => {
      const name = await deliver();
      await transport.stage(target, [dropFile('drp_half')]);
      const listed = await receiver.sftp(['ls -1', 'ls -1 outbound', 'ls -1a ..'], local);
      expect(listed).toMatchObject({ code: 0 });
      expect(listed.stdout.split('\n').filter((line) => !line.startsWith('sftp>') && line !== '')).toEqual([
        'inbound',
        'outbound',
        `outbound/${name}`,
        '../.',
        '../..',
        '../inbound',
        '../outbound',
      ]);
      await transport.discard(target, ['drp_half.1.tmp']);
    });

    it('lets the peer pick a file up and delete it', async () => {
      const name = await deliver();
      const taken = await receiver.sftp([`get outbound/${name}`, `rm outbound/${name}`], local);
      expect(taken).toMatchObject({ code: 0 });
      expect(await readFile(join(local, name))).toEqual(dropFile(`drp_${number}`).bytes);
      expect(await transport.list(target)).toEqual([]);
      await transport.verifyMarker(target);
      const looks = [
        await transport.lookAtTemp(target, `drp_${number}.1.tmp`, dropFile('x')),
        await transport.lookAtFinal(target, { ...dropFile('x'), fileName: name }),
      ];
      expect(looks).toEqual([{ kind: 'absent' }, { kind: 'absent' }]);
    });

    it('lets it take everything that a pattern names, and never our marker', async () => {
      const names = [await deliver(), await deliver(), await deliver()];
      expect(await receiver.sftp(['get outbound/*', 'rm outbound/*'], local)).toMatchObject({ code: 0 });
      expect((await readdir(local)).sort()).toEqual(names.sort());
      await transport.verifyMarker(target);
      const marker = [
        'ls outbound/.rollcall',
        'get outbound/.rollcall/marker',
        'rm outbound/.rollcall/marker',
        'rmdir outbound/.rollcall',
      ];
      expect(await failures(marker)).toHaveLength(marker.length);
      await transport.verifyMarker(target);
    });

    it('does not let it write to outbound in any way', async () => {
      const name = await deliver();
      await writeFile(join(local, 'evil.837'), 'ISA*evil~'.repeat(500));
      const attempts = [
        'put evil.837 outbound/evil.837',
        `put evil.837 outbound/${name}`,
        `put -a evil.837 outbound/${name}`,
        `rename outbound/${name} outbound/other.837`,
        `rename outbound/${name} inbound/moved.837`,
        `copy outbound/${name} outbound/copy.837`,
        `ln outbound/${name} outbound/hard.837`,
        `ln -s /etc/passwd outbound/soft.837`,
        'mkdir outbound/sub',
        `chmod 777 outbound/${name}`,
        'rename outbound/.rollcall outbound/moved',
      ];
      expect(await failures(attempts)).toHaveLength(attempts.length);
      await receiver.sftp(['put evil.837 inbound/evil.837'], local);
      expect((await receiver.sftp(['rename inbound/evil.837 outbound/evil.837'], local)).code).not.toBe(0);
      expect(await transport.list(target)).toEqual([name]);
      expect(await transport.lookAtFinal(target, { ...dropFile(`drp_${number}`), fileName: name })).toEqual({ kind: 'match' });
      await transport.verifyMarker(target);
    });

    it('does not let it see staging, a neighbour or the machine', async () => {
      const places = ['.staging-x', '../.staging-x', `/.staging-${receiver.login}`, `../${neighbour.login}`, '/etc', server.base];
      const looks = [...places.map((path) => `ls ${path}`), `get /.staging-${receiver.login}/drp_1.1.tmp`];
      expect(await failures(looks)).toHaveLength(looks.length);
    });

    it('takes answers in inbound, under a temporary name first if it likes, for the service to collect', async () => {
      await writeFile(join(local, 'answer.999'), 'ISA*answer~');
      const sent = await receiver.sftp(
        ['put answer.999 inbound/answer.999.part', 'rename inbound/answer.999.part inbound/answer.999'],
        local,
      );
      expect(sent).toMatchObject({ code: 0 });
      const stored = join(receiver.inboundDir, 'answer.999');
      expect(await readFile(stored, 'utf8')).toBe('ISA*answer~');
      // Readable by the group, which is the service's, and by nobody else.
      expect((await stat(stored)).mode & 0o047).toBe(0o040);
      expect((await stat(stored)).gid).toBe((await stat(receiver.inboundDir)).gid);
      await rm(stored);
    });

    it('lets nobody in without the right key, and nobody run anything but sftp', async () => {
      const options = { port: server.port, knownHostsFile: server.knownHostsFile };
      const wrongKey = await run({ ...options, identityFile: neighbour.identityFile, login: receiver.login, command: 'id' });
      expect(wrongKey).toMatchObject({ code: 255, stdout: '' });
      expect(wrongKey.stderr).toContain('Permission denied (publickey)');
      const root = await run({ ...options, identityFile: receiver.identityFile, login: 'root', command: 'id' });
      expect(root).toMatchObject({ code: 255, stdout: '' });
      const shell = await run({ ...options, identityFile: receiver.identityFile, login: receiver.login, command: 'id' });
      expect(shell.stdout).not.toContain('uid=');
    });
  },
);
