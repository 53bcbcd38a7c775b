-- The tables of Agno Dash's sample that this pack reads, for trying it. They are written by pandas: no keys, times without
-- a zone, whole days as midnights.
CREATE TABLE public.customers (
    id bigint, company_name text, industry text, company_size text, country text, signup_date date, source text, status text);
CREATE TABLE public.subscriptions (
    id bigint, customer_id bigint, plan text, mrr double precision, seats bigint, billing_cycle text, started_at timestamp,
    ended_at timestamp, status text, cancellation_reason text);
CREATE TABLE public.plan_changes (
    customer_id bigint, previous_plan text, new_plan text, previous_mrr double precision, new_mrr double precision,
    change_type text, changed_at timestamp, id bigint);
CREATE TABLE public.support_tickets (
    id bigint, customer_id bigint, priority text, category text, status text, created_at timestamp, resolved_at timestamp,
    satisfaction_score double precision);
