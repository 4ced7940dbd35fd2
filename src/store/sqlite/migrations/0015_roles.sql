-- `roles.value` is looked up, too: where a policy hears that attribute, admins are found by it. What is not ASCII is folded by
-- the program, which makes all such keys anew when it does not know by what they were folded.
INSERT OR IGNORE INTO attr (attr, val, seq)
    SELECT 13, substr(lower(role.value ->> '$.value'), 1, 256), resource.seq
    FROM resource, json_each(resource.doc, '$.roles') AS role
    WHERE resource.kind = 1 AND resource.deleted IS NULL AND json_type(role.value, '$.value') = 'text';
DELETE FROM setting WHERE name = 'fold';
