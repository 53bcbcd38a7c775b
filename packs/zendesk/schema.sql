-- The tables of Zendesk's common warehouse export that this pack reads, for trying it; a real export has more columns.
CREATE SCHEMA zendesk;
CREATE TABLE zendesk.organization (
    id bigint PRIMARY KEY, name text, details text, notes text, external_id text, group_id bigint, shared_tickets boolean,
    created_at timestamptz, updated_at timestamptz, _fivetran_synced timestamptz);
CREATE TABLE zendesk."group" (
    id bigint PRIMARY KEY, name text, url text, created_at timestamptz, updated_at timestamptz, _fivetran_deleted boolean,
    _fivetran_synced timestamptz);
CREATE TABLE zendesk."user" (
    id bigint PRIMARY KEY, name text, email text, phone text, role text, active boolean, suspended boolean, locale text,
    time_zone text, organization_id bigint, created_at timestamptz, updated_at timestamptz, last_login_at timestamptz,
    _fivetran_deleted boolean, _fivetran_synced timestamptz);
CREATE TABLE zendesk.brand (
    id bigint PRIMARY KEY, name text, subdomain text, brand_url text, active boolean, _fivetran_synced timestamptz);
CREATE TABLE zendesk.ticket_form_history (
    id bigint, name text, display_name text, active boolean, created_at timestamptz, updated_at timestamptz,
    _fivetran_deleted boolean, PRIMARY KEY (id, updated_at));
CREATE TABLE zendesk.ticket (
    id bigint PRIMARY KEY, subject text, description text, status text, priority text, type text, via_channel text,
    brand_id bigint, group_id bigint, assignee_id bigint, requester_id bigint, submitter_id bigint, organization_id bigint,
    ticket_form_id bigint, problem_id bigint, merged_ticket_ids text, is_public boolean, external_id text, recipient text,
    url text, due_at timestamptz, created_at timestamptz, updated_at timestamptz, _fivetran_deleted boolean,
    _fivetran_synced timestamptz);
CREATE TABLE zendesk.ticket_comment (
    id bigint PRIMARY KEY, ticket_id bigint, user_id bigint, body text, public boolean, created timestamptz,
    facebook_comment boolean, tweet boolean, voice_comment boolean, _fivetran_deleted boolean, _fivetran_synced timestamptz);
CREATE TABLE zendesk.ticket_field_history (
    ticket_id bigint, field_name text, updated timestamptz, value text, user_id bigint, _fivetran_synced timestamptz,
    PRIMARY KEY (ticket_id, field_name, updated));
CREATE TABLE zendesk.ticket_tag (ticket_id bigint, tag text, _fivetran_synced timestamptz, PRIMARY KEY (ticket_id, tag));
CREATE TABLE zendesk.satisfaction_rating (
    id bigint PRIMARY KEY, ticket_id bigint, assignee_id bigint, group_id bigint, requester_id bigint, score text,
    reason text, comment text, url text, created_at timestamptz, updated_at timestamptz, _fivetran_synced timestamptz);
CREATE TABLE zendesk.schedule (
    id bigint, name text, time_zone text, start_time int, end_time int, start_time_utc int, end_time_utc int,
    created_at timestamptz, _fivetran_deleted boolean, _fivetran_synced timestamptz, PRIMARY KEY (id, start_time));
CREATE TABLE zendesk.ticket_schedule (
    ticket_id bigint, created_at timestamptz, schedule_id bigint, _fivetran_synced timestamptz,
    PRIMARY KEY (ticket_id, created_at));
CREATE INDEX ON zendesk.ticket_comment (ticket_id, created);
CREATE INDEX ON zendesk.ticket (created_at);
