-- Policy and switches are settings that admins change. Until now the preset was all there was, and team sync was on.
INSERT INTO setting (name, value)
SELECT 'settings', json_object('version', 1, 'preset', json_extract(value, '$.preset'), 'team_sync', json('true'))
FROM setting WHERE name = 'account';
