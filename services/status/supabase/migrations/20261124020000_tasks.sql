-- migrate:up
create table users (
    id uuid primary key,
    email text unique not null,
    provider_choice text default 'claude',
    notify_threshold_loc int default 500,
    created_at timestamptz default now()
);

create table repos (
    user_id uuid not null references users on delete cascade,
    repo text not null check (repo like 'git@github.com:%/%.git'),
    branch text not null default 'main',
    is_default boolean not null default false,
    style_guide text,
    auto_merge_loc_limit int check (auto_merge_loc_limit >= 0),
    blocked_paths text[] not null default '{}',
    max_usd numeric(10, 4) check (max_usd > 0),
    created_at timestamptz not null default now(),
    primary key (user_id, repo)
);

create unique index repos_one_default on repos (user_id) where is_default;

-- One row per task, and nobody writes it but the fold. A row of version 0 only holds the lock of a
-- task that was heard of before its user was.
create table task_events (
    id uuid primary key,
    user_id uuid references users,
    ts_start timestamptz default now(),
    duration_ms int,
    tok_in int,
    tok_out int,
    loc_delta int,
    files_touched jsonb,
    status text not null default 'pending'
        check (status in ('pending', 'auto_merged', 'pr_opened', 'ok', 'fail')),
    notes text,
    version int not null default 0,
    repo text,
    branch text,
    transcript text,
    confidence double precision,
    phase text,
    reason text,
    summary text,
    base_sha text,
    commit_sha text,
    pr_url text,
    diff_key text,
    lint_passed boolean,
    tests_passed boolean,
    cost_usd numeric(12, 6),
    updated_at timestamptz not null default now()
);

create index task_events_newest on task_events (user_id, ts_start desc, id desc);
create index task_events_by_day on task_events (ts_start);

-- No reference to users: a device may register before its user has said anything.
create table devices (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null,
    token text unique not null,
    platform text not null check (platform in ('ios', 'android', 'web')),
    quiet_hours jsonb,
    only_when_needed boolean not null default false,
    last_seen timestamptz not null default now()
);

create index devices_of_user on devices (user_id);

-- migrate:down
