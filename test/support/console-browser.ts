import type { FastifyInstance, LightMyRequestResponse } from 'fastify';

/** What a browser without script does with the console: keeps the cookie, follows links, posts forms. */
export interface ConsoleBrowser {
  readonly cookie: () => string;
  get(path: string): Promise<LightMyRequestResponse>;
  /** Posts a form with the hidden fields of the page it is on. */
  submit(page: string, path: string, fields?: Record<string, string>): Promise<LightMyRequestResponse>;
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
}

const sameSite = { 'sec-fetch-site': 'same-origin' };

export function hiddenToken(html: string): string {
  return /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
}

export function openBrowser(app: FastifyInstance): ConsoleBrowser {
  let cookie = '';
  const headers = (): Record<string, string> => ({ accept: 'text/html', ...(cookie === '' ? {} : { cookie }) });
  const keep = (answer: LightMyRequestResponse): LightMyRequestResponse => {
    for (const { name, value } of answer.cookies) cookie = value === '' ? '' : `${name}=${value}`;
    return answer;
  };
  const post: ConsoleBrowser['post'] = async (path, fields, more = sameSite) =>
    keep(
      await app.inject({
        method: 'POST',
        url: path,
        headers: { ...headers(), 'content-type': 'application/x-www-form-urlencoded', ...more },
        payload: new URLSearchParams(fields).toString(),
      }),
    );
  return {
    cookie: () => cookie,
    get: async (path) => keep(await app.inject({ url: path, headers: headers() })),
    submit: async (page, path, fields = {}) => {
      const shown = await app.inject({ url: page, headers: headers() });
      return post(path, { csrf: hiddenToken(shown.body), ...fields });
    },
    post,
  };
}

/** Signed in with `key`. */
export async function signIn(app: FastifyInstance, key: string): Promise<ConsoleBrowser> {
  const browser = openBrowser(app);
  const answer = await browser.post('/ops/sign-in', { key });
  if (answer.statusCode !== 303) throw new Error(`sign-in answered ${answer.statusCode}`);
  return browser;
}
