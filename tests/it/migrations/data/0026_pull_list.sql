insert into github.repository (id, name, source_at) values (202, 'mosaic-lane/orders', '2026-11-02T10:00:00Z');
