//! The statements of signing in.

use super::statements;

statements! { SsoStatement:
    /// The key.
    KeyGet = "SELECT private, certificate FROM sso_key WHERE id = 1";
    /// A key, unless there is one.
    KeyKeep = "INSERT OR IGNORE INTO sso_key (id, private, certificate) VALUES (1, ?1, ?2)";
    /// A request begins.
    RequestInsert = "INSERT INTO saml_request (id, purpose, relay_state, binding, created, drive) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    /// Requests too old to be answered.
    RequestsPrune = "DELETE FROM saml_request WHERE created < ?1";
    /// The oldest requests beyond a number.
    RequestsBound = "DELETE FROM saml_request WHERE id IN (SELECT id FROM saml_request ORDER BY created DESC LIMIT -1 OFFSET ?1)";
    /// A request.
    RequestGet = "SELECT purpose, relay_state, binding, created, used, drive FROM saml_request WHERE id = ?1";
    /// A request is used up, once.
    RequestUse = "UPDATE saml_request SET used = ?2 WHERE id = ?1 AND used IS NULL";
    /// Test-drives that have ended.
    DrivesPrune = "DELETE FROM test_drive WHERE expires < ?1";
    /// A test-drive begins.
    DriveInsert = "INSERT INTO test_drive (ticket, id, admin, expires) VALUES (?1, ?2, ?3, ?4)";
    /// A test-drive by its ticket.
    DriveGet = "SELECT id, admin, expires FROM test_drive WHERE ticket = ?1";
    /// The last outcome of a test-drive.
    Driven = "SELECT line FROM sign_in WHERE drive = ?1 ORDER BY request DESC LIMIT 1";
    /// Assertions that are too old anyway.
    ReplayPrune = "DELETE FROM saml_replay WHERE until < ?1";
    /// An assertion is used, once.
    ReplayInsert = "INSERT OR IGNORE INTO saml_replay (sha256, until) VALUES (?1, ?2)";
    /// Whether it was.
    ReplayHas = "SELECT 1 FROM saml_replay WHERE sha256 = ?1";
    /// A session begins.
    SessionInsert = "INSERT INTO session (sha256, id, member, created, last_seen, expires, line) SELECT ?1, ?2, ?3, ?4, ?4, ?5, ?6
        WHERE EXISTS (SELECT 1 FROM card WHERE id = ?3 AND kind = 1 AND active = 1)";
    /// A session that another one takes the place of.
    SessionReplace = "DELETE FROM session WHERE sha256 = ?1";
    /// A session ends.
    SessionEnd = "DELETE FROM session WHERE id = ?1";
    /// The sessions of a member end.
    SessionsOfEnd = "DELETE FROM session WHERE member = ?1";
    /// The sessions of a member end but for one.
    SessionsOthersEnd = "DELETE FROM session WHERE member = ?1 AND id <> ?2";
    /// Sessions that have ended by themselves.
    SessionsPrune = "DELETE FROM session WHERE expires < ?1";
    /// A session was used.
    SessionTouch = "UPDATE session SET last_seen = ?2 WHERE id = ?1";
    /// A live session by its secret.
    SessionGet = "SELECT line, last_seen FROM session WHERE sha256 = ?1 AND expires > ?2";
    /// Live sessions.
    Sessions = "SELECT line, last_seen FROM session WHERE expires > ?1 ORDER BY created DESC LIMIT ?2";
    /// Live sessions of a member.
    SessionsOf = "SELECT line, last_seen FROM session WHERE member = ?3 AND expires > ?1 ORDER BY created DESC LIMIT ?2";
    /// A link to set a password with, instead of another one.
    LinkInsert = "INSERT OR REPLACE INTO password_link (member, sha256, kind, expires) VALUES (?1, ?2, ?3, ?4)";
    /// Links that have ended by themselves.
    LinksPrune = "DELETE FROM password_link WHERE expires < ?1";
    /// A link by what stands in it.
    LinkGet = "SELECT member, kind FROM password_link WHERE sha256 = ?1 AND expires > ?2";
    /// When the link of a member ends.
    LinkOf = "SELECT expires FROM password_link WHERE member = ?1";
    /// A link is used, once.
    LinkUse = "DELETE FROM password_link WHERE sha256 = ?1 AND expires > ?2";
    /// The links of a member end.
    LinksOfEnd = "DELETE FROM password_link WHERE member = ?1";
    /// The links of all but recovery admins end.
    LinksEnd = "DELETE FROM password_link WHERE NOT EXISTS (
        SELECT 1 FROM resource WHERE id = password_link.member AND (flags & 2) = 2)";
    /// The links of invitations end.
    InvitationsEnd = "DELETE FROM password_link WHERE kind = 'invitation'";
    /// The sessions of all but recovery admins end that began with a password.
    PasswordSessionsEnd = "DELETE FROM session WHERE line ->> '$.how' = 'password' AND NOT EXISTS (
        SELECT 1 FROM resource WHERE id = session.member AND (flags & 2) = 2)";
    /// How many active members have a password.
    WithPasswordCount = "SELECT count(*) FROM credential k CROSS JOIN resource r ON r.id = k.member
        CROSS JOIN card c ON c.seq = r.seq WHERE r.deleted IS NULL AND c.active = 1";
    /// A line of the last sign-ins.
    SignInInsert = "INSERT OR REPLACE INTO sign_in (request, ok, configuration, line, drive, signer) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    /// The oldest lines beyond a number; the last that went well under each configuration and certificate stays.
    SignInsBound = "DELETE FROM sign_in WHERE request IN (SELECT request FROM sign_in ORDER BY request DESC LIMIT -1 OFFSET ?1)
        AND request NOT IN (SELECT max(request) FROM sign_in WHERE ok = 1 AND configuration <> '' GROUP BY configuration, signer)";
    /// The last lines.
    SignIns = "SELECT line FROM sign_in ORDER BY request DESC LIMIT ?1";
    /// The last line that went well under a configuration, signed by one of a list of certificates.
    LastGreen = "SELECT line FROM sign_in WHERE ok = 1 AND configuration = ?1 AND signer IN (SELECT value FROM json_each(?2))
        ORDER BY request DESC LIMIT 1";
    /// How the scheduled look at the metadata stands.
    RefreshGet = "SELECT line FROM sso_refresh WHERE id = 1";
    /// It stands otherwise.
    RefreshKeep = "INSERT OR REPLACE INTO sso_refresh (id, line) VALUES (1, ?1)";
    /// The teams into which a sign-in has put a member.
    TeamsBySignIn = "SELECT r.id FROM resource u JOIN member m ON m.member = u.seq JOIN resource r ON r.seq = m.team
        WHERE u.id = ?1 AND u.kind = 1 AND m.by_sign_in = 1";
    /// Active members who were born by single sign-on and have no password.
    WithoutPassword = "SELECT id FROM card c WHERE kind = 1 AND origin = 2 AND active = 1
        AND NOT EXISTS (SELECT 1 FROM credential WHERE member = c.id) ORDER BY seq LIMIT ?1";
    /// How many.
    WithoutPasswordCount = "SELECT count(*) FROM card c WHERE kind = 1 AND origin = 2 AND active = 1
        AND NOT EXISTS (SELECT 1 FROM credential WHERE member = c.id)";
}
