import { describe, expect, it } from 'vitest';
import { clearinghouse as schema } from '../../../schemas/clearinghouse.ts';
import { findProfile, profileNames, profileProblems, resolveProfile } from '../../../src/delivery/profiles/registry.ts';

const clearinghouse = (over: Record<string, unknown> = {}) =>
  schema.parse({
    name: 'Sandbox',
    usage: 'T',
    transport: { type: 'directory', outboundDir: null, inboundDir: null },
    interchange: {
      senderQualifier: 'ZZ',
      senderId: 'NORTHSIDE',
      receiverQualifier: 'ZZ',
      receiverId: 'SANDBOXCH',
      applicationSender: 'NORTHSIDE',
      applicationReceiver: 'SANDBOXCH',
    },
    receiver: { name: 'SANDBOX', id: 'SANDBOXCH' },
    timezone: 'America/New_York',
    ...over,
  });
const sftp = {
  type: 'sftp',
  host: 'sftp.example.test',
  port: 22,
  username: 'u',
  hostKeyFingerprint: 'SHA256:x',
  outboundDir: '/in',
  inboundDir: '/out',
};

describe('receiver profiles', () => {
  it('are the six that the product ships', () => {
    expect([...profileNames].sort()).toEqual(['availity', 'claim-md', 'generic', 'office-ally', 'optum', 'stedi']);
  });

  it.each(profileNames)('%s states for every value how far it can be trusted and why', (name) => {
    const { name: own, ...values } = findProfile(name)!;
    expect(own).toBe(name);
    for (const value of Object.values(values)) {
      expect(value.confidence).toMatch(/^[HMKD]$/);
      expect(value.source.length).toBeGreaterThan(3);
    }
  });

  it.each(profileNames)('%s gives safe, unique file names within 50 characters', (name) => {
    for (const usage of ['T', 'P'] as const) {
      const template = resolveProfile(clearinghouse({ profile: name, usage })).fileNameTemplate;
      expect(template).toContain('<ISA13>');
      const filled = template.replace('<sender>', 'A'.repeat(15)).replace('<ISA13>', '000000001').replace('<usage>', usage);
      expect(filled).toMatch(/^[A-Za-z0-9][A-Za-z0-9._]{0,49}$/);
      expect(filled.endsWith(findProfile(name)!.extension.value)).toBe(true);
    }
  });

  it('mark test files where the receiver asks for it, and only those', () => {
    expect(resolveProfile(clearinghouse({ profile: 'office-ally' })).fileNameTemplate).toBe('OATEST_<sender>_<ISA13>.837');
    expect(resolveProfile(clearinghouse({ profile: 'office-ally', usage: 'P' })).fileNameTemplate).toBe('<sender>_<ISA13>.837');
  });

  it('yield to the configuration, value by value', () => {
    const resolved = resolveProfile(
      clearinghouse({ profileOverrides: { segmentNewline: false, fileNameTemplate: 'X<ISA13>.txt', expects: { ta1: true } } }),
    );
    expect(resolved).toMatchObject({
      name: 'generic',
      segmentNewline: false,
      fileNameTemplate: 'X<ISA13>.txt',
      emitD9: true,
      pcnRevision: 'inherit',
      expects: { ta1: true, positive999: true, cas277: true },
      confidence: { segmentNewline: 'D', expects: 'D', pcnRevision: 'H' },
    });
  });

  it('stage in a private folder over the directory transport, whatever the receiver can do', () => {
    expect(resolveProfile(clearinghouse({ profile: 'stedi' })).tempStrategy).toBe('folder');
    expect(resolveProfile(clearinghouse({ profile: 'stedi', transport: sftp })).tempStrategy).toBe('none');
    expect(resolveProfile(clearinghouse({ transport: sftp, profileOverrides: { tempStrategy: 'suffix' } })).tempStrategy).toBe(
      'suffix',
    );
  });

  it('are checked when they are configured', () => {
    expect(() => resolveProfile(clearinghouse({ profile: 'nobody' }))).toThrow(RangeError);
    expect(profileProblems(clearinghouse({ profile: 'nobody' }))).toMatchObject([
      { pointer: '/profile', code: 'unknown_profile' },
    ]);
    expect(profileProblems(clearinghouse())).toEqual([]);
    const stedi = clearinghouse({ profile: 'stedi' });
    expect(profileProblems(stedi)).toMatchObject([{ pointer: '/interchange/receiverId', code: 'receiver_id' }]);
    const right = { ...stedi, interchange: { ...stedi.interchange, receiverId: 'STEDITEST' } };
    expect(profileProblems(right)).toEqual([]);
    expect(profileProblems({ ...right, usage: 'P' })).toHaveLength(1);
  });
});
