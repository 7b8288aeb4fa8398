/** Official code lists as an operator loaded them (`rollcall tables load`); every load stays, the newest of a window counts. */
export const sql = `
create table code_table (
  version bigint generated always as identity primary key, code_set text not null, file_name text not null, sha256 text not null,
  effective_from date, effective_to date, vouched_to date, entries int not null, body bytea not null,
  actor text not null, loaded_at timestamptz not null default ledger_now());
`;
