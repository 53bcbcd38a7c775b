-- A help desk whose states, priorities and groups are tables of their own, and whose ratings and times lie beside tickets.
CREATE SCHEMA desk;
CREATE TABLE desk.ticket_states (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO desk.ticket_states VALUES (1, 'new'), (2, 'open'), (3, 'pending reminder'), (4, 'closed'), (5, 'merged');
CREATE TABLE desk.ticket_priorities (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO desk.ticket_priorities VALUES (1, '1 low'), (2, '2 normal'), (3, '3 high');
CREATE TABLE desk.groups (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO desk.groups VALUES (1, 'Users'), (2, 'Second level'), (3, 'Sales');
CREATE TABLE desk.tickets (
    id int PRIMARY KEY, number varchar(20) UNIQUE NOT NULL, title text NOT NULL, group_id int NOT NULL,
    state_id int NOT NULL, priority_id int NOT NULL, customer_id int NOT NULL, article_count int,
    created_at timestamp NOT NULL, close_at timestamp, first_response_at timestamp, escalation_at timestamp
);
INSERT INTO desk.tickets
SELECT g, (10000 + g)::text, 'Please help me with my order number ' || g, 1 + g % 3, 1 + g % 5, 1 + g % 3, g % 170, g % 6,
    timestamp '2026-04-01' + g * interval '7 hours',
    CASE WHEN g % 5 IN (3, 4) THEN timestamp '2026-04-01' + g * interval '7 hours' + interval '10 hours' END,
    timestamp '2026-04-01' + g * interval '7 hours' + interval '30 minutes',
    timestamp '2026-04-01' + g * interval '7 hours' + interval '2 days'
FROM generate_series(1, 700) AS g;
CREATE TABLE desk.surveys (id int PRIMARY KEY, ticket_id int NOT NULL, rating smallint NOT NULL, created_at timestamp NOT NULL);
INSERT INTO desk.surveys SELECT g, g * 2, 1 + g % 5, timestamp '2026-06-01' + g * interval '3 hours' FROM generate_series(1, 300) AS g;
