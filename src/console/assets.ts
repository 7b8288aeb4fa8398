import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Assets } from './layout.tsx';

const files = {
  style: { name: 'console.css', type: 'text/css; charset=utf-8', from: ['palette.css', 'page.css', 'parts.css'] },
  script: { name: 'console.js', type: 'text/javascript; charset=utf-8', from: ['console.js'] },
  icon: { name: 'icon.svg', type: 'image/svg+xml', from: ['icon.svg'] },
} as const;

interface Asset {
  readonly name: string;
  readonly type: string;
  /** Files that make it up, in order. */
  readonly from: readonly string[];
}

/**
 * Serves the console's own files under names that carry a hash of their content, so that browsers may keep them for
 * ever. `folder` is `src/console/static` of the package, from sources and from `dist/` alike.
 */
export function serveAssets(app: FastifyInstance, folder: string): Assets {
  const serve = ({ name, type, from }: Asset): string => {
    const content = Buffer.concat(from.map((file) => readFileSync(join(folder, file))));
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
    const path = `/assets/${name.replace('.', `.${hash}.`)}`;
    app.get(
      path,
      { schema: { hide: true }, config: { quiet: true, rateLimit: false, signedOut: true } },
      async (request, reply) => {
        reply.headers({ etag: `"${hash}"`, 'cache-control': 'public, max-age=31536000, immutable' });
        if (request.headers['if-none-match'] === `"${hash}"`) return reply.code(304).send();
        return reply.header('content-type', type).send(content);
      },
    );
    return `${app.prefix}${path}`;
  };
  return { style: serve(files.style), script: serve(files.script), icon: serve(files.icon) };
}
