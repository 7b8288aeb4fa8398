import type { ComponentChildren, VNode } from 'preact';
import type { ClaimState } from '../../schemas/common.ts';
import { inWords, relativeTime, shortTime, type Tone, toneOf } from './words.ts';

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }): VNode {
  return <span class={`badge ${tone}`}>{children}</span>;
}

export function StateBadge({ state }: { state: ClaimState }): VNode {
  return <Badge tone={toneOf[state] ?? 'rest'}>{inWords(state)}</Badge>;
}

/** An instant with its distance from the ledger's clock; a dash when there is none. */
export function When({ at, now }: { at: string | null; now: string }): VNode {
  if (at === null) return <span class="none">–</span>;
  return (
    <time dateTime={at}>
      {shortTime(at)} <small>{relativeTime(at, now)}</small>
    </time>
  );
}

export function ClaimLink({ id, place }: { id: string; place: string }): VNode {
  return (
    <a id={`${place}-${id}`} href={`/ops/claims/${encodeURIComponent(id)}`}>
      <code>{id}</code>
    </a>
  );
}

/** A titled region with a table that scrolls by itself when the window is narrow. */
export function TableSection(props: {
  id: string;
  title: string;
  note?: string;
  head: readonly string[];
  empty: string;
  rows: readonly VNode[];
  more?: VNode | null;
}): VNode {
  const { id, title, note, head, empty, rows, more } = props;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {note && <p class="note">{note}</p>}
      {rows.length === 0 ? (
        <p class="empty">{empty}</p>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                {head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{rows}</tbody>
          </table>
        </div>
      )}
      {more}
    </section>
  );
}

/** What went wrong, first on the page and announced. */
export function ErrorBox({
  title,
  detail,
  errors,
}: {
  title: string;
  detail?: string;
  errors?: readonly { message: string }[];
}): VNode {
  return (
    <div class="error" role="alert">
      <strong>{title}</strong>
      {detail && <p>{detail}</p>}
      {errors && errors.length > 0 && (
        <ul>
          {errors.map(({ message }) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
