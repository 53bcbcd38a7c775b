-- The tables of Chatwoot's schema that this pack reads, for trying it; the real ones have more columns.
CREATE TABLE public.accounts (id serial PRIMARY KEY, name varchar NOT NULL, status int DEFAULT 0, created_at timestamp NOT NULL);
CREATE TABLE public.users (
    id serial PRIMARY KEY, name varchar NOT NULL, display_name varchar, email varchar, encrypted_password varchar NOT NULL DEFAULT '',
    availability int DEFAULT 0, created_at timestamp NOT NULL);
CREATE TABLE public.teams (id bigserial PRIMARY KEY, name varchar NOT NULL, account_id bigint NOT NULL, created_at timestamp(6) NOT NULL);
CREATE TABLE public.inboxes (
    id serial PRIMARY KEY, channel_id int NOT NULL, account_id int NOT NULL, name varchar NOT NULL, channel_type varchar,
    timezone varchar DEFAULT 'UTC', working_hours_enabled boolean DEFAULT false, csat_survey_enabled boolean DEFAULT false,
    created_at timestamp NOT NULL);
CREATE TABLE public.contacts (
    id serial PRIMARY KEY, name varchar DEFAULT '', email varchar, phone_number varchar, account_id int NOT NULL,
    country_code varchar DEFAULT '', blocked boolean NOT NULL DEFAULT false, created_at timestamp NOT NULL);
CREATE TABLE public.conversations (
    id serial PRIMARY KEY, account_id int NOT NULL, inbox_id int NOT NULL, status int NOT NULL DEFAULT 0, assignee_id int,
    contact_id bigint, display_id int NOT NULL, team_id bigint, campaign_id bigint, priority int, snoozed_until timestamp,
    first_reply_created_at timestamp, waiting_since timestamp(6), last_activity_at timestamp NOT NULL,
    created_at timestamp NOT NULL, updated_at timestamp NOT NULL, UNIQUE (account_id, display_id));
CREATE TABLE public.messages (
    id serial PRIMARY KEY, content text, account_id int NOT NULL, inbox_id int NOT NULL, conversation_id int NOT NULL,
    message_type int NOT NULL, content_type int NOT NULL DEFAULT 0, private boolean NOT NULL DEFAULT false, status int DEFAULT 0,
    sender_type varchar, sender_id bigint, created_at timestamp NOT NULL);
CREATE TABLE public.tags (id serial PRIMARY KEY, name varchar UNIQUE, taggings_count int DEFAULT 0);
CREATE TABLE public.taggings (
    id serial PRIMARY KEY, tag_id int, taggable_type varchar, taggable_id int, context varchar(128), created_at timestamp);
CREATE TABLE public.csat_survey_responses (
    id bigserial PRIMARY KEY, account_id bigint NOT NULL, conversation_id bigint NOT NULL, message_id bigint NOT NULL UNIQUE,
    rating int NOT NULL, feedback_message text, contact_id bigint NOT NULL, assigned_agent_id bigint,
    created_at timestamp(6) NOT NULL);
CREATE TABLE public.reporting_events (
    id bigserial PRIMARY KEY, name varchar, value float8, value_in_business_hours float8, account_id int, inbox_id int,
    user_id int, conversation_id int, event_start_time timestamp, event_end_time timestamp, created_at timestamp(6) NOT NULL);
CREATE TABLE public.applied_slas (
    id bigserial PRIMARY KEY, account_id bigint NOT NULL, sla_policy_id bigint NOT NULL, conversation_id bigint NOT NULL,
    sla_status int DEFAULT 0, created_at timestamp(6) NOT NULL);
CREATE INDEX ON public.messages (conversation_id);
CREATE INDEX ON public.reporting_events (conversation_id);
