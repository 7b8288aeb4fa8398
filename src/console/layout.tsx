import type { ComponentChildren, VNode } from 'preact';
import { render } from 'preact-render-to-string';

/** What every page knows of the person looking at it. */
export interface Viewer {
  readonly keyId: string;
  readonly practiceId: string | null;
  /** May pause, hold, cancel … */
  readonly operates: boolean;
  readonly seesQueues: boolean;
  /** Empty when the page was asked for with a key in the header: then there are no forms to protect. */
  readonly csrf: string;
}

export interface Assets {
  readonly style: string;
  readonly script: string;
  readonly icon: string;
}

interface LayoutProps {
  readonly title: string;
  readonly assets: Assets;
  readonly viewer: Viewer | null;
  readonly current: 'overview' | 'claims' | null;
  /** The page keeps itself fresh: by script, or without script by reloading. */
  readonly live: boolean;
  readonly children: ComponentChildren;
}

function Nav({ viewer, current }: { viewer: Viewer; current: LayoutProps['current'] }): VNode {
  return (
    <nav aria-label="Console">
      <a href="/ops" aria-current={current === 'overview' ? 'page' : undefined}>
        Overview
      </a>
      <a href="/ops/claims" aria-current={current === 'claims' ? 'page' : undefined}>
        Claims
      </a>
      {viewer.seesQueues && <a href="/ops/queues/">Queues</a>}
      <a href="/docs/">API</a>
    </nav>
  );
}

export function Layout({ title, assets, viewer, current, live, children }: LayoutProps): VNode {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${title} · Rollcall`}</title>
        <link rel="icon" type="image/svg+xml" href={assets.icon} />
        <link rel="stylesheet" href={assets.style} />
        {live && (
          <noscript>
            <meta http-equiv="refresh" content="20" />
          </noscript>
        )}
        {live && <script defer src={assets.script} />}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header>
          <a class="brand" href="/ops">
            <img src={assets.icon} alt="" width="22" height="22" />
            Rollcall
          </a>
          {viewer && <Nav viewer={viewer} current={current} />}
          {viewer && (
            <div class="who">
              <span>
                {viewer.practiceId ?? 'operator'} · <code>{viewer.keyId}</code>
                {!viewer.operates && ' · read only'}
              </span>
              {viewer.csrf !== '' && (
                <form method="post" action="/ops/sign-out">
                  <input type="hidden" name="csrf" value={viewer.csrf} />
                  <button type="submit" class="quiet">
                    Sign out
                  </button>
                </form>
              )}
            </div>
          )}
        </header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </body>
    </html>
  );
}

export const renderPage = (page: VNode): string => `<!doctype html>${render(page)}`;
export const renderFragment = (fragment: VNode): string => render(fragment);
