import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskFor, nameWords, personsIn } from '../../../src/session/notes/names.ts';
import { maskedWords, PERSON, shingleIndex } from '../../../src/session/notes/shingles.ts';
import { similarPairs } from '../../../src/session/notes/similarity.ts';
import { estimateJaccard, minimaOf } from '../../../src/session/notes/sketch.ts';
import { wordsOf } from '../../../src/session/notes/words.ts';

const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzáéíñöøłßğçêжяλ');
const syllables = fc.string({ unit: letters, minLength: 2, maxLength: 9 });
const name = fc.tuple(syllables, fc.constantFrom('', '-', ' ', "'", '’'), syllables).map(([a, joint, b]) => {
  const capital = (s: string) => `${s[0]?.toUpperCase()}${s.slice(1)}`;
  return joint === '' ? capital(a) : `${capital(a)}${joint}${capital(b)}`;
});
const person = fc.record({ firstName: name, middleName: fc.option(name), lastName: name });
const filler = fc.constantFrom('spoke', 'about', 'rain', 'with', 'quietly', 'then', 'listened', 'again', 'stood', 'near');
const style = fc.constantFrom(
  (n: string) => n,
  (n: string) => n.toUpperCase(),
  (n: string) => n.toLowerCase(),
  (n: string) => `${n}’s`,
  (n: string) => n.normalize('NFD'),
  (n: string) => n.normalize('NFD').replace(/[\u0300-\u036f]/g, ''),
  (n: string) => n.replace('-', ' '),
  (n: string) => `(${n}),`,
);

describe('masking', () => {
  it('no name of the roster survives it, however it is written', () => {
    fc.assert(
      fc.property(
        fc.array(person, { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(filler, fc.nat(20), style), { minLength: 1, maxLength: 20 }),
        (people, text) => {
          const names = people.flatMap((p) => [p.firstName, p.lastName, ...(p.middleName === null ? [] : [p.middleName])]);
          const written = text.map(([word, i, as]) => `${word} ${as(names[i % names.length] as string)}`).join(' ');
          const words = wordsOf(written);
          const masked = maskedWords(words.folded, personsIn(words, maskFor(people)), new Uint8Array(words.folded.length));
          const used = new Set(text.map(([word]) => word));
          for (const word of masked) expect(word === PERSON || used.has(word as never), `${word} in ${written}`).toBe(true);
          for (const whole of names.map(nameWords)) {
            if (whole.every((w) => !used.has(w as never))) expect(` ${masked.join(' ')} `).not.toContain(` ${whole.join(' ')} `);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
  it('the same text about anybody is the same when it is masked', () => {
    fc.assert(
      fc.property(person, person, fc.array(filler, { minLength: 1, maxLength: 30 }), (a, b, text) => {
        fc.pre(
          [a, b].every((p) =>
            [p.firstName, p.middleName, p.lastName].every((n) => nameWords(n).every((w) => !text.includes(w as never))),
          ),
        );
        const mask = maskFor([a, b]);
        const masked = (p: typeof a) => {
          const words = wordsOf(
            `${p.firstName} ${p.lastName} ${text.join(' ')}, ${p.firstName} ${text.join(' ')} ${p.lastName}.`,
          );
          return maskedWords(words.folded, personsIn(words, mask), new Uint8Array(words.folded.length));
        };
        expect(masked(a)).toEqual(masked(b));
      }),
      { numRuns: 300 },
    );
  });
});

const sets = fc.array(fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 40 }), { minLength: 2, maxLength: 8 });

describe('pairs', () => {
  it('are what sets say: Jaccard and containment, symmetric, between 0 and 1', () => {
    fc.assert(
      fc.property(sets, (all) => {
        const pairs = similarPairs(all, 41, () => true);
        const back = similarPairs([...all].reverse(), 41, () => true);
        const at = (list: typeof pairs, a: number, b: number) =>
          list.find((p) => p.a === Math.min(a, b) && p.b === Math.max(a, b));
        all.forEach((one, a) => {
          all.forEach((other, b) => {
            if (b <= a) return;
            const both = one.filter((s) => other.includes(s)).length;
            const pair = at(pairs, a, b);
            const mirrored = at(back, all.length - 1 - a, all.length - 1 - b);
            expect(pair?.jaccard ?? 0).toBeCloseTo(both / new Set([...one, ...other]).size, 12);
            expect(pair?.containment ?? 0).toBeCloseTo(both / Math.min(one.length, other.length), 12);
            expect(mirrored?.jaccard).toBe(pair?.jaccard);
            expect(mirrored?.containment).toBe(pair?.containment);
          });
        });
      }),
    );
  });
  it('shingles are the same number exactly when their three words are the same', () => {
    const word = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 3, maxLength: 60 }), { minLength: 1, maxLength: 6 }), (texts) => {
        const index = shingleIndex();
        const ids = texts.map((t) => index.of(t));
        const plain = texts.map((t) => new Set(t.slice(2).map((_, i) => t.slice(i, i + 3).join(' '))));
        ids.forEach((own, i) => {
          expect(own.length).toBe(plain[i]?.size);
          expect(new Set(own.map((id) => index.words(id).join(' ')))).toEqual(plain[i]);
        });
        expect(index.size()).toBe(new Set(plain.flatMap((p) => [...p])).size);
      }),
    );
  });
});

describe('sketches', () => {
  it('estimate within five standard errors of what is so', () => {
    const hashed = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(
        fc.uniqueArray(hashed, { minLength: 60, maxLength: 160 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, from, to) => {
          const cut = (share: number) => Math.round(share * all.length);
          const a = all.slice(0, Math.max(20, cut(from)));
          const b = all.slice(Math.min(cut(to), all.length - 20));
          const both = a.filter((x) => b.includes(x)).length;
          const j = both / (a.length + b.length - both);
          const error = Math.abs(estimateJaccard(minimaOf(a), minimaOf(b)) - j);
          expect(error).toBeLessThanOrEqual(5 * Math.sqrt((j * (1 - j)) / 128) + 0.02);
          expect(estimateJaccard(minimaOf(a), minimaOf([...a].reverse()))).toBe(1);
        },
      ),
      { numRuns: 300 },
    );
  });
  it('are without bias: the mean error over many pairs is nearly nothing', () => {
    let sum = 0;
    const runs = 200;
    for (let run = 0; run < runs; run += 1) {
      const hash = (i: number) => Math.imul((run + 1) * 7919 + i, 0x85ebca6b) >>> 0;
      const [a, b] = [Array.from({ length: 80 }, (_, i) => hash(i)), Array.from({ length: 80 }, (_, i) => hash(i + 20))];
      sum += estimateJaccard(minimaOf(a), minimaOf(b)) - 60 / 100;
    }
    expect(Math.abs(sum / runs)).toBeLessThan(0.012);
  });
});
