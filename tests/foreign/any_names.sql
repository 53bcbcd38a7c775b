-- Names that need care, types of somebody's own, times as numbers, and what cannot be described at all.
CREATE SCHEMA "Поддержка";
CREATE TYPE "Поддержка"."Канал" AS ENUM ('почта', 'чат', 'телефон');
CREATE DOMAIN "Поддержка".прио AS integer CHECK (VALUE BETWEEN 1 AND 4);
CREATE TABLE "Поддержка"."Заявки" (
    "Номер заявки" text PRIMARY KEY, "Статус" text, "Приоритет" "Поддержка".прио, "Дата создания" timestamp,
    "Дата решения" timestamp, "Канал" "Поддержка"."Канал", "Группа" text, "Тема" text, "ФИО клиента" text,
    "% скидки" numeric, "a:b" text, "SELECT" integer, "Стоимость" money, "время ""в"" работе" interval, теги text[]
);
INSERT INTO "Поддержка"."Заявки"
SELECT 'З-' || g, (ARRAY['новая', 'в работе', 'решена', 'закрыта', 'it''s odd'])[1 + g % 5], 1 + g % 4,
    timestamp '2026-05-01' + g * interval '5 hours',
    CASE WHEN g % 5 IN (2, 3) THEN timestamp '2026-05-02' + g * interval '5 hours' END,
    (ARRAY['почта', 'чат', 'телефон'])[1 + g % 3]::"Поддержка"."Канал", 'Линия ' || (1 + g % 3),
    'У меня не работает вот такая вещь номер ' || g, 'Иван Петров' || g, g % 20, 'v' || (g % 3), g % 9,
    (g % 50)::text::money, g * interval '1 minute', ARRAY['a', 'b']
FROM generate_series(1, 900) AS g;
CREATE TABLE "order" ("user" int, "group" text, created timestamptz, "table" int);
INSERT INTO "order"
SELECT g % 50, 'g' || g % 4, timestamptz '2026-11-01' - g * interval '1 hour', g % 3 FROM generate_series(1, 500) AS g;
CREATE VIEW "All Requests" AS SELECT * FROM "Поддержка"."Заявки";
CREATE TABLE "wéird.name" (x int);
CREATE TABLE no_columns ();
CREATE TABLE codes (id int PRIMARY KEY, status int, opened_at bigint, is_vip text);
INSERT INTO codes
SELECT g, 2 + g % 4, 1700000000 + g * 3600, CASE WHEN g % 2 = 0 THEN 'Y' ELSE 'N' END FROM generate_series(1, 800) AS g;
CREATE TABLE vault (
    id int PRIMARY KEY, "API Key" text, pin int, date_of_birth date, birthday_text text, phone bigint, mobile text,
    customer jsonb, "name_on_card" text
);
INSERT INTO vault
SELECT g, 'sk-canary-' || g % 3, 770000 + g % 4, date '1977-07-07' + g % 9, to_char(date '1977-07-07' + g % 9, 'DD.MM.YYYY'),
    49770000000 + g % 5, (49770000000 + g % 5)::text, '{"name": "Petra Canary"}', 'PETRA CANARY'
FROM generate_series(1, 300) AS g;
