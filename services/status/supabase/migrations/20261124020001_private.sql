-- migrate:up
-- Supabase serves the schema public over HTTP; what is in here is for the services alone.
create schema private;

-- Everything that was said about a task, each once: the fold's input and the task's timeline.
create table private.inbox (
    id uuid primary key,
    job_id uuid not null,
    type text not null,
    time timestamptz not null,
    body jsonb not null,
    received_at timestamptz not null default now()
);

create index inbox_of_job on private.inbox (job_id);

-- What status has to say, written together with what it is about.
create table private.outbox (
    id uuid primary key,
    topic text not null default 'task-events',
    body jsonb not null,
    written_at timestamptz not null default clock_timestamp(),
    published_at timestamptz
);

create index outbox_waiting on private.outbox (written_at) where published_at is null;

create table private.notifications (
    job_id uuid not null,
    version int not null,
    device_id uuid not null references devices on delete cascade,
    state text not null,
    ticket text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (job_id, version, device_id)
);

create index notifications_of_device on private.notifications (device_id);

-- migrate:down
