import { describe, expect, it } from 'vitest';
import { isPostOfficeBox } from '../../../src/x12/address.ts';
import { cutText, fitAddressLines, fitIdentifier, fitText } from '../../../src/x12/charset.ts';

describe('fitText', () => {
  it.each([
    ['MORENO', 'MORENO', []],
    ['Moreno-Smith Jr.', 'MORENO-SMITH JR.', []],
    ['Peña', 'PENA', ['transliterated']],
    ['Pen\u0303a', 'PENA', ['transliterated']],
    ['Großmann', 'GROSSMANN', ['transliterated']],
    ['GROẞMANN', 'GROSSMANN', ['transliterated']],
    ['O’Brien', "O'BRIEN", ['transliterated']],
    ['O´Brien', "O'BRIEN", ['transliterated']],
    ['A–B—C', 'A-B-C', ['transliterated']],
    ['“Ærø”', '"AERO"', ['transliterated']],
    ['Łódź', 'LODZ', ['transliterated']],
    ['Þórður Ðað', 'THORDUR DAD', ['transliterated']],
    ['Dvořák Čapek', 'DVORAK CAPEK', ['transliterated']],
    ['Nguyễn Thị', 'NGUYEN THI', ['transliterated']],
    ['İpek ılgın', 'IPEK ILGIN', ['transliterated']],
    ['ﬁne № ½', 'FINE NO 1/2', ['transliterated']],
    ['wait…', 'WAIT...', ['transliterated']],
    ['Ｍｏｒｅｎｏ', 'MORENO', ['transliterated']],
    ['zero\u200bwidth\ufeff', 'ZEROWIDTH', ['transliterated']],
    ['non\u00a0breaking', 'NON BREAKING', ['transliterated']],
    ['A*B~C:D^E', 'A B C D E', ['replaced']],
    ['a>b|c\\d`e#f', 'A B C D E F', ['replaced']],
    ['fullwidth ＊ and ：', 'FULLWIDTH AND', ['replaced']],
    ['a\nb\r\nc\td\u0000e\u007ff\u0085g', 'A B C D E F G', ['replaced']],
    ['joy 🙂 joy', 'JOY JOY', ['replaced']],
    ['fam 👨‍👩‍👧 ily', 'FAM ILY', ['transliterated', 'replaced']],
    ['lone \ud800 half', 'LONE HALF', ['replaced']],
    ['a   b', 'A B', []],
    ['  ends  ', 'ENDS', []],
    ['🙂', '', ['replaced', 'emptied']],
    ['李', '', ['replaced', 'emptied']],
    ['   ', '', ['emptied']],
    ['', '', []],
    ['!"&\'()+,-./;?= 09', '!"&\'()+,-./;?= 09', []],
  ])('%j → %j', (value, text, notes) => {
    expect(fitText(value)).toEqual({ text, notes });
  });

  it('leaves what it made as it is', () => {
    for (const value of ['Peña–Großmann’s 🙂', 'x'.repeat(10_000), 'é '.repeat(5_000)]) {
      const { text } = fitText(value);
      expect(fitText(text)).toEqual({ text, notes: [] });
    }
  });
});

describe('fitIdentifier', () => {
  it.each([
    [' w123-abc ', 'W123-ABC'],
    ['A B', 'A B'],
    ['1EG4-TE5-MK73', '1EG4-TE5-MK73'],
  ])('%j is only trimmed and put in upper case', (value, expected) => {
    expect(fitIdentifier(value)).toEqual({ ok: true, value: expected });
  });

  it.each(['', '   ', 'A*B', 'A:B', 'A~B', 'A^B', 'A#1', 'Ä1', 'ß', 'ı1', 'A\n1', 'A_1', 'A@1', 'Ｗ1'])(
    '%j is refused',
    (value) => {
      expect(fitIdentifier(value)).toEqual({ ok: false });
    },
  );
});

describe('cutText and fitAddressLines', () => {
  it('cuts without a space at the end', () => {
    expect(cutText('ABC DEF', 4)).toBe('ABC');
    expect(cutText('ABC DEF', 7)).toBe('ABC DEF');
  });

  it('lets line 1 flow into line 2 at a word', () => {
    expect(fitAddressLines('1200 Long Street Name', 'Apt 4', 15)).toEqual({
      line1: '1200 LONG',
      line2: 'STREET NAME APT',
      cut: true,
    });
    expect(fitAddressLines('1200 Long Street Name', null, 15)).toEqual({ line1: '1200 LONG', line2: 'STREET NAME', cut: false });
    expect(fitAddressLines('1200 Long Street', null, 16)).toEqual({ line1: '1200 LONG STREET', line2: null, cut: false });
    expect(fitAddressLines('1200 Longish Street', null, 12)).toEqual({ line1: '1200 LONGISH', line2: 'STREET', cut: false });
  });

  it('breaks a word that is longer than a line', () => {
    expect(fitAddressLines('X'.repeat(60), null)).toEqual({ line1: 'X'.repeat(55), line2: 'X'.repeat(5), cut: false });
    expect(fitAddressLines('X'.repeat(120), null).cut).toBe(true);
  });

  it('moves line 2 up when line 1 is empty', () => {
    expect(fitAddressLines(' ', 'Apt 4')).toEqual({ line1: 'APT 4', line2: null, cut: false });
  });
});

describe('isPostOfficeBox', () => {
  it.each([
    'PO Box 7',
    'P.O. Box 7',
    'p. o. box 7',
    'POST OFFICE BOX 7',
    'P0 BOX 3',
    'Lockbox 1234',
    'LOCK BOX A12',
    'POB 9',
    'Suite 3, PO Box #55',
  ])('%s is a box', (line) => expect(isPostOfficeBox(line)).toBe(true));
  it.each(['12 POBLANO DR', '410 W Main St', '7 Boxwood Ln', 'PO Box', '1 Depot Box St'])('%s is a street', (line) =>
    expect(isPostOfficeBox(line)).toBe(false),
  );
});
