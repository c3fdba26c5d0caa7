insert into github.subscription (id, platform, channel, channel_name, kind, target, wanted, made_by)
values ('00000000-0000-4000-8000-000000000027', 'slack', 'C0PAY', 'payments', 'repository', '201',
    '{"events": ["opened", "merged"], "labels": [], "authors": []}', '00000000-0000-0000-0000-000000000001');
insert into github.channel_post (key, pull_request_id, platform, channel, answers)
values ('pull:401:channel:C0PAY', 401, 'slack', 'C0PAY', 1);
