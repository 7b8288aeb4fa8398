import type { Clearinghouse } from '../../../schemas/clearinghouse.ts';
import { availity } from './availity.ts';
import { claimMd } from './claim-md.ts';
import { generic } from './generic.ts';
import { officeAlly } from './office-ally.ts';
import { optum } from './optum.ts';
import type { Confidence, ProfileValues, ReceiverProfile } from './profile.ts';
import { stedi } from './stedi.ts';

/** A new receiver is one file and one line here. */
const PROFILES: readonly ReceiverProfile[] = [generic, stedi, officeAlly, availity, claimMd, optum];

const byName: ReadonlyMap<string, ReceiverProfile> = new Map(PROFILES.map((profile) => [profile.name, profile]));

export const profileNames: readonly string[] = PROFILES.map((profile) => profile.name);

export const findProfile = (name: string): ReceiverProfile | undefined => byName.get(name);

/** A receiver's habits as they hold for one configured clearinghouse. */
export interface ResolvedProfile extends ProfileValues {
  readonly name: string;
  /** How far each value can be trusted; `D` for what the configuration overrides. */
  readonly confidence: Readonly<Record<keyof ProfileValues, Confidence>>;
}

const VALUE_NAMES = Object.keys(generic).filter((key): key is keyof ProfileValues => key !== 'name');

const resolved = new WeakMap<object, ResolvedProfile>();

/** `resolveProfile`, worked out once per configuration object: it is asked for every file. Objects of configuration never change. */
export function profileOf(clearinghouse: Parameters<typeof resolveProfile>[0]): ResolvedProfile {
  let profile = resolved.get(clearinghouse);
  if (profile === undefined) {
    profile = resolveProfile(clearinghouse);
    resolved.set(clearinghouse, profile);
  }
  return profile;
}

/**
 * Profile, overridden by the clearinghouse's `profileOverrides`. A test file's marker goes before the profile's own
 * template; an overriding template is taken as it is. The `directory` transport always stages in a private folder.
 * Throws RangeError for a profile that does not exist (`profileProblems` says so at configuration time).
 */
export function resolveProfile(
  clearinghouse: Pick<Clearinghouse, 'profile' | 'profileOverrides' | 'usage' | 'transport'>,
): ResolvedProfile {
  const profile = byName.get(clearinghouse.profile);
  if (profile === undefined) throw new RangeError('unknown receiver profile');
  const { expects, ...overrides } = clearinghouse.profileOverrides;
  const marker = clearinghouse.usage === 'T' ? profile.testMarker.value : null;
  const template = profile.fileNameTemplate.value;
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const overridden = new Set([...Object.keys(given), ...(expects === undefined ? [] : ['expects'])]);
  const values: ProfileValues = {
    folders: profile.folders.value,
    extension: profile.extension.value,
    testMarker: profile.testMarker.value,
    fileNameTemplate: marker === null ? template : `${marker}_${template}`,
    tempStrategy: profile.tempStrategy.value,
    segmentNewline: profile.segmentNewline.value,
    subscriberDetails: profile.subscriberDetails.value,
    pcnRevision: profile.pcnRevision.value,
    emitD9: profile.emitD9.value,
    receiverIds: profile.receiverIds.value,
    responsePatterns: profile.responsePatterns.value,
    pollIntervalSeconds: profile.pollIntervalSeconds.value,
    ...given,
    expects: {
      ta1: expects?.ta1 ?? profile.expects.value.ta1,
      positive999: expects?.positive999 ?? profile.expects.value.positive999,
      cas277: expects?.cas277 ?? profile.expects.value.cas277,
    },
  };
  const trust = VALUE_NAMES.map((key) => [key, overridden.has(key) ? 'D' : profile[key].confidence] as const);
  return {
    ...values,
    name: profile.name,
    tempStrategy: clearinghouse.transport.type === 'directory' ? 'folder' : values.tempStrategy,
    confidence: Object.fromEntries(trust) as Record<keyof ProfileValues, Confidence>,
  };
}

/** The clearinghouse with what the builder of claims asks of it said outright, be it its own setting or its profile's. */
export function withProfile(clearinghouse: Clearinghouse): Clearinghouse {
  const { subscriberDetails } = profileOf(clearinghouse);
  return { ...clearinghouse, profileOverrides: { ...clearinghouse.profileOverrides, subscriberDetails } };
}

export interface ProfileProblem {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** What is wrong with a clearinghouse's choice of profile, all at once; messages carry no configured value. */
export function profileProblems(
  clearinghouse: Pick<Clearinghouse, 'profile' | 'usage' | 'interchange'>,
): readonly ProfileProblem[] {
  const profile = byName.get(clearinghouse.profile);
  if (profile === undefined) {
    return [{ pointer: '/profile', code: 'unknown_profile', message: `expected one of ${profileNames.join(', ')}` }];
  }
  const expected = profile.receiverIds.value?.[clearinghouse.usage];
  if (expected === undefined || expected === clearinghouse.interchange.receiverId) return [];
  return [
    {
      pointer: '/interchange/receiverId',
      code: 'receiver_id',
      message: `${profile.name} expects ${expected} for usage ${clearinghouse.usage}`,
    },
  ];
}
