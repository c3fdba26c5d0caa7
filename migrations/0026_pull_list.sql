-- Open pull requests by who wrote them and by where they are: most of either are over.
create index pull_request_open_author on github.pull_request (author_id) where state = 'open';
create index pull_request_open_repository on github.pull_request (repository_id) where state = 'open';
-- What somebody reviewed lately.
create index review_actor on github.review (actor_id, submitted_at);
-- Repositories are asked for without their owner, too.
create index repository_short on github.repository (lower(split_part(name, '/', 2)));
