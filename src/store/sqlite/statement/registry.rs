//! The statements themselves.

use super::statements;

statements! { Statement:
    // ── the writer: resources ───────────────────────────────────────────────────────────────────────────────────
    /// Opens a batch.
    Begin = "BEGIN IMMEDIATE";
    /// Opens several reads from one state.
    BeginRead = "BEGIN DEFERRED";
    /// Makes a batch durable.
    Commit = "COMMIT";
    /// Drops a batch.
    Rollback = "ROLLBACK";
    /// Opens one unit of a batch.
    Savepoint = "SAVEPOINT unit";
    /// Keeps a unit.
    Release = "RELEASE unit";
    /// Drops a unit, not the batch.
    RollbackTo = "ROLLBACK TO unit";
    /// What the writer checks before it changes a resource.
    ResourceHead = "SELECT seq, version, deleted, size FROM resource WHERE id = ?1 AND kind = ?2";
    /// A new resource.
    ResourceInsert = "INSERT INTO resource (seq, id, kind, uname, ext, version, created, modified, deleted, origin, flags, size, doc, invited)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, ?12, ?13)";
    /// A changed document whose keys are as before.
    ResourceUpdate = "UPDATE resource SET version = ?2, modified = ?3, doc = ?4 WHERE seq = ?1";
    /// A changed document with its keys and state.
    ResourceRewrite = "UPDATE resource SET version = ?2, modified = ?3, doc = ?4, uname = ?5, ext = ?6, deleted = ?7, origin = ?8, flags = ?9, invited = ?10
        WHERE seq = ?1";
    /// A removed resource.
    ResourceDelete = "DELETE FROM resource WHERE seq = ?1";
    /// A team whose membership changed.
    TeamTouch = "UPDATE resource SET version = ?2, modified = ?3, size = ?4 WHERE seq = ?1";
    /// A team whose membership changed in a unit that sets its version itself.
    TeamResize = "UPDATE resource SET size = ?2 WHERE seq = ?1";
    /// A new card.
    CardInsert = "INSERT INTO card (seq, kind, active, origin, id, name, user_name, sort_key, text)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    /// A card whose name is as before.
    CardUpdate = "UPDATE card SET active = ?2, origin = ?3, name = ?4, user_name = ?5, text = ?6 WHERE seq = ?1";
    /// A card under another name.
    CardRewrite = "UPDATE card SET active = ?2, origin = ?3, name = ?4, user_name = ?5, text = ?6, sort_key = ?7 WHERE seq = ?1";
    /// A card that is gone.
    CardDelete = "DELETE FROM card WHERE seq = ?1";
    /// A new index row.
    AttrInsert = "INSERT OR IGNORE INTO attr (attr, val, seq) VALUES (?1, ?2, ?3)";
    /// An index row that is gone.
    AttrDelete = "DELETE FROM attr WHERE attr = ?1 AND val = ?2 AND seq = ?3";
    /// A unique value, where nobody has it.
    UniqueValueClaim = "INSERT OR IGNORE INTO unique_value (path, val, seq) VALUES (?1, ?2, ?3)";
    /// A unique value that is given up.
    UniqueValueDelete = "DELETE FROM unique_value WHERE path = ?1 AND val = ?2 AND seq = ?3";
    /// What is left of a removed object.
    TombstoneInsert = "INSERT OR REPLACE INTO tombstone (id, kind, removed, object, uname, ext, email)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    /// Whose next life a member is.
    TombstoneSucceed = "UPDATE tombstone SET successor = ?2 WHERE id = ?1";
    /// What is left of a member who is not there.
    TombstoneById = "SELECT object FROM tombstone t WHERE id = ?1 AND kind = 1
        AND NOT EXISTS (SELECT 1 FROM resource r WHERE r.id = t.id AND r.deleted IS NULL)";
    /// What is left of members who are not there, by what they were called, newest first.
    TombstonesByUname = "SELECT object FROM tombstone t WHERE uname = ?1 AND kind = 1 AND successor IS NULL
        AND NOT EXISTS (SELECT 1 FROM resource r WHERE r.id = t.id AND r.deleted IS NULL) ORDER BY removed DESC LIMIT 10";
    /// The same by externalId.
    TombstonesByExt = "SELECT object FROM tombstone t WHERE ext = ?1 AND kind = 1 AND successor IS NULL
        AND NOT EXISTS (SELECT 1 FROM resource r WHERE r.id = t.id AND r.deleted IS NULL) ORDER BY removed DESC LIMIT 10";
    /// The same by e-mail address.
    TombstonesByEmail = "SELECT object FROM tombstone t WHERE email = ?1 AND kind = 1 AND successor IS NULL
        AND NOT EXISTS (SELECT 1 FROM resource r WHERE r.id = t.id AND r.deleted IS NULL) ORDER BY removed DESC LIMIT 10";
    /// More or fewer live objects in a stretch.
    AnchorAdd = "INSERT INTO page_anchor (kind, bucket, live) VALUES (?1, ?2, ?3)
        ON CONFLICT (kind, bucket) DO UPDATE SET live = live + excluded.live";
    /// The live counts.
    TallyAdd = "UPDATE tally SET members = members + ?1, active_members = active_members + ?2, teams = teams + ?3,
        synced_teams = synced_teams + ?4, log_rows = log_rows + ?5, last_request = max(last_request, ?6),
        last_seq = max(last_seq, ?7) WHERE one = 1";
    /// The live counts.
    Tally = "SELECT members, active_members, teams, synced_teams, log_rows, last_request, last_seq FROM tally WHERE one = 1";

    // ── unique attributes ───────────────────────────────────────────────────────────────────────────────────────
    /// All unique attributes, declared or not any more.
    UniquePaths = "SELECT number, kind, path, compared, complete FROM unique_path ORDER BY number";
    /// A newly declared one.
    UniquePathInsert = "INSERT INTO unique_path (kind, path, compared, complete) VALUES (?1, ?2, ?3, 0)";
    /// All that was there when it was declared has its rows.
    UniquePathComplete = "UPDATE unique_path SET complete = 1 WHERE number = ?1";
    /// Its rows are worth nothing any more.
    UniquePathSpoil = "UPDATE unique_path SET complete = 0 WHERE number = ?1";
    /// It has no rows any more.
    UniquePathDelete = "DELETE FROM unique_path WHERE number = ?1";
    /// The path behind a number.
    UniquePathName = "SELECT path FROM unique_path WHERE number = ?1";
    /// The number of a path.
    UniquePathNumber = "SELECT number FROM unique_path WHERE kind = ?1 AND path = ?2 AND complete = 1";
    /// Some of its rows go.
    UniqueValuesDrop = "DELETE FROM unique_value WHERE path = ?1 AND val IN (SELECT val FROM unique_value WHERE path = ?1 LIMIT ?2)";
    /// Who has a unique value.
    UniqueHolder = "SELECT c.id FROM unique_value u CROSS JOIN card c ON c.seq = u.seq WHERE u.path = ?1 AND u.val = ?2";

    // ── the writer: membership ──────────────────────────────────────────────────────────────────────────────────
    /// Whether a member is in a team.
    MembershipFind = "SELECT added FROM member WHERE member = ?1 AND team = ?2";
    /// The place of the next member of a team.
    MembershipNext = "SELECT coalesce(max(added), 0) + 1 FROM member WHERE team = ?1";
    /// A member joins.
    MembershipInsert = "INSERT INTO member (team, added, member, by_sign_in) VALUES (?1, ?2, ?3, ?4)";
    /// A member leaves.
    MembershipDelete = "DELETE FROM member WHERE team = ?1 AND added = ?2";
    /// The teams of a member, with what the writer needs to count them down.
    MembershipsOf = "SELECT m.team, m.added, r.id FROM member m JOIN resource r ON r.seq = m.team WHERE m.member = ?1";
    /// Everybody leaves.
    MembershipsOfTeamDelete = "DELETE FROM member WHERE team = ?1";
    /// A membership that waits for the return of its member.
    KeptInsert = "INSERT OR IGNORE INTO kept_membership (member, team) VALUES (?1, ?2)";
    /// The memberships that wait for a member and whose team is still there.
    KeptOf = "SELECT k.team, r.id FROM kept_membership k JOIN resource r ON r.seq = k.team WHERE k.member = ?1";
    /// They wait no more.
    KeptDelete = "DELETE FROM kept_membership WHERE member = ?1";
    /// One of them waits no more.
    KeptDeleteOne = "DELETE FROM kept_membership WHERE member = ?1 AND team = ?2";

    // ── the writer: what is kept of teams here ──────────────────────────────────────────────────────────────────
    /// What is kept of a team.
    TeamOwnSet = "INSERT INTO team_own (id, key, own) VALUES (?1, ?2, ?3)
        ON CONFLICT (id) DO UPDATE SET key = excluded.key, own = excluded.own";
    /// Nothing is kept of it any more.
    TeamOwnDelete = "DELETE FROM team_own WHERE id = ?1";
    /// A team waits for somebody.
    ParkedInsert = "INSERT OR IGNORE INTO parked (team, reference, folded, since, request) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// It waits for them no more.
    ParkedDelete = "DELETE FROM parked WHERE team = ?1 AND reference = ?2";
    /// It waits for nobody any more.
    ParkedOfTeamDelete = "DELETE FROM parked WHERE team = ?1";

    // ── the writer: the rest ────────────────────────────────────────────────────────────────────────────────────
    /// A new setting that must not be there yet.
    SettingInsert = "INSERT OR IGNORE INTO setting (name, value) VALUES (?1, ?2)";
    /// A setting, whether it is there or not.
    SettingSet = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)";
    /// A setting.
    Setting = "SELECT value FROM setting WHERE name = ?1";
    /// A member's password.
    CredentialSet = "INSERT OR REPLACE INTO credential (member, hash) VALUES (?1, ?2)";
    /// A removed member's password.
    CredentialDelete = "DELETE FROM credential WHERE member = ?1";
    /// A member's password.
    Credential = "SELECT hash FROM credential WHERE member = ?1";
    /// A new token.
    TokenInsert = "INSERT INTO token (id, name, prefix, sha256, scope, created, expires, owner) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    /// A token is worthless from now on.
    TokenRevoke = "UPDATE token SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL";
    /// Another secret takes the place of a token's.
    TokenRotate = "UPDATE token SET rotated = ?2, expires = ?3 WHERE id = ?1 AND revoked IS NULL AND rotated IS NULL AND client IS NULL";
    /// A new access token of a client in force; it has the client's name.
    AccessTokenInsert = "INSERT INTO token (id, name, prefix, sha256, scope, created, expires, client, consent)
        SELECT ?1, name, ?3, ?4, ?5, ?6, ?7, id, ?8 FROM client WHERE id = ?2 AND revoked IS NULL";
    /// Access tokens that ended before a time.
    AccessTokensPrune = "DELETE FROM token WHERE client IS NOT NULL AND coalesce(revoked, expires) < ?1";
    /// A new OAuth client.
    ClientInsert = "INSERT INTO client (id, name, authentication, prefix, sha256, keys, created, redirect_uris)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    /// An OAuth client is worthless from now on.
    ClientRevoke = "UPDATE client SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL";
    /// An OAuth client has another secret.
    ClientRotate = "UPDATE client SET prefix = ?2, sha256 = ?3 WHERE id = ?1 AND revoked IS NULL AND sha256 IS NOT NULL";
    /// What an admin grants a client in force.
    ConsentInsert = "INSERT INTO consent (id, client, admin, code, redirect_uri, challenge, created, code_expires)
        SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8 FROM client WHERE id = ?2 AND revoked IS NULL";
    /// Its code is spent.
    ConsentUse = "UPDATE consent SET used = ?2 WHERE id = ?1 AND used IS NULL AND revoked IS NULL AND code_expires > ?2";
    /// It is in force, and its code was spent.
    ConsentHolds = "SELECT 1 FROM consent WHERE id = ?1 AND used IS NOT NULL AND revoked IS NULL";
    /// It is worthless from now on.
    ConsentRevoke = "UPDATE consent SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL";
    /// So are its access tokens.
    ConsentTokensRevoke = "UPDATE token SET revoked = ?2 WHERE consent = ?1 AND revoked IS NULL";
    /// Codes that nobody came for.
    ConsentsPrune = "DELETE FROM consent WHERE used IS NULL AND code_expires < ?1";
    /// A refresh token.
    RefreshInsert = "INSERT INTO refresh_token (sha256, consent, created, expires) VALUES (?1, ?2, ?3, ?4)";
    /// It is spent.
    RefreshUse = "UPDATE refresh_token SET used = ?3 WHERE sha256 = ?1 AND consent = ?2 AND used IS NULL AND expires > ?3";
    /// Refresh tokens that ended.
    RefreshPrune = "DELETE FROM refresh_token WHERE expires < ?1";
    /// How many access tokens of a client still open something.
    ClientTokenCount = "SELECT count(*) FROM token WHERE client = ?1 AND revoked IS NULL AND expires > ?2";
    /// A client proved who it is.
    ClientTouch = "UPDATE client SET last_used = ?2 WHERE id = ?1 AND coalesce(last_used, ?2 - 1) < ?2";
    /// An assertion that was accepted.
    AssertionInsert = "INSERT OR IGNORE INTO spent_assertion (client, jti, expires) VALUES (?1, ?2, ?3)";
    /// Assertions that have expired.
    AssertionsPrune = "DELETE FROM spent_assertion WHERE expires < ?1";
    /// A token was used.
    TokenTouch = "UPDATE token SET last_used = ?2 WHERE id = ?1 AND coalesce(last_used, ?2 - 1) < ?2";
    /// The end of the audit chain.
    AuditHead = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
    /// A new audit row.
    AuditInsert = "INSERT INTO audit (seq, at, actor_kind, actor, request, policy_key, change, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    /// An object of an audit row.
    AuditObjectInsert = "INSERT OR IGNORE INTO audit_object (object, seq) VALUES (?1, ?2)";
    /// A new line of the request log.
    LogInsert = "INSERT OR IGNORE INTO request_log (id, at, status, outcome, method, resource, code, token, token_key, idp, duration, changes,
        subject_kind, subject, label, path, ua, changed, summary)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
    /// The exchange of a new line.
    ExchangeInsert = "INSERT OR IGNORE INTO exchange (id, line, rest) VALUES (?1, ?2, ?3)";

    /// The oldest lines.
    LogOldest = "SELECT id FROM request_log ORDER BY id LIMIT ?1";
    /// Lines older than a time.
    LogOlderThan = "SELECT id FROM request_log INDEXED BY request_log_at WHERE at < ?1 ORDER BY at LIMIT ?2";
    /// The newest line before a request.
    LogBefore = "SELECT id FROM request_log WHERE id < ?1 ORDER BY id DESC LIMIT 1";
    /// What a search looks at, of all lines of a zone.
    LogZone = "SELECT at, status, duration, changes, outcome, method, resource, code, coalesce(token_key, token), idp,
        subject_kind, subject, label, path, ua, changed, summary
        FROM request_log WHERE id >= ?1 AND id < ?2";
    /// A line that goes.
    LogDelete = "DELETE FROM request_log WHERE id = ?1";
    /// Its exchange.
    ExchangeDelete = "DELETE FROM exchange WHERE id = ?1";

    // ── the writer: events ──────────────────────────────────────────────────────────────────────────────────────
    /// A new stream.
    StreamInsert = "INSERT INTO stream (id, name, created, token_sha256, token_prefix, authorization, definition)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    /// A stream that changed.
    StreamUpdate = "UPDATE stream SET definition = ?2 WHERE id = ?1 AND removed IS NULL";
    /// A stream whose queue is dropped.
    StreamReset = "UPDATE stream SET pending = 0, pending_bytes = 0, gap_since = NULL, last_error = NULL, last_error_at = NULL,
        floor = max(floor, coalesce((SELECT max(seq) FROM event), 0)) WHERE id = ?1";
    /// A stream that goes. Its secrets go at once, its queue bit by bit.
    StreamRemove = "UPDATE stream SET removed = ?2, token_sha256 = NULL, authorization = NULL WHERE id = ?1 AND removed IS NULL";
    /// A stream that is gone.
    StreamDelete = "DELETE FROM stream WHERE id = ?1";
    /// One more event waits for a stream, if there is room.
    StreamQueue = "UPDATE stream SET pending = pending + 1, pending_bytes = pending_bytes + ?2
        WHERE id = ?1 AND removed IS NULL AND gap_since IS NULL AND pending < ?3 AND pending_bytes + ?2 <= ?4";
    /// An event is missing from the queue of a stream.
    StreamMiss = "UPDATE stream SET lost = lost + 1, gap_since = coalesce(gap_since, ?2) WHERE id = ?1 AND removed IS NULL";
    /// A new event.
    EventInsert = "INSERT INTO event (at, txn, version, waiting, bytes, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    /// It waits for a stream.
    DeliveryInsert = "INSERT INTO delivery (stream, refused, event) VALUES (?1, 0, ?2)";
    /// It waits no more.
    DeliveryTake = "DELETE FROM delivery WHERE stream = ?1 AND refused = 0 AND event = ?2";
    /// It was refused for good.
    DeliveryRefuse = "INSERT OR REPLACE INTO delivery (stream, refused, event, at, reason) VALUES (?1, 1, ?2, ?3, ?4)";
    /// The size of an event.
    EventBytes = "SELECT bytes FROM event WHERE seq = ?1";
    /// One less waits for it.
    EventRelease = "UPDATE event SET waiting = waiting - 1 WHERE seq = ?1 RETURNING waiting";
    /// Everybody has heard of it.
    EventDelete = "DELETE FROM event WHERE seq = ?1";
    /// Where the queue of a stream begins.
    StreamFloor = "SELECT floor FROM stream WHERE id = ?1 AND removed IS NULL";
    /// What became of some events.
    StreamSettle = "UPDATE stream SET pending = max(0, pending - ?2 - ?3), pending_bytes = max(0, pending_bytes - ?4),
        delivered = delivered + ?2, refused = refused + ?3,
        last_delivered = CASE WHEN ?2 > 0 THEN ?5 ELSE last_delivered END,
        last_error = coalesce(?6, last_error), last_error_at = CASE WHEN ?6 IS NULL THEN last_error_at ELSE ?5 END
        WHERE id = ?1";
    /// Where all queues begin, those of removed streams, too.
    StreamFloors = "SELECT id, floor, removed IS NOT NULL FROM stream";
    /// What nobody waits for in a stream.
    DeliveryDoomed = "SELECT 0, event FROM delivery WHERE stream = ?1 AND refused = 0 AND event <= ?2
        UNION ALL SELECT 1, event FROM delivery WHERE stream = ?1 AND refused = 1 AND at < ?3 LIMIT ?4";
    /// It goes.
    DeliveryDelete = "DELETE FROM delivery WHERE stream = ?1 AND refused = ?2 AND event = ?3";
    /// A request that was accepted.
    AsyncInsert = "INSERT INTO async_request (txn, client, at, call) VALUES (?1, ?2, ?3, ?4)";
    /// It was executed.
    AsyncFinish = "UPDATE async_request SET done = ?2, result = ?3, call = '' WHERE txn = ?1 AND done IS NULL";
    /// A part of one was executed.
    AsyncPart = "INSERT OR IGNORE INTO async_request (txn, client, at, done, result, call) VALUES (?1, ?2, ?3, ?3, ?4, '')";
    /// Executed ones that are too old.
    AsyncPrune = "DELETE FROM async_request WHERE seq IN (SELECT seq FROM async_request WHERE done < ?1 ORDER BY done LIMIT ?2)";
    /// A new signing key.
    SigningKeyInsert = "INSERT INTO signing_key (id, created, pkcs8) VALUES (?1, ?2, ?3)";

    // ── reads: events ───────────────────────────────────────────────────────────────────────────────────────────
    /// All streams.
    Streams = "SELECT definition, token_prefix, authorization IS NOT NULL, pending, pending_bytes,
        (SELECT e.at FROM delivery d CROSS JOIN event e ON e.seq = d.event
            WHERE d.stream = s.id AND d.refused = 0 AND d.event > s.floor ORDER BY d.event LIMIT 1),
        delivered, last_delivered, refused, lost, gap_since, last_error, last_error_at
        FROM stream s WHERE removed IS NULL ORDER BY created, id";
    /// The stream of a poll token.
    StreamByToken = "SELECT id FROM stream WHERE token_sha256 = ?1";
    /// What a push stream authenticates with.
    StreamAuthorization = "SELECT authorization FROM stream WHERE id = ?1";
    /// The oldest events that wait for a stream.
    EventsWaiting = "SELECT e.seq, e.at, e.txn, e.version, e.bytes, e.event FROM delivery d CROSS JOIN event e ON e.seq = d.event
        WHERE d.stream = ?1 AND d.refused = 0 AND d.event > (SELECT floor FROM stream WHERE id = ?1)
        ORDER BY d.event LIMIT ?2";
    /// The signing keys.
    SigningKeys = "SELECT id, created, pkcs8 FROM signing_key ORDER BY created DESC, id DESC";
    /// Accepted requests that wait.
    AsyncWaiting = "SELECT txn, client, at, call FROM async_request WHERE done IS NULL ORDER BY seq LIMIT ?1";
    /// Of whom any wait.
    AsyncClients = "SELECT DISTINCT client FROM async_request INDEXED BY async_request_waiting WHERE done IS NULL";
    /// How many of a client wait.
    AsyncCount = "SELECT count(*) FROM async_request INDEXED BY async_request_waiting WHERE client = ?1 AND done IS NULL";
    /// What became of an accepted request.
    AsyncByTxn = "SELECT client, done, result FROM async_request WHERE txn = ?1";

    // ── reads: members and teams ────────────────────────────────────────────────────────────────────────────────
    /// One resource with all its columns.
    ResourceById = "SELECT id, version, created, modified, deleted, origin, flags, doc, invited FROM resource WHERE id = ?1 AND kind = ?2";
    /// Live members whom identity providers provisioned (8), who are neither owner (1) nor recovery admin (2).
    Provisioned = "SELECT id, version, created, modified, deleted, origin, flags, doc, invited FROM resource
        WHERE kind = 1 AND deleted IS NULL AND flags & 11 = 8 ORDER BY seq LIMIT ?1";
    /// The live teams of a source, the oldest first.
    TeamsOfSource = "SELECT id, version, created, modified, deleted, origin, flags, doc, invited FROM resource
        WHERE kind = 2 AND deleted IS NULL AND origin = ?1 ORDER BY seq LIMIT ?2";
    /// The live member with a folded userName.
    MemberByName = "SELECT id, version, created, modified, deleted, origin, flags, doc, invited FROM resource
        WHERE kind = 1 AND uname = ?1 AND deleted IS NULL";
    /// Live teams with a folded displayName, the oldest first.
    TeamsByName = "SELECT id, version, created, modified, deleted, origin, flags, doc, invited FROM resource
        WHERE kind = 2 AND uname = ?1 AND deleted IS NULL ORDER BY seq";
    /// The live team with a key of its own.
    TeamByOwnKey = "SELECT id, version, created, modified, deleted, origin, flags, doc FROM resource
        WHERE kind = 2 AND id = (SELECT id FROM team_own WHERE key = ?1 AND key <> '') AND deleted IS NULL";
    /// The ids of live teams with a folded displayName, the oldest first.
    TeamIdsByName = "SELECT id FROM resource WHERE kind = 2 AND uname = ?1 AND deleted IS NULL ORDER BY seq";
    /// Live resources by externalId.
    ResourceByExt = "SELECT id, version, created, modified, deleted, origin, flags, doc, invited FROM resource
        WHERE kind = ?1 AND ext = ?2 AND deleted IS NULL";
    /// Live resources by an indexed value.
    ResourceByAttr = "SELECT r.id, r.version, r.created, r.modified, r.deleted, r.origin, r.flags, r.doc, r.invited
        FROM attr a JOIN resource r ON r.seq = a.seq WHERE a.attr = ?1 AND a.val = ?2 ORDER BY a.seq LIMIT ?3";
    /// One resource with all its columns, by sequence number.
    ResourceBySeq = "SELECT id, version, created, modified, deleted, origin, flags, doc, invited FROM resource WHERE seq = ?1";
    /// The sequence number of a live resource.
    SeqById = "SELECT seq FROM resource WHERE id = ?1 AND kind = ?2 AND deleted IS NULL";
    /// The sequence number of a resource, soft-deleted or not.
    SeqOfAny = "SELECT seq FROM resource WHERE id = ?1 AND kind = ?2";
    /// The name on a card.
    CardName = "SELECT name FROM card WHERE seq = ?1";
    /// The live teams a member is in, as cards.
    TeamsOf = "SELECT c.id, c.name FROM member m JOIN card c ON c.seq = m.team WHERE m.member = ?1 ORDER BY m.team";
    /// Those of them that SCIM shows.
    ShownTeamsOf = "SELECT c.id, c.name FROM member m JOIN card c ON c.seq = m.team WHERE m.member = ?1
        AND m.team NOT IN (SELECT seq FROM resource INDEXED BY resource_released WHERE kind = 2 AND origin = 4 AND deleted IS NULL)
        ORDER BY m.team";
    /// Those of them that it does not.
    ReleasedTeamsOf = "SELECT t.id FROM resource t INDEXED BY resource_released
        WHERE t.kind = 2 AND t.origin = 4 AND t.deleted IS NULL
        AND EXISTS (SELECT 1 FROM resource r JOIN member m ON m.member = r.seq WHERE r.id = ?1 AND r.kind = 1 AND m.team = t.seq)";
    /// Whether there are teams that SCIM does not show.
    HasReleased = "SELECT EXISTS (SELECT 1 FROM resource INDEXED BY resource_released WHERE kind = 2 AND origin = 4 AND deleted IS NULL)";
    /// How many live teams a member is in.
    TeamCountOf = "SELECT count(*) FROM member m JOIN card c ON c.seq = m.team WHERE m.member = ?1";
    /// The members of a team, as cards, in the order they joined.
    MembersOf = "SELECT c.id, c.name FROM member m JOIN card c ON c.seq = m.member WHERE m.team = ?1 ORDER BY m.added";
    /// Some members of a team in the order they joined.
    MembersOfPage = "SELECT c.id, c.name, c.user_name, c.active FROM (
            SELECT added, member FROM member WHERE team = ?1 ORDER BY added LIMIT ?2 OFFSET ?3
        ) m CROSS JOIN card c ON c.seq = m.member ORDER BY m.added";
    /// How many members a live team has.
    TeamSize = "SELECT size FROM resource WHERE id = ?1 AND kind = 2 AND deleted IS NULL";
    // ── reads: documents ────────────────────────────────────────────────────────────────────────────────────────
    /// One live document.
    DocumentById = "SELECT seq, id, version, created, modified, doc, kind = 2 AND origin = 4 FROM resource WHERE id = ?1 AND kind = ?2 AND deleted IS NULL";
    /// One live document by sequence number.
    DocumentBySeq = "SELECT seq, id, version, created, modified, doc FROM resource WHERE seq = ?1 AND deleted IS NULL";
    /// The texts of all live documents.
    DocumentTexts = "SELECT seq, doc FROM resource INDEXED BY resource_live WHERE kind = ?1 AND deleted IS NULL ORDER BY seq";
    /// Whether values of an indexed path may have been cut.
    HasLongKeys = "SELECT 1 FROM attr INDEXED BY attr_long WHERE attr = ?1 AND octet_length(val) > 252 LIMIT 1";
    /// Whether a resource has a name or an externalId that is longer than a sort key.
    HasLongNames = "SELECT 1 FROM resource INDEXED BY resource_long
        WHERE kind = ?1 AND (octet_length(uname) > 1024 OR octet_length(ext) > 1024) LIMIT 1";
    /// How many resources have a value of an indexed path of single values.
    AttrCount = "SELECT count(*) FROM attr WHERE attr = ?1 AND val > ''";
    /// A stretch of the list of live documents.
    DocumentList = "SELECT seq, id, version, created, modified, doc FROM resource INDEXED BY resource_live
        WHERE kind = ?1 AND seq >= ?2 AND deleted IS NULL ORDER BY seq LIMIT ?3";
    /// The sequence number so many live rows behind another.
    SeqAfter = "SELECT seq FROM resource INDEXED BY resource_live WHERE kind = ?1 AND seq >= ?2 AND deleted IS NULL
        ORDER BY seq LIMIT 1 OFFSET ?3";
    /// The live counts of the stretches.
    Anchors = "SELECT bucket, live FROM page_anchor WHERE kind = ?1 ORDER BY bucket";

    // ── reads: lists ────────────────────────────────────────────────────────────────────────────────────────────
    /// The sequence numbers of a kind by name.
    SeqsByName = "SELECT seq FROM card INDEXED BY card_name WHERE kind = ?1 ORDER BY sort_key, seq LIMIT ?2 OFFSET ?3";
    /// The sequence numbers of a kind by last change.
    SeqsByModified = "SELECT seq FROM resource INDEXED BY resource_modified WHERE kind = ?1 AND deleted IS NULL
        ORDER BY modified DESC, seq DESC LIMIT ?2 OFFSET ?3";
    /// The sequence numbers of a kind by creation.
    SeqsByCreation = "SELECT seq FROM resource INDEXED BY resource_live WHERE kind = ?1 AND seq >= ?2 AND deleted IS NULL
        ORDER BY seq LIMIT ?3";
    /// A stretch of cards.
    Cards = "SELECT seq, active, origin, sort_key, text, id FROM card WHERE kind = ?1 AND seq >= ?2 AND seq < ?3";
    /// One card, for a check.
    CardBySeq = "SELECT seq, active, origin, sort_key, text, id FROM card WHERE seq = ?1";
    /// The last change of a resource.
    ModifiedBySeq = "SELECT modified FROM resource WHERE seq = ?1";
    /// What a line of the list of teams needs; at the end the last change by an identity provider, where one had a say.
    TeamRowBySeq = "SELECT r.id, c.name, r.ext, r.modified, r.origin, r.size, r.flags, o.own,
        (SELECT count(*) FROM parked p WHERE p.team = r.id),
        CASE WHEN r.origin <> 2 THEN (SELECT a.at FROM audit_object t CROSS JOIN audit a ON a.seq = t.seq
            WHERE t.object = r.id AND a.actor_kind = 'idp' ORDER BY t.seq DESC LIMIT 1) END
        FROM resource r JOIN card c ON c.seq = r.seq LEFT JOIN team_own o ON o.id = r.id WHERE r.seq = ?1";
    /// What is kept of a team here.
    TeamOwn = "SELECT own FROM team_own WHERE id = ?1";
    /// Whether a key of a team is taken.
    TeamKeyFind = "SELECT 1 FROM team_own WHERE key = ?1 AND key <> ''";
    /// Keys that are made of another one by a number. A full stop is the character after a hyphen.
    TeamKeysLike = "SELECT key FROM team_own WHERE key > ?1 || '-' AND key < ?1 || '.' AND key <> '' LIMIT 10000";
    /// Whom a team waits for.
    ParkedOf = "SELECT reference, since, request FROM parked WHERE team = ?1 ORDER BY reference LIMIT ?2";
    /// Whether it waits for somebody.
    ParkedFind = "SELECT reference, since, request FROM parked WHERE team = ?1 AND reference = ?2";
    /// For how many it waits.
    ParkedCount = "SELECT count(*) FROM parked WHERE team = ?1";
    /// The teams that wait for somebody of a name.
    Awaited = "SELECT team, reference FROM parked WHERE folded = ?1";
    /// How many teams are in which state.
    TeamCounts = "SELECT teams, synced_teams,
        (SELECT count(*) FROM resource INDEXED BY resource_unlinked WHERE kind = 2 AND origin = 3 AND deleted IS NULL),
        (SELECT count(*) FROM resource INDEXED BY resource_paused WHERE kind = 2 AND (flags & 16) = 16 AND deleted IS NULL),
        (SELECT count(*) FROM parked) FROM tally WHERE one = 1";
    /// The members of a team, for a narrowed list.
    MemberSeqsOf = "SELECT member FROM member WHERE team = ?1";
    /// The holders of an indexed value.
    SeqsByAttr = "SELECT seq FROM attr WHERE attr = ?1 AND val = ?2 ORDER BY seq LIMIT ?3";

    // ── reads: tokens, audit ────────────────────────────────────────────────────────────────────────────────────
    /// A token by the hash of its secret.
    TokenByHash = "SELECT id, name, prefix, scope, created, expires, last_used, revoked, rotated, client, owner FROM token WHERE sha256 = ?1";
    /// All tokens.
    Tokens = "SELECT id, name, prefix, scope, created, expires, last_used, revoked, rotated, client, owner FROM token ORDER BY created DESC, id DESC";
    /// An OAuth client.
    ClientById = "SELECT id, name, authentication, prefix, created, last_used, revoked, redirect_uris, sha256, keys FROM client WHERE id = ?1";
    /// All OAuth clients.
    Clients = "SELECT id, name, authentication, prefix, created, last_used, revoked, redirect_uris FROM client ORDER BY created DESC, id DESC";
    /// The access tokens of a client that still open something.
    ClientTokens = "SELECT id FROM token WHERE client = ?1 AND revoked IS NULL AND expires > ?2 ORDER BY created, id";
    /// What an admin has granted.
    ConsentById = "SELECT id, client, admin, redirect_uri, challenge, created, code_expires, used, revoked FROM consent WHERE id = ?1";
    /// The same by its code.
    ConsentByCode = "SELECT id, client, admin, redirect_uri, challenge, created, code_expires, used, revoked FROM consent WHERE code = ?1";
    /// What a client was granted and uses.
    ClientConsents = "SELECT id, client, admin, redirect_uri, challenge, created, code_expires, used, revoked FROM consent WHERE client = ?1 AND revoked IS NULL AND used IS NOT NULL ORDER BY created, id";
    /// Whether a client can still get tokens by what it was granted.
    ClientHasGrant = "SELECT EXISTS (SELECT 1 FROM refresh_token r JOIN consent c ON c.id = r.consent WHERE c.client = ?1 AND c.revoked IS NULL AND r.used IS NULL AND r.expires > ?2)";
    /// A refresh token with what it follows from.
    RefreshByHash = "SELECT c.id, c.client, c.admin, c.redirect_uri, c.challenge, c.created, c.code_expires, c.used, c.revoked, r.created, r.expires, r.used FROM refresh_token r JOIN consent c ON c.id = r.consent WHERE r.sha256 = ?1";
    /// The live tokens of a member.
    OwnedTokens = "SELECT id, name FROM token WHERE owner = ?1 AND revoked IS NULL ORDER BY created, id";
    /// The changes of one object.
    Timeline = "SELECT a.seq, a.at, a.actor_kind, a.actor, a.request, a.policy_key, a.change FROM audit_object o CROSS JOIN audit a ON a.seq = o.seq WHERE o.object = ?1 ORDER BY o.seq DESC LIMIT ?2 OFFSET ?3";
    /// How many changes one object has.
    TimelineCount = "SELECT count(*) FROM audit_object WHERE object = ?1";
    /// Whether an object has lived before.
    HasFormer = "SELECT 1 FROM tombstone WHERE successor = ?1 LIMIT 1";
    /// Changes of one object over all its lives, newest first.
    TimelineOfLives = "WITH RECURSIVE life(id) AS (SELECT ?1 UNION SELECT t.id FROM tombstone t JOIN life l ON t.successor = l.id)
        SELECT a.seq, a.at, a.actor_kind, a.actor, a.request, a.policy_key, a.change FROM audit a WHERE a.seq IN
        (SELECT o.seq FROM life l JOIN audit_object o ON o.object = l.id) ORDER BY a.seq DESC LIMIT ?2 OFFSET ?3";
    /// How many changes that are.
    TimelineOfLivesCount = "WITH RECURSIVE life(id) AS (SELECT ?1 UNION SELECT t.id FROM tombstone t JOIN life l ON t.successor = l.id)
        SELECT count(DISTINCT o.seq) FROM life l JOIN audit_object o ON o.object = l.id";
    /// The newest changes.
    LastChanges = "SELECT seq, at, actor_kind, actor, request, policy_key, change FROM audit ORDER BY seq DESC LIMIT ?1";
    /// Keeps what an undo of a request needs.
    UndoInsert = "INSERT INTO undo_step (request, changes) VALUES (?1, ?2)";
    /// What an undo of a request needs.
    UndoByRequest = "SELECT changes FROM undo_step WHERE request = ?1";
    /// What was changed since a request, this one included.
    UndoSince = "SELECT changes FROM undo_step WHERE request >= ?1 ORDER BY request LIMIT ?2";
    /// What goes with a line of the log.
    UndoDelete = "DELETE FROM undo_step WHERE request = ?1";
    /// The audit from its beginning, for the check of its chain.
    AuditChain = "SELECT seq, at, actor_kind, actor, request, policy_key, change, hash FROM audit ORDER BY seq";

    // ── guards ──────────────────────────────────────────────────────────────────────────────────────────────────
    /// Some incidents, newest happening first.
    Incidents = "SELECT i.id, i.code, i.severity, i.opened, i.last, i.count, i.named, i.tended,
            (SELECT count(*) FROM held h WHERE h.incident = i.id AND h.done IS NULL), (SELECT count(*) FROM held h WHERE h.incident = i.id)
        FROM incident i WHERE ?1 OR i.closed IS NULL ORDER BY i.closed IS NOT NULL, i.last DESC, i.id DESC LIMIT ?2 OFFSET ?3";
    /// How many there are.
    IncidentCount = "SELECT count(*) FROM incident WHERE ?1 OR closed IS NULL";
    /// One incident.
    IncidentById = "SELECT i.id, i.code, i.severity, i.opened, i.last, i.count, i.named, i.tended,
            (SELECT count(*) FROM held h WHERE h.incident = i.id AND h.done IS NULL), (SELECT count(*) FROM held h WHERE h.incident = i.id)
        FROM incident i WHERE i.id = ?1";
    /// The newest of a code about one thing.
    IncidentAbout = "SELECT i.id, i.code, i.severity, i.opened, i.last, i.count, i.named, i.tended,
            (SELECT count(*) FROM held h WHERE h.incident = i.id AND h.done IS NULL), (SELECT count(*) FROM held h WHERE h.incident = i.id)
        FROM incident i WHERE i.code = ?1 AND i.about = ?2 ORDER BY i.id DESC LIMIT 1";
    /// The open ones of a code.
    IncidentsOfCode = "SELECT i.id, i.code, i.severity, i.opened, i.last, i.count, i.named, i.tended,
            (SELECT count(*) FROM held h WHERE h.incident = i.id AND h.done IS NULL), (SELECT count(*) FROM held h WHERE h.incident = i.id), i.about
        FROM incident i WHERE i.code = ?1 AND i.closed IS NULL ORDER BY i.id LIMIT 100";
    /// Open ones that nobody has put off, and those of them that hold something that waits for a word.
    IncidentsOpen = "SELECT count(*), coalesce(sum(ruled IS NULL AND EXISTS (SELECT 1 FROM held h WHERE h.incident = incident.id AND h.done IS NULL)), 0)
        FROM incident WHERE closed IS NULL AND coalesce(json_extract(tended, '$.snoozed'), '') <= ?1";
    /// The open incident of a code.
    IncidentOpen = "SELECT id, named FROM incident WHERE code = ?1 AND about = ?2 AND closed IS NULL AND ruled IS NULL";
    /// A new one.
    IncidentInsert = "INSERT OR IGNORE INTO incident (id, code, severity, about, opened, last, count, version, named, tended)
        VALUES (?1, ?2, ?3, ?4, ?5, ?5, 1, 0, ?6, '{\"version\":0}')";
    /// It happened again.
    IncidentAgain = "UPDATE incident SET last = max(last, ?2), count = count + 1, named = ?3 WHERE id = ?1";
    /// An admin has done something about it.
    IncidentTend = "UPDATE incident SET version = ?3, closed = ?4, ruled = ?5, tended = ?6 WHERE id = ?1 AND version = ?2";
    /// What an incident holds.
    HeldOf = "SELECT member, name, ask, request, at, token, done FROM held WHERE incident = ?1 AND (?2 OR done IS NULL)
        ORDER BY request LIMIT ?3 OFFSET ?4";
    /// How much it holds.
    HeldCount = "SELECT count(*) FROM held WHERE incident = ?1 AND (?2 OR done IS NULL)";
    /// One command more, or the same once more.
    HeldInsert = "INSERT INTO held (incident, member, name, ask, request, at, token) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (incident, member) DO UPDATE SET ask = excluded.ask, request = excluded.request, at = excluded.at,
            token = excluded.token, done = NULL";
    /// What became of a held command.
    HeldSettle = "UPDATE held SET done = ?3 WHERE incident = ?1 AND member = ?2";
    /// The last hold of a member that means something.
    HeldOfMember = "SELECT i.id, i.tended FROM held h JOIN incident i ON i.id = h.incident
        WHERE h.member = ?1 AND coalesce(h.done, '') NOT IN ('applied', 'withdrawn')
            AND (i.ruled > ?2 AND json_extract(i.tended, '$.ruling') = 'allowed'
                OR i.closed IS NULL AND (i.ruled IS NULL OR i.ruled > ?2))
        ORDER BY h.incident DESC LIMIT 1";
    /// Whether a hold waits for a word.
    HoldOpen = "SELECT 1 FROM incident i WHERE i.code = 'MASS_DEPROV' AND i.about = '' AND i.closed IS NULL AND i.ruled IS NULL
        AND EXISTS (SELECT 1 FROM held h WHERE h.incident = i.id AND h.done IS NULL)";
    /// How many went since.
    DeparturesSince = "SELECT count(*) FROM departure WHERE at > ?1";
    /// How often somebody went since.
    DeparturesOf = "SELECT count(*) FROM departure WHERE uname = ?1 AND at > ?2";
    /// Somebody goes.
    DepartureInsert = "INSERT OR IGNORE INTO departure (at, request, uname) VALUES (?1, ?2, ?3)";
    /// Those who went too long ago to count.
    DeparturePrune = "DELETE FROM departure WHERE at < ?1";
    /// Recovery admins.
    RecoveryAdmins = "SELECT id FROM resource WHERE (flags & 2) = 2 AND kind = 1 ORDER BY seq";
    /// When one last showed that they can sign in, and how many codes they have left.
    RecoveryOf = "SELECT (SELECT proven FROM recovery WHERE member = ?1), (SELECT count(*) FROM recovery_code WHERE member = ?1)";
    /// Whose code it is.
    RecoveryCodeOf = "SELECT member FROM recovery_code WHERE sha256 = ?1";
    /// They have shown it.
    RecoveryProve = "INSERT INTO recovery (member, proven) VALUES (?1, ?2) ON CONFLICT (member) DO UPDATE SET proven = excluded.proven";
    /// The codes they have are worthless.
    RecoveryCodesClear = "DELETE FROM recovery_code WHERE member = ?1";
    /// A new code.
    RecoveryCodeInsert = "INSERT INTO recovery_code (sha256, member) VALUES (?1, ?2)";
    /// A code is spent.
    RecoveryCodeSpend = "DELETE FROM recovery_code WHERE sha256 = ?1 AND member = ?2";

    // ── reads: the request log ──────────────────────────────────────────────────────────────────────────────────
    /// One exchange.
    ExchangeById = "SELECT line, rest FROM exchange WHERE id = ?1";
    /// Lines, newest first.
    LinesDown = "SELECT line FROM exchange WHERE id < ?1 AND id > ?2 ORDER BY id DESC LIMIT ?3";
    /// Lines, oldest first.
    LinesUp = "SELECT line FROM exchange WHERE id < ?1 AND id > ?2 ORDER BY id LIMIT ?3";
    /// One line.
    LineById = "SELECT line FROM exchange WHERE id = ?1";
    /// The newest durations.
    LastDurations = "SELECT duration FROM request_log ORDER BY id DESC LIMIT 1000";
    /// When each token called.
    Connections = "SELECT token, idp, last_request, last_success, last_push FROM connection ORDER BY last_request DESC LIMIT 256";
    /// When a token called.
    ConnectionSave = "INSERT OR REPLACE INTO connection (token, idp, last_request, last_success, last_push) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// What the live figures are made of.
    Beats = "SELECT at, status, changes, token, idp FROM request_log INDEXED BY request_log_at
        WHERE at >= ?1 AND id <= ?2 ORDER BY at DESC LIMIT ?3";
    /// Requests and failures per bucket, counted back from now.
    Rates = "SELECT (?1 - at) / ?2, count(*), sum(status >= 400) FROM request_log INDEXED BY request_log_at
        WHERE at > ?3 AND at <= ?1 GROUP BY 1";
    /// Failures by code.
    Failures = "SELECT coalesce(code, CAST(status AS TEXT)), count(*), max(id) FROM request_log INDEXED BY request_log_failed
        WHERE at >= ?1 AND status >= 400 GROUP BY 1 ORDER BY 2 DESC, 3 DESC LIMIT ?2";
}
