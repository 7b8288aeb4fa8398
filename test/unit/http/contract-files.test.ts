import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { contractFiles } from '../../../src/http/contract-files.ts';

const folder = new URL('../../../schemas/', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };

interface Operation {
  readonly operationId: string;
  readonly security?: unknown[];
  readonly parameters?: { name: string; in: string; required?: boolean }[];
  readonly responses: Record<string, { content?: Record<string, unknown>; headers?: Record<string, unknown> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, unknown> };
}

let files: ReadonlyMap<string, string>;
let document: Document;
beforeAll(async () => {
  files = await contractFiles(version);
  document = JSON.parse(files.get('openapi.json') ?? '') as Document;
});

describe('generated contract files', () => {
  it('are committed as the code generates them (npm run schemas)', () => {
    for (const [name, content] of files) {
      expect(readFileSync(new URL(name, folder), 'utf8') === content, `schemas/${name} is out of date: npm run schemas`).toBe(
        true,
      );
    }
    const committed = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(committed.sort()).toEqual([...files.keys()].sort());
  });

  it('refer only to what they define, and define nothing that is not used', () => {
    const text = files.get('openapi.json') ?? '';
    const used = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]));
    expect([...used].sort()).toEqual(Object.keys(document.components.schemas).sort());
    expect(document.openapi).toBe('3.1.0');
  });

  it('name every operation once, declare its path parameters, and document refusals as problems', () => {
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item).map((operation) => ({ path, ...operation })),
    );
    const names = operations.map((operation) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, parameters = [], responses, operationId } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = parameters.filter((parameter) => parameter.in === 'path' && parameter.required).map(({ name }) => name);
      expect(declared, operationId).toEqual(inPath);
      for (const [status, response] of Object.entries(responses)) {
        if (Number(status) >= 400) expect(Object.keys(response.content ?? {}), operationId).toEqual(['application/problem+json']);
      }
      if (path.startsWith('/v1/'))
        expect(Object.keys(responses), operationId).toEqual(expect.arrayContaining(['401', '403', '429']));
    }
  });

  it('document the whole session body, with the idempotency key required', () => {
    const post = document.paths['/v1/group-sessions']?.['post'];
    expect(Object.keys(post?.responses['202']?.headers ?? {}).sort()).toEqual(['ETag', 'Idempotent-Replayed', 'Location']);
    expect(Object.keys(post?.responses['503']?.headers ?? {})).toEqual(['Retry-After']);
    expect(post?.parameters).toEqual([expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: true })]);
    const session = document.components.schemas['GroupSession'] as { properties: Record<string, unknown>; required: string[] };
    expect(Object.keys(session.properties)).toEqual(
      expect.arrayContaining(['groupNote', 'finalized', 'attendees', 'serviceFacility']),
    );
    expect(session.required).not.toContain('supervised');
    const attendee = document.components.schemas['Attendee'] as { properties: Record<string, unknown> };
    expect(Object.keys(attendee.properties)).toEqual(
      expect.arrayContaining(['coverages', 'note', 'claim', 'part2', 'telehealth']),
    );
  });
});
