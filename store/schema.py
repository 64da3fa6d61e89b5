"""The tables, made and changed by numbered migrations, in SQLite's words.

Days are text such as `2026-11-23`; instants are whole seconds since 1970, UTC. PostgreSQL is told
the same in its own words (`store.postgres_schema`), so that there is one list for both.
"""

from collections.abc import Mapping

# A migration that went out is never changed; what is to be different is another one.
MIGRATIONS: Mapping[str, str] = {
    "m001_first_day": """
        create table learners (
            id integer primary key autoincrement,
            language text not null,
            zone text not null,
            home text not null,
            push_at text not null,
            evening_at text not null,
            quiet_from text not null,
            quiet_to text not null,
            pushes_on integer not null,
            ignored_pushes integer not null default 0,
            last_plan_day text,
            created_at integer not null,
            last_seen_at integer not null
        ) strict;
        create table identities (
            platform text not null,
            person text not null,
            learner integer not null references learners (id),
            primary key (platform, person)
        ) strict;
        create index identities_by_learner on identities (learner);
        create table expectations (
            address text not null,
            learner integer not null references learners (id),
            kind text not null,
            details text not null,
            expires_at integer not null,
            primary key (address, learner)
        ) strict;
        create table enrolments (
            id integer primary key autoincrement,
            learner integer not null references learners (id),
            curriculum text not null,
            version integer not null,
            started_on text not null,
            state text not null check (state in ('active', 'left')),
            ended_on text
        ) strict;
        create unique index one_active_enrolment on enrolments (learner) where state = 'active';
        create index enrolments_by_learner on enrolments (learner);
        create table paces (
            enrolment integer not null references enrolments (id),
            since text not null,
            minutes text not null,
            primary key (enrolment, since)
        ) strict;
        create table pauses (
            enrolment integer not null references enrolments (id),
            since text not null,
            until text,
            primary key (enrolment, since)
        ) strict;
        create table completions (
            enrolment integer not null references enrolments (id),
            task text not null,
            day text not null,
            evidence text,
            noted_at integer not null,
            primary key (enrolment, task)
        ) strict;
        create table postponements (
            enrolment integer not null references enrolments (id),
            task text not null,
            day text not null,
            until text not null,
            primary key (enrolment, task, day)
        ) strict;
        create table skips (
            enrolment integer not null references enrolments (id),
            task text not null,
            day text not null,
            primary key (enrolment, task)
        ) strict;
        create table returns (
            enrolment integer not null references enrolments (id),
            day text not null,
            way text not null,
            primary key (enrolment, day)
        ) strict;
        create table blockers (
            enrolment integer not null references enrolments (id),
            task text not null,
            day text not null,
            note text not null,
            noted_at integer not null,
            primary key (enrolment, task, day)
        ) strict;
        create table clocks (
            learner integer not null references learners (id),
            kind text not null,
            next_due_at integer not null,
            primary key (learner, kind)
        ) strict;
        create index clocks_by_due on clocks (next_due_at);
        create table inbox (
            seq integer primary key autoincrement,
            platform text not null,
            event text not null,
            lane text not null,
            raw text,
            state text not null check (state in ('open', 'done', 'parked')),
            tries integer not null default 0,
            note text,
            received_at integer not null,
            closed_at integer,
            unique (platform, event)
        ) strict;
        create index inbox_open on inbox (seq) where state = 'open';
        create index inbox_closed on inbox (closed_at) where state <> 'open';
        create table outbox (
            seq integer primary key autoincrement,
            key text not null unique,
            platform text not null,
            address text not null,
            learner integer references learners (id),
            kind text not null,
            body text not null,
            state text not null check (state in ('open', 'sent', 'failed', 'skipped')),
            tries integer not null default 0,
            not_before integer not null,
            expires_at integer,
            created_at integer not null,
            closed_at integer,
            receipt text,
            error text
        ) strict;
        create index outbox_open on outbox (seq) where state = 'open';
        create index outbox_by_address on outbox (address, seq);
        create index outbox_by_learner on outbox (learner);
        create index outbox_closed on outbox (closed_at) where state <> 'open';
        create table messages (
            seq integer primary key autoincrement,
            address text not null,
            learner integer not null references learners (id),
            turn text not null,
            position integer not null,
            role text not null check (role in ('human', 'ai', 'tool')),
            content text not null,
            at integer not null,
            unique (turn, position)
        ) strict;
        create index messages_by_conversation on messages (address, learner, seq);
        create index messages_by_learner on messages (learner);
        create table pulse (
            id integer primary key check (id = 1),
            at integer not null
        ) strict;
        create table windows (
            address text not null,
            learner integer not null references learners (id),
            first_seq integer not null,
            primary key (address, learner)
        ) strict;
    """,
    "m002_five_curricula": """
        drop index one_active_enrolment;
        create unique index one_active_enrolment on enrolments (learner, curriculum)
            where state = 'active';
        alter table completions add column title text;
        alter table completions add column wording text;
        create table picks (
            enrolment integer not null references enrolments (id),
            choice text not null,
            day text not null,
            options text not null,
            primary key (enrolment, choice, day)
        ) strict;
        create table criteria_met (
            enrolment integer not null references enrolments (id),
            criterion text not null,
            day text not null,
            evidence text,
            noted_at integer not null,
            primary key (enrolment, criterion)
        ) strict;
        create table weekly_checks (
            enrolment integer not null references enrolments (id),
            monday text not null,
            answers text not null,
            noted_at integer not null,
            primary key (enrolment, monday)
        ) strict;
        create table passes (
            learner integer not null references learners (id),
            problem text not null,
            day text not null,
            noted_at integer not null,
            primary key (learner, problem, day)
        ) strict;
    """,
    "m003_quizzes": """
        create table quizzes (
            id integer primary key autoincrement,
            learner integer not null references learners (id),
            address text not null,
            kind text not null check (kind in ('quiz', 'review', 'placement', 'draft')),
            plan text not null,
            started_at integer not null,
            ended_at integer
        ) strict;
        create index quizzes_by_learner on quizzes (learner, id);
        create index quizzes_under_way on quizzes (learner) where ended_at is null;
        create table questions (
            id integer primary key autoincrement,
            quiz integer not null references quizzes (id),
            place integer not null,
            learner integer not null references learners (id),
            address text not null,
            item text not null,
            seed integer,
            frozen text not null,
            state text not null check (state in ('open', 'answered', 'skipped')),
            asked_at integer not null,
            answered_at integer,
            day text,
            given text,
            verdict text,
            rating integer,
            gap integer,
            verdict_before text,
            unique (quiz, place)
        ) strict;
        create index questions_by_day on questions (learner, day);
        create index questions_corrected on questions (learner) where verdict_before is not null;
        create index questions_open on questions (learner, id) where state = 'open';
        create index questions_by_learner on questions (learner, item, id);
        create index questions_by_item on questions (item);
        create table cards (
            learner integer not null references learners (id),
            item text not null,
            stability real not null,
            difficulty real not null,
            last_review text not null,
            due_on text not null,
            reviews integer not null,
            lapses integer not null,
            primary key (learner, item)
        ) without rowid, strict;
        create index cards_by_due on cards (learner, due_on);
        create table mastery (
            learner integer not null references learners (id),
            concept text not null,
            probability real not null,
            answers integer not null,
            right_answers integer not null,
            day text not null,
            primary key (learner, concept)
        ) without rowid, strict;
        create table review_days (
            learner integer not null references learners (id),
            day text not null,
            minutes integer not null,
            primary key (learner, day)
        ) without rowid, strict;
        create table known_answers (
            item text primary key,
            wording text not null,
            answer text not null
        ) strict;
        create table reports (
            item text not null,
            learner integer not null references learners (id),
            question integer not null references questions (id),
            note text,
            reported_at integer not null,
            settled_at integer,
            primary key (item, learner)
        ) without rowid, strict;
        create index reports_open on reports (item) where settled_at is null;
        create index reports_by_learner on reports (learner);
        create table suspensions (
            item text primary key,
            reason text not null check (reason in ('reported', 'retired')),
            suspended_at integer not null
        ) strict;
        create table own_drafts (
            id integer primary key autoincrement,
            learner integer not null references learners (id),
            item text not null,
            content text not null,
            made_at integer not null
        ) strict;
        create index own_drafts_by_learner on own_drafts (learner);
        alter table skips add column origin text;
        alter table outbox add column poll text;
        create unique index outbox_by_poll on outbox (poll) where poll is not null;
    """,
    "m004_conversation": """
        alter table learners add column quiet_days text not null default '';
        create table profile_facts (
            id integer primary key autoincrement,
            learner integer not null references learners (id),
            kind text not null,
            words text not null,
            source text not null,
            noted_on text not null,
            noted_at integer not null,
            unique (learner, kind, words)
        ) strict;
        create table summaries (
            address text not null,
            learner integer not null references learners (id),
            words text not null,
            is_foreign integer not null,
            until_seq integer not null,
            made_at integer not null,
            primary key (address, learner)
        ) without rowid, strict;
        create index summaries_by_learner on summaries (learner);
        create table model_usage (
            scope text not null,
            period text not null,
            calls integer not null default 0,
            reserved integer not null default 0,
            tokens_in integer not null default 0,
            tokens_cached integer not null default 0,
            tokens_out integer not null default 0,
            primary key (scope, period)
        ) without rowid, strict;
    """,
    "m005_interviews": """
        create table interviews (
            id integer primary key autoincrement,
            learner integer not null references learners (id),
            address text not null,
            wanted text not null,
            topic text,
            question integer not null references questions (id),
            state text not null check (state in ('open', 'ticking', 'over', 'left')),
            said text not null,
            met text,
            judged integer not null default 0,
            last_at integer not null,
            ended_at integer,
            unique (question)
        ) strict;
        create unique index interviews_under_way on interviews (learner, address)
            where state = 'open';
        create index interviews_by_learner on interviews (learner, id);
    """,
    "m006_help": """
        alter table questions add column hints integer not null default 0;
    """,
    "m007_submissions": """
        create table submissions (
            id integer primary key autoincrement,
            learner integer not null references learners (id),
            address text not null,
            digest text not null,
            task text,
            files text,
            at integer not null,
            unique (learner, digest)
        ) strict;
        create index submissions_lately on submissions (learner, address, at);
        create index submissions_kept on submissions (at) where files is not null;
        create table code_findings (
            submission integer not null references submissions (id),
            learner integer not null references learners (id),
            rule text not null,
            is_fine integer not null,
            day text not null,
            primary key (submission, rule)
        ) without rowid, strict;
        create index code_findings_by_rule on code_findings (learner, rule);
    """,
    # What is sent first and emptied later leaves pages half empty; rows that go leave whole ones.
    "m008_bodies": """
        create table outbox_bodies (
            seq integer primary key references outbox (seq) on delete cascade,
            body text not null
        ) strict;
        insert into outbox_bodies select seq, body from outbox
            where body <> '{"markup": "", "buttons": []}';
        alter table outbox drop column body;
        create view deliveries as
            select outbox.*, coalesce(body, '{"markup": "", "buttons": []}') as body
            from outbox left join outbox_bodies using (seq);
    """,
    "m009_links": """
        create table link_codes (
            code text primary key,
            learner integer not null references learners (id),
            expires_at integer not null
        ) strict;
        create index link_codes_by_learner on link_codes (learner);
    """,
    "m010_cohorts": """
        create table cohorts (
            id integer primary key autoincrement,
            address text not null unique,
            curriculum text not null,
            started_on text not null,
            language text not null,
            zone text not null,
            question_at text not null,
            reveal_at text not null,
            evening_at text not null,
            digest_on text not null,
            digest_at text not null,
            quiet_days text not null,
            posts_a_day integer not null,
            posts_on text,
            posts integer not null default 0,
            state text not null check (state in ('active', 'silent')),
            created_at integer not null
        ) strict;
        create table cohort_clocks (
            cohort integer not null references cohorts (id),
            kind text not null,
            next_due_at integer not null,
            primary key (cohort, kind)
        ) without rowid, strict;
        create index cohort_clocks_by_due on cohort_clocks (next_due_at);
        create table members (
            cohort integer not null references cohorts (id),
            learner integer not null references learners (id),
            name text not null,
            nickname text,
            pod integer,
            pair integer,
            pairless_until text,
            joined_at integer not null,
            primary key (cohort, learner)
        ) without rowid, strict;
        create index members_by_learner on members (learner);
        create table rounds (
            id integer primary key autoincrement,
            cohort integer not null references cohorts (id),
            kind text not null
                check (kind in ('daily', 'battle', 'roll', 'explain', 'focus', 'exchange')),
            day text not null,
            plan text not null,
            state text not null check (state in ('open', 'closed')),
            opened_at integer not null,
            closed_at integer
        ) strict;
        create index rounds_by_day on rounds (cohort, kind, day);
        create index rounds_that_are_over on rounds (day) where state <> 'open';
        create unique index one_open_round on rounds (cohort, kind) where state = 'open';
        create table round_questions (
            id integer primary key autoincrement,
            round integer not null references rounds (id),
            place integer not null,
            item text not null,
            frozen text not null,
            state text not null check (state in ('open', 'closed')),
            asked_at integer not null,
            unique (round, place)
        ) strict;
        create table round_answers (
            question integer not null references round_questions (id),
            learner integer not null references learners (id),
            option integer not null,
            is_right integer not null,
            answered_at integer not null,
            told_at integer,
            primary key (question, learner)
        ) without rowid, strict;
        create index round_answers_by_learner on round_answers (learner);
        create table contributions (
            round integer not null references rounds (id),
            learner integer not null references learners (id),
            choice text,
            words text,
            offered text,
            points text,
            may_keep integer not null default 0,
            at integer not null,
            primary key (round, learner)
        ) without rowid, strict;
        create index contributions_by_learner on contributions (learner);
        create table group_notes (
            id integer primary key autoincrement,
            cohort integer not null references cohorts (id),
            learner integer not null references learners (id),
            concept text not null,
            words text not null,
            kept_at integer not null
        ) strict;
        create index group_notes_by_cohort on group_notes (cohort, id);
        create index group_notes_by_learner on group_notes (learner);
        create index outbox_by_receipt on outbox (receipt) where kind = 'group';
        create index outbox_of_nobody on outbox (kind, created_at) where learner is null;
        create index outbox_undelivered on outbox (learner) where state = 'failed';
    """,
    "m011_pictures": """
        alter table learners add column pictures text not null default '';
    """,
    "m012_forgotten": """
        create table forgotten (mark text primary key) without rowid, strict;
    """,
    "m013_announcements_and_help": """
        alter table learners add column announcements integer not null default 1;
        alter table learners add column last_announcement integer not null default 0;
        create table announcements (
            id integer primary key autoincrement,
            zh text not null,
            en text not null,
            made_at integer not null
        ) strict;
        create table help_requests (
            id integer primary key autoincrement,
            learner integer not null references learners (id),
            words text not null,
            asked_at integer not null,
            answered_at integer
        ) strict;
        create index help_requests_by_learner on help_requests (learner);
        create index help_requests_open on help_requests (asked_at) where answered_at is null;
    """,
    "m014_invitations": """
        alter table learners add column invited integer not null default 0;
        create table invitations (
            code text primary key,
            uses_left integer not null,
            expires_at integer not null
        ) without rowid, strict;
    """,
    "m015_gaps": """
        create table gaps (
            learner integer not null references learners (id),
            words text not null,
            day text not null,
            primary key (learner, words)
        ) without rowid, strict;
        create index gaps_by_day on gaps (day);
    """,
    "m016_looked_after": """
        alter table learners add column looked_after integer not null default 0;
        alter table learners add column reached_at integer;
    """,
    "m017_dead_links": """
        create table dead_links (
            url text primary key,
            found text not null,
            seen_at integer not null
        ) without rowid, strict;
    """,
    "m018_talk_by_day": """
        create index messages_by_day on messages (at);
    """,
    "m019_several_processes": """
        create table leases (
            name text primary key,
            holder text not null,
            until integer not null
        ) without rowid, strict;
        create table send_budgets (
            scope text primary key,
            free_from integer not null
        ) without rowid, strict;
        create index inbox_open_by_lane on inbox (platform, lane, seq) where state = 'open';
        create index outbox_open_by_address on outbox (platform, address, seq)
            where state = 'open';
    """,
    # A row this long does not fit where there is no rowid: its words took a page of their own.
    "m020_summaries": """
        create table summaries_with_rowid (
            address text not null,
            learner integer not null references learners (id),
            words text not null,
            is_foreign integer not null,
            until_seq integer not null,
            made_at integer not null,
            primary key (address, learner)
        ) strict;
        insert into summaries_with_rowid
            select address, learner, words, is_foreign, until_seq, made_at from summaries;
        drop table summaries;
        alter table summaries_with_rowid rename to summaries;
        create index summaries_by_learner on summaries (learner);
    """,
}
