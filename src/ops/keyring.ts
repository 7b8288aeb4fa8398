import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { keyedHash, type NamedKey, namedKey, open, type SealContext, seal, sealedKeyId, unwrapKey, wrapKey } from './crypto.ts';

export type KeyPurpose = 'record' | 'hash';

export interface StoredKey {
  readonly id: string;
  readonly wrapped: Uint8Array;
  /** Retired keys still open what they sealed. */
  readonly retired: boolean;
}

/** Where wrapped data keys lie (`src/ledger/key-store.ts`). `practiceId` null = the installation. */
export interface KeyStore {
  load(purpose: KeyPurpose, practiceId: string | null): Promise<readonly StoredKey[]>;
  /** Inserts unless a live key is there; returns the live one, whoever made it. */
  create(
    purpose: KeyPurpose,
    practiceId: string | null,
    key: { readonly id: string; readonly wrapped: Uint8Array },
  ): Promise<StoredKey>;
}

/** Seals records under their practice's key and hashes under the installation's. Synchronous once a practice is warm. */
export interface Keyring {
  /** Loads or creates the practice's data key. Cheap when it is known already. */
  warm(practiceId: string): Promise<void>;
  isWarm(practiceId: string): boolean;
  /** AES-256-GCM over the JSON of `value`, bound to practice, record id and kind. Throws when the practice is not warm. */
  seal(practiceId: string, kind: string, recordId: string, value: unknown): Uint8Array;
  /** Throws `SealError` when the bytes are not what was sealed for this very record, or under a key not loaded here. */
  open<T>(practiceId: string, kind: string, recordId: string, sealed: Uint8Array): T;
  /** HMAC-SHA-256 under the installation's hash key, separated by `domain`. */
  hash(domain: string, text: string): Uint8Array;
  /** Names the hash key, stored beside every hash that must survive a rotation. */
  readonly hashKeyId: string;
}

interface LoadedKeys {
  readonly live: NamedKey;
  readonly byId: ReadonlyMap<string, NamedKey>;
}

export interface KeyringDeps {
  readonly master: NamedKey;
  readonly store: KeyStore;
  readonly newKeyId: () => string;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** First byte of what is sealed: how the JSON after it is written. */
const PLAIN = 0;
const DEFLATED = 1;
/** Postgres moves values out of a row of more than 2 kB; what fits in anyway is not worth the processor time. */
const WORTH_DEFLATING = 1_600;

/** A record is a few kB: with zlib's own sizes most of the time goes into making buffers for a hundred times as much. */
const DEFLATE = { level: 1, windowBits: 12, memLevel: 5 };
const INFLATE = { chunkSize: 8_192 };

/**
 * JSON of a claim deflates to a third, which keeps its row in one piece and spares the wire and the WAL.
 */
function pack(text: string): Buffer {
  const bytes = Buffer.from(text);
  const deflated = bytes.length >= WORTH_DEFLATING;
  return Buffer.concat([Buffer.of(deflated ? DEFLATED : PLAIN), deflated ? deflateRawSync(bytes, DEFLATE) : bytes]);
}

function unpack(packed: Buffer): string {
  const body = packed.subarray(1);
  return (packed[0] === DEFLATED ? inflateRawSync(body, INFLATE) : body).toString('utf8');
}

async function loadOrCreate(deps: KeyringDeps, purpose: KeyPurpose, practiceId: string | null): Promise<LoadedKeys> {
  const { master, store } = deps;
  let stored = await store.load(purpose, practiceId);
  if (!stored.some((key) => !key.retired)) {
    const fresh = namedKey(deps.newKeyId(), deps.randomBytes(32));
    const winner = await store.create(purpose, practiceId, {
      id: fresh.id,
      wrapped: wrapKey(master, fresh, purpose, practiceId),
    });
    stored = [winner, ...stored];
  }
  const byId = new Map(stored.map((key) => [key.id, unwrapKey(master, key.id, key.wrapped, purpose, practiceId)]));
  const live = stored.find((key) => !key.retired)!;
  return { live: byId.get(live.id)!, byId };
}

/** Opens the keyring: the hash key now, record keys when their practice is warmed. Throws `SealError` under a wrong master key. */
export async function openKeyring(deps: KeyringDeps): Promise<Keyring> {
  const hashKey = (await loadOrCreate(deps, 'hash', null)).live;
  const loaded = new Map<string, LoadedKeys>();
  const loading = new Map<string, Promise<void>>();

  const keysOf = (practiceId: string): LoadedKeys => {
    const keys = loaded.get(practiceId);
    if (keys === undefined) throw new Error('the practice was not warmed before its records were sealed or opened');
    return keys;
  };
  return {
    hashKeyId: hashKey.id,
    isWarm: (practiceId) => loaded.has(practiceId),
    async warm(practiceId) {
      if (loaded.has(practiceId)) return;
      let pending = loading.get(practiceId);
      if (pending === undefined) {
        pending = loadOrCreate(deps, 'record', practiceId)
          .then((keys) => void loaded.set(practiceId, keys))
          .finally(() => loading.delete(practiceId));
        loading.set(practiceId, pending);
      }
      await pending;
    },
    seal(practiceId, kind, recordId, value) {
      const context: SealContext = { practiceId, recordId, kind };
      const text = JSON.stringify(value);
      if (text === undefined) throw new TypeError('undefined cannot be sealed');
      return seal(keysOf(practiceId).live, pack(text), context);
    },
    open<T>(practiceId: string, kind: string, recordId: string, sealed: Uint8Array): T {
      const keys = keysOf(practiceId);
      // Nearly always there is one key; a key id that is not here is refused by `open` like any other foreign seal.
      const key = keys.byId.size === 1 ? keys.live : (keys.byId.get(sealedKeyId(sealed)) ?? keys.live);
      return JSON.parse(unpack(open(key, sealed, { practiceId, recordId, kind }))) as T;
    },
    hash: (domain, text) => keyedHash(hashKey, domain, text),
  };
}

/**
 * The keyring for the length of one piece of work, remembering what it has hashed: an intake asks for the hash of each
 * patient, member and service several times over. Not to be kept: it holds the texts.
 */
export function rememberingHashes(keyring: Keyring): Keyring {
  const known = new Map<string, Uint8Array>();
  return {
    ...keyring,
    hash(domain, text) {
      const key = `${domain}\n${text}`;
      let hash = known.get(key);
      if (hash === undefined) {
        hash = keyring.hash(domain, text);
        known.set(key, hash);
      }
      return hash;
    },
  };
}
