-- migrate:up
-- Through whom a device is reached, and since when it is known: nobody is told what was old by then.
-- Those that are there already may hear of all that is under way.
alter table devices
    add column provider text not null default 'expo' check (provider in ('expo', 'apns', 'fcm')),
    add column endpoint text,
    add column created_at timestamptz not null default '-infinity';
alter table devices alter column created_at set default now();

-- A push is about a task or a clip. It outlives its device, so that what could not be delivered
-- still counts when the device is gone.
alter table private.notifications rename column job_id to subject_id;
alter table private.notifications
    drop constraint notifications_device_id_fkey,
    add column user_id uuid,
    add column reason text,
    add column asked_at timestamptz;
update private.notifications told set user_id = devices.user_id
from devices where devices.id = told.device_id;
update private.notifications set reason = 'gave_up' where state = 'undelivered';
update private.notifications set state = 'undelivered', reason = 'refused' where state = 'failed';
alter table private.notifications
    alter column user_id set not null,
    add check (state in ('sent', 'delivered', 'skipped', 'undelivered', 'unknown')),
    add check ((state = 'undelivered') = (reason is not null));

drop index private.notifications_of_device;
create index notifications_without_receipt on private.notifications (updated_at)
    where state = 'sent' and ticket is not null;
create index notifications_by_ticket on private.notifications (ticket) where state = 'sent';
create index notifications_undelivered on private.notifications (updated_at)
    where state = 'undelivered';

-- migrate:down
