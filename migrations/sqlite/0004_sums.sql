-- A check sum of each row's other values, so that a value that the disk has changed is noticed. Expands only; rows of
-- before get theirs when the program opens the database.
ALTER TABLE interview_session ADD COLUMN sum INTEGER;
ALTER TABLE interview_message ADD COLUMN sum INTEGER;
ALTER TABLE interview_turn ADD COLUMN sum INTEGER;
ALTER TABLE interview_event ADD COLUMN sum INTEGER;

-- What is written to see whether the disk takes writes.
CREATE TABLE store_probe (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    n  INTEGER NOT NULL
) STRICT;
INSERT INTO store_probe VALUES (1, 0);
