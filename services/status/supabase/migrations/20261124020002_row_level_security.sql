-- migrate:up
-- The caller's id as Supabase's auth.uid() finds it, spelled out so that it holds on any Postgres.
-- The subselect makes it one look-up a query instead of one a row. Without a policy there is no
-- access; the services own the tables and are not bound by any of this.
alter table users enable row level security;
create policy own_row on users for select using (
    id = (select (nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub')::uuid)
);

alter table task_events enable row level security;
create policy own_rows on task_events for select using (
    user_id = (select (nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub')::uuid)
);

alter table repos enable row level security;
alter table devices enable row level security;
-- dbmate's own list of applied migrations lies in the served schema as well.
alter table if exists schema_migrations enable row level security;

-- migrate:down
