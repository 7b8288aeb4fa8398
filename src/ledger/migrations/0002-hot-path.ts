/**
 * The ledger's clock in PL/pgSQL, which keeps its plan for the life of a connection: the same function in SQL is parsed and
 * planned again in every statement that asks for the time, which was a tenth of the database's work.
 */
export const sql = `
create or replace function ledger_now() returns timestamptz language plpgsql volatile as $$
begin
  return date_trunc('milliseconds', clock_timestamp())
       + make_interval(secs => coalesce((select value::double precision from setting where key = 'clock_offset_ms'), 0) / 1000.0);
end
$$;
`;
