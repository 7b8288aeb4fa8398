/** A loop of a file of ours: its segments, split into elements, and the loops in it. */
export interface Loop {
  readonly id: string;
  readonly segments: (readonly string[])[];
  readonly loops: Loop[];
}

/** Loops by their first segment, inside what is open; found without the guide's table, so that it can judge what follows from it. */
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  HEADER: { 41: '1000A', 40: '1000B', 85: '2010AA', 87: '2010AB', IL: '2010BA', PR: '2010BB', QC: '2010CA' },
  2300: { DN: '2310A', P3: '2310A', 82: '2310B', 77: '2310C', DQ: '2310D' },
  2320: { IL: '2330A', PR: '2330B', DN: '2330C', P3: '2330C', 82: '2330D', 77: '2330E', DQ: '2330F', 85: '2330G' },
  2400: { 82: '2420A', QB: '2420B', 77: '2420C', DQ: '2420D', DK: '2420E', DN: '2420F', P3: '2420F' },
};

/** The transaction sets of a file with one claim per set, every segment in its loop. Delimiters are ours. */
export function readSets(text: string): readonly Loop[] {
  const sets: Loop[] = [];
  let set: Loop | null = null;
  let claim: Loop | null = null;
  let section: Loop | null = null;
  let open: Loop | null = null;
  const start = (id: string, parent: Loop): Loop => {
    const loop: Loop = { id, segments: [], loops: [] };
    parent.loops.push(loop);
    return loop;
  };
  for (const line of text.split('~').map((l) => l.trim())) {
    const segment = line.split('*');
    const [tag = '', code = ''] = segment;
    if (tag === 'ST') {
      set = { id: 'ST', segments: [], loops: [] };
      sets.push(set);
      section = null;
      claim = null;
      open = set;
    }
    if (set === null || open === null || tag === '' || tag === 'GE' || tag === 'IEA') continue;
    if (tag === 'CLM') {
      claim = start('2300', set);
      section = claim;
      open = claim;
    } else if (claim !== null && (tag === 'SBR' || tag === 'LX')) {
      section = start(tag === 'SBR' ? '2320' : '2400', claim);
      open = section;
    } else if (tag === 'SVD' && section !== null) {
      open = start('2430', section);
    } else if (tag === 'NM1') {
      const id = NAMES[section?.id ?? 'HEADER']?.[code];
      if (id === undefined) throw new Error(`NM1*${code} has no place in ${section?.id ?? 'the header'}`);
      open = start(id, section ?? set);
    } else if (tag === 'HL' || tag === 'SE') {
      open = set;
    }
    open.segments.push(segment);
  }
  return sets;
}

/** Every loop of that id, however deep. */
export function find(loop: Loop, id: string): readonly Loop[] {
  return loop.id === id ? [loop] : loop.loops.flatMap((inner) => find(inner, id));
}

/** All segments of the loop and what is in it. */
export function countSegments(loop: Loop): number {
  return loop.segments.length + loop.loops.reduce((sum, inner) => sum + countSegments(inner), 0);
}
