-- When a member was invited who has not come in yet.
ALTER TABLE resource ADD COLUMN invited INTEGER;
