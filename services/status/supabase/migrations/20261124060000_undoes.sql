-- migrate:up
-- Which task a task takes back: an undo that was asked for twice is found again.
alter table task_events add column undoes uuid;
create index task_events_undoes on task_events (undoes) where undoes is not null;

-- migrate:down
