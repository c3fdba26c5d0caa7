insert into github.reading (part, tried_at, read_at, moment) values ('pull requests', now(), now(), now());
insert into github.installation (id, login, organization) values (4711, 'mosaic-lane', true);
insert into github.page_mark (list, etags) values ('repositories:4711', array['W/"1"']);
insert into github.pull_request_read (pull_request_id, updated_at) values (1, now());
insert into github.redelivery (guid, event, failed_at, times) values ('0b1', 'pull_request', now(), 1);
