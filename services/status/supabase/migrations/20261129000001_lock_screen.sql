-- migrate:up
-- What a lock screen has room for: what was done, how many tests came with it, why a person is asked.
alter table task_events
    add column subject text,
    add column tests_added int,
    add column why text;

-- migrate:down
