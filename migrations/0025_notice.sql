-- Which messages tell of which pull requests, so that each has one message a person, or one a team's channel.
create table github.notice (
    -- Key of the message.
    key text primary key,
    pull_request_id bigint not null,
    -- Whom it is for: a person, or a team of GitHub's that has a channel.
    person_id uuid references org.person,
    team_id bigint,
    -- Whether the message was put; what many tell of at once is only listed.
    opened boolean not null default false,
    -- How many answers it has, and what was said last: in the last answer, or in the message where it has none. Whoever did that,
    -- of which kind it was, about which head, and the words.
    answers integer not null default 0,
    said jsonb,
    told_at timestamptz not null default now(),
    -- Key of the message that lists it with others.
    listed_in text,
    -- Since when they want to hear nothing until somebody else does something.
    snoozed_at timestamptz,
    -- When they said that it is not theirs to review, and who got it instead.
    passed_at timestamptz,
    passed_to uuid references org.person,
    -- Who passed the review to them.
    passed_by uuid references org.person,
    constraint notice_for_check check ((person_id is null) <> (team_id is null))
);
create index notice_pull_request on github.notice (pull_request_id);
create index notice_person on github.notice (person_id, told_at);
create index notice_listed on github.notice (listed_in, told_at) where listed_in is not null;

-- When reviewers were last reminded of a pull request, and by whom.
create table github.nudge (
    pull_request_id bigint primary key,
    person_id uuid not null references org.person,
    nudged_at timestamptz not null
);
