import type { VNode } from 'preact';
import type { ClaimSummary } from '../../schemas/claim.ts';
import { type ClaimState, claimState } from '../../schemas/common.ts';
import type { Page } from '../pipeline/service.ts';
import { ClaimLink, StateBadge, TableSection, When } from './parts.tsx';
import { fieldInWords, inWords, reasonsInWords } from './words.ts';

function why(claim: ClaimSummary): string {
  if (claim.holds.length > 0)
    return claim.holds
      .map(({ rule, path, message }) => [rule, fieldInWords(path), message].filter(Boolean).join(': '))
      .join('; ');
  if (claim.plannedReleaseAt !== null && claim.state === 'scheduled') return reasonsInWords(claim.planReasons);
  return claim.reason === null ? '–' : inWords(claim.reason);
}

/** Claims of one state or of all, a page at a time. */
export function ClaimsPage(props: { page: Page<ClaimSummary>; state: ClaimState | null; now: string }): VNode {
  const { page, state, now } = props;
  const next = new URLSearchParams({ ...(state ? { state } : {}), cursor: page.nextCursor ?? '' });
  return (
    <>
      <div class="title">
        <h1>Claims</h1>
      </div>
      <form class="filter" method="get" action="/ops/claims">
        <label for="state">State</label>
        <select id="state" name="state">
          <option value="">all</option>
          {claimState.options.map((option) => (
            <option key={option} value={option} selected={option === state}>
              {inWords(option)}
            </option>
          ))}
        </select>
        <button type="submit">Show</button>
      </form>
      <TableSection
        id="claims"
        title={state === null ? 'All claims' : `Claims that are ${inWords(state)}`}
        head={['Claim', 'State', 'Payer', 'Date of service', 'Planned release', 'Why', 'File by']}
        empty="No claim here."
        rows={page.items.map((claim) => (
          <tr key={claim.id}>
            <th scope="row">
              <ClaimLink id={claim.id} place="list" />
            </th>
            <td>
              <StateBadge state={claim.state} />
            </td>
            <td>{claim.payerId}</td>
            <td>{claim.dateOfService}</td>
            <td>
              <When at={claim.plannedReleaseAt} now={now} />
            </td>
            <td class="prose">{why(claim)}</td>
            <td>{claim.fileBy ?? '–'}</td>
          </tr>
        ))}
        more={
          page.nextCursor === null ? null : (
            <p>
              <a class="button" href={`/ops/claims?${next.toString()}`}>
                Next page
              </a>
            </p>
          )
        }
      />
    </>
  );
}
