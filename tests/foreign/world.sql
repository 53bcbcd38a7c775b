-- A help desk's database that nobody tidied: a log with a row for each change of a ticket, dates and booleans as text,
-- quoted names, a stand-in for NULL, an enum, a reserved word, a partitioned table, a view, and joins nobody declared.
CREATE SCHEMA "Service Desk";
CREATE TYPE "Service Desk".contact_kind AS ENUM ('Phone', 'Email', 'Self service', 'Walk-in');

CREATE TABLE "Service Desk"."Ticket Log" (
    "Number" text NOT NULL,
    "State" text NOT NULL,
    "Active" text NOT NULL,
    "Reassignment Count" integer NOT NULL,
    "Reopen Count" integer NOT NULL,
    "Sys Mod Count" integer NOT NULL,
    "Made SLA" text NOT NULL,
    "Opened At" text NOT NULL,
    "Resolved At" text NOT NULL,
    "Closed At" text NOT NULL,
    "Sys Updated At" text NOT NULL,
    "Contact Type" "Service Desk".contact_kind NOT NULL,
    "Category" text NOT NULL,
    "Subcategory" text NOT NULL,
    "Impact" text NOT NULL,
    "Priority" text NOT NULL,
    "Assignment Group" text NOT NULL,
    "Assigned To" text NOT NULL,
    "Caller" text NOT NULL,
    "Caller E-Mail" text NOT NULL,
    "Short Description" text NOT NULL,
    "Tenant" text NOT NULL
);

CREATE TABLE "Service Desk"."user" (
    id integer PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    "group" text NOT NULL
);

CREATE TABLE "Service Desk".messages (
    id bigint NOT NULL,
    ticket_number text NOT NULL,
    author_kind text NOT NULL,
    body text NOT NULL,
    sent_at timestamp NOT NULL
) PARTITION BY RANGE (sent_at);
CREATE TABLE "Service Desk".messages_old PARTITION OF "Service Desk".messages FOR VALUES FROM (MINVALUE) TO ('2026-09-01');
CREATE TABLE "Service Desk".messages_new PARTITION OF "Service Desk".messages FOR VALUES FROM ('2026-09-01') TO (MAXVALUE);

CREATE TABLE "Service Desk".satisfaction (
    survey_id integer PRIMARY KEY,
    score integer,
    answered_at timestamptz,
    time_spent interval,
    cost money,
    tags text[],
    extra jsonb
);
COMMENT ON TABLE "Service Desk".satisfaction IS 'Answers to the survey that is sent when a ticket is closed';
COMMENT ON COLUMN "Service Desk".satisfaction.score IS '1 (bad) to 5 (good); -1 when the survey was not answered';

CREATE VIEW "Service Desk".staff AS SELECT id, name FROM "Service Desk"."user";
CREATE TABLE "Service Desk".secrets (id integer PRIMARY KEY, token text);
