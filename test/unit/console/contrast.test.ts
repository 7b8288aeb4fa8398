import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../src/console/static/palette.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map((block) => block[1]);

type Palette = Readonly<Record<string, string>>;
const paletteOf = (text: string): Palette =>
  Object.fromEntries([...text.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const tones = ['wait', 'move', 'warn', 'bad', 'good', 'rest'];
const texts: [string, string][] = [
  ...['ground', 'sheet', 'hover', 'rest-ground'].map((ground): [string, string] => ['ink', ground]),
  ...['ground', 'sheet', 'hover'].map((ground): [string, string] => ['soft', ground]),
  ...['ground', 'sheet', 'hover'].map((ground): [string, string] => ['accent', ground]),
  ...tones.map((tone): [string, string] => [tone, `${tone}-ground`]),
  ['on-accent', 'accent'],
  ['sheet', 'bad'],
  ['good', 'sheet'],
  ['bad', 'sheet'],
];

describe.each([
  ['light', paletteOf(light)],
  ['dark', paletteOf(dark)],
])('%s palette', (_name, palette) => {
  it('is complete', () => {
    expect(Object.keys(palette)).toHaveLength(21);
  });

  it.each(texts)('%s on %s can be read (4.5 : 1)', (text, ground) => {
    expect(contrast(palette[text] ?? '', palette[ground] ?? '')).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['ground', 'sheet'])('edges of fields and buttons stand out from %s (3 : 1)', (ground) => {
    expect(contrast(palette['strong-line'] ?? '', palette[ground] ?? '')).toBeGreaterThanOrEqual(3);
  });
});
