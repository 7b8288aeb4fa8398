/** A 128-bit key as four words of 32 bits. */
export type SipKey = readonly [number, number, number, number];

/** The first 16 bytes, little-endian. Throws when there are fewer. */
export function sipKey(bytes: Uint8Array): SipKey {
  if (bytes.length < 16) throw new RangeError('a SipHash key has 16 bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true)];
}

/**
 * SipHash-2-4 (Aumasson, Bernstein 2012): without the key nobody can tell what a value stands for, nor test a guess.
 * `message` is words of 32 bits, read little-endian; returns the low half of the 64-bit result, unsigned. Halves of the
 * 64-bit words are kept apart because BigInt costs a hundred times as much.
 */
export function sipHash([k0, k1, k2, k3]: SipKey, message: readonly number[]): number {
  let a = (k0 ^ 0x70736575) | 0;
  let aH = (k1 ^ 0x736f6d65) | 0;
  let b = (k2 ^ 0x6e646f6d) | 0;
  let bH = (k3 ^ 0x646f7261) | 0;
  let c = (k0 ^ 0x6e657261) | 0;
  let cH = (k1 ^ 0x6c796765) | 0;
  let d = (k2 ^ 0x79746573) | 0;
  let dH = (k3 ^ 0x74656462) | 0;

  const round = (): void => {
    let t = (a >>> 0) + (b >>> 0);
    a = t | 0;
    aH = (aH + bH + (t > 0xffffffff ? 1 : 0)) | 0;
    t = (b << 13) | (bH >>> 19);
    bH = ((bH << 13) | (b >>> 19)) ^ aH;
    b = t ^ a;
    t = a;
    a = aH;
    aH = t;

    t = (c >>> 0) + (d >>> 0);
    c = t | 0;
    cH = (cH + dH + (t > 0xffffffff ? 1 : 0)) | 0;
    t = (d << 16) | (dH >>> 16);
    dH = ((dH << 16) | (d >>> 16)) ^ cH;
    d = t ^ c;

    t = (a >>> 0) + (d >>> 0);
    a = t | 0;
    aH = (aH + dH + (t > 0xffffffff ? 1 : 0)) | 0;
    t = (d << 21) | (dH >>> 11);
    dH = ((dH << 21) | (d >>> 11)) ^ aH;
    d = t ^ a;

    t = (c >>> 0) + (b >>> 0);
    c = t | 0;
    cH = (cH + bH + (t > 0xffffffff ? 1 : 0)) | 0;
    t = (b << 17) | (bH >>> 15);
    bH = ((bH << 17) | (b >>> 15)) ^ cH;
    b = t ^ c;
    t = c;
    c = cH;
    cH = t;
  };
  const take = (low: number, high: number): void => {
    d ^= low;
    dH ^= high;
    round();
    round();
    a ^= low;
    aH ^= high;
  };

  const pairs = message.length >>> 1;
  for (let i = 0; i < pairs; i += 1) take(message[2 * i] as number, message[2 * i + 1] as number);
  const length = (4 * message.length) << 24;
  if (message.length % 2 === 1) take(message[message.length - 1] as number, length);
  else take(0, length);
  c ^= 0xff;
  round();
  round();
  round();
  round();
  return (a ^ b ^ c ^ d) >>> 0;
}

/** The same of a text, as UTF-16 code units. */
export function sipHashText(key: SipKey, text: string): number {
  const message: number[] = [text.length];
  for (let i = 0; i < text.length; i += 2) message.push(text.charCodeAt(i) | ((text.charCodeAt(i + 1) || 0) << 16));
  return sipHash(key, message);
}
