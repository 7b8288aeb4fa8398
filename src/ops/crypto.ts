import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import { encodeBase32, idBytes, idFromBytes } from './ids.ts';
import { randomBytes } from './random.ts';

/**
 * Sealed bytes: version 1 | key id 16 | IV 12 | AES-256-GCM ciphertext | tag 16. Version and key id are authenticated
 * together with the caller's context, so a record moved to another place, practice or key does not open.
 * A random 96-bit IV is safe up to 2^32 messages per key (NIST SP 800-38D §8.3): keys are per practice.
 */
const VERSION = 1;
const HEADER = 1 + 16;
const IV = 12;
const TAG = 16;
const OVERHEAD = HEADER + IV + TAG;

/** A symmetric key and its name; the name travels with what it sealed. */
export interface NamedKey {
  /** `key_…` (`ids.ts`). */
  readonly id: string;
  readonly secret: KeyObject;
  /** What begins everything that this key seals: version and id. */
  readonly header: Uint8Array;
}

/** What a record is: bound to its bytes as additional authenticated data. */
export interface SealContext {
  readonly practiceId: string;
  readonly recordId: string;
  readonly kind: string;
}

/** The bytes do not belong to this key and context, or were changed. Deliberately without any further word. */
export class SealError extends Error {
  constructor() {
    super('sealed data cannot be opened: another key, another record, or changed bytes');
    this.name = 'SealError';
  }
}

/** Unambiguous: JSON escapes whatever could look like a separator. */
function additionalData(header: Uint8Array, context: SealContext): Buffer {
  return Buffer.concat([header, Buffer.from(JSON.stringify([context.practiceId, context.recordId, context.kind]))]);
}

/** A key from its 32 bytes. */
export function namedKey(id: string, bytes: Uint8Array): NamedKey {
  if (bytes.length !== 32) throw new RangeError('a key has 32 bytes');
  return { id, secret: createSecretKey(bytes), header: Buffer.concat([Buffer.of(VERSION), idBytes(id)]) };
}

export function seal(key: NamedKey, plaintext: Uint8Array, context: SealContext): Buffer {
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', key.secret, iv, { authTagLength: TAG });
  cipher.setAAD(additionalData(key.header, context));
  return Buffer.concat([key.header, iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Name of the key that sealed these bytes. Throws `SealError` when they are not sealed bytes at all. */
export function sealedKeyId(sealed: Uint8Array): string {
  if (sealed.length < OVERHEAD || sealed[0] !== VERSION) throw new SealError();
  return idFromBytes('key', sealed.subarray(1, HEADER));
}

/** Throws `SealError` unless these are bytes that `seal` made with this key and context. */
export function open(key: NamedKey, sealed: Uint8Array, context: SealContext): Buffer {
  if (sealed.length < OVERHEAD || Buffer.compare(sealed.subarray(0, HEADER), key.header) !== 0) throw new SealError();
  const iv = sealed.subarray(HEADER, HEADER + IV);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.secret, iv, { authTagLength: TAG });
    decipher.setAAD(additionalData(key.header, context));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
    return Buffer.concat([decipher.update(sealed.subarray(HEADER + IV, sealed.length - TAG)), decipher.final()]);
  } catch {
    throw new SealError();
  }
}

/** HMAC-SHA-256 of `text`, separated by `domain`: equal texts of two domains have unrelated hashes. 32 bytes. */
export function keyedHash(key: NamedKey, domain: string, text: string): Buffer {
  return createHmac('sha256', key.secret).update(`rollcall/1/${domain.length}/${domain}/`).update(text).digest();
}

/** The master key: wraps data keys. Its id is derived from it, so that wrapped keys tell which master key they need. */
export function masterKey(bytes: Uint8Array): NamedKey {
  if (bytes.length !== 32) throw new RangeError('a master key has 32 bytes');
  const name = createHmac('sha256', bytes).update('rollcall master key id').digest().subarray(0, 16);
  return namedKey(idFromBytes('key', name), bytes);
}

const wrapContext = (keyId: string, purpose: string, practiceId: string | null): SealContext => ({
  practiceId: practiceId ?? '',
  recordId: keyId,
  kind: `data_key/${purpose}`,
});

export function wrapKey(master: NamedKey, key: NamedKey, purpose: string, practiceId: string | null): Buffer {
  return seal(master, key.secret.export(), wrapContext(key.id, purpose, practiceId));
}

/** Throws `SealError` when another master key wrapped it, or the row was moved. */
export function unwrapKey(
  master: NamedKey,
  id: string,
  wrapped: Uint8Array,
  purpose: string,
  practiceId: string | null,
): NamedKey {
  return namedKey(id, open(master, wrapped, wrapContext(id, purpose, practiceId)));
}

export interface NewApiKey {
  /** `key_…`, stored and shown. */
  readonly id: string;
  /** `rk_<key id>_<secret>`, shown once. */
  readonly token: string;
  /** SHA-256 of the token, stored. A plain hash is enough: the secret has 128 random bits. */
  readonly hash: Buffer;
}

/** What is stored of an API key, for a generated one and for the operator's own BOOTSTRAP_API_KEY alike. */
export function hashApiKey(token: string): Buffer {
  return createHash('sha256').update('rollcall/api-key/').update(token).digest();
}

export function createApiKey(id: string, random: (size: number) => Uint8Array): NewApiKey {
  const token = `rk_${encodeBase32(idBytes(id))}_${encodeBase32(random(16))}`;
  return { id, token, hash: hashApiKey(token) };
}

/** Compares two secrets of any length in constant time. */
export function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  return timingSafeEqual(digest(a), digest(b));
}
