//! The statements by which those are found who lead to admin.

use super::statements;

statements! { AdminStatement:
    /// Live active members who are the owner or were given a role of an admin's name, in whichever attribute.
    Admins = "SELECT c.id FROM (
            SELECT seq FROM attr WHERE attr IN (11, 12, 13) AND val IN (SELECT value FROM json_each(?1))
            UNION SELECT seq FROM resource WHERE (flags & 1) = 1 AND deleted IS NULL
        ) a CROSS JOIN card c ON c.seq = a.seq WHERE c.active = 1";
    /// The account's owner.
    OwnerSeqs = "SELECT seq FROM resource WHERE (flags & 1) = 1 AND deleted IS NULL";
    /// The teams of a member that give roles.
    RoleTeamsOf = "SELECT r.id, c.name, o.own, r.origin FROM member m JOIN resource r ON r.seq = m.team
        JOIN card c ON c.seq = r.seq JOIN team_own o ON o.id = r.id
        WHERE m.member = ?1 AND instr(o.own, '\"roles\"') > 0 AND r.deleted IS NULL ORDER BY r.seq";
    /// The teams that give roles.
    RoleTeams = "SELECT r.id, c.name, o.own, r.origin FROM team_own o CROSS JOIN resource r ON r.id = o.id
        CROSS JOIN card c ON c.seq = r.seq WHERE instr(o.own, '\"roles\"') > 0 AND r.deleted IS NULL";
    /// Who is in a team and active.
    ActiveInTeam = "SELECT c.id FROM member m CROSS JOIN card c ON c.seq = m.member WHERE m.team = ?1 AND c.active = 1";
    /// Those of them who have a password or a recovery code.
    SigningInTeam = "SELECT c.id FROM member m CROSS JOIN card c ON c.seq = m.member WHERE m.team = ?1 AND c.active = 1
        AND (EXISTS (SELECT 1 FROM credential k WHERE k.member = c.id)
            OR EXISTS (SELECT 1 FROM recovery_code k WHERE k.member = c.id))";
    /// Whether a member has a password or a recovery code.
    HasWayIn = "SELECT 1 WHERE EXISTS (SELECT 1 FROM credential WHERE member = ?1)
        OR EXISTS (SELECT 1 FROM recovery_code WHERE member = ?1)";
    /// The same while passwords are for recovery admins alone.
    HasWayInWhileClosed = "SELECT 1 WHERE EXISTS (SELECT 1 FROM credential WHERE member = ?1
            AND EXISTS (SELECT 1 FROM resource WHERE id = ?1 AND (flags & 2) = 2))
        OR EXISTS (SELECT 1 FROM recovery_code WHERE member = ?1)";
    /// Those of a team who have one then.
    SigningInTeamWhileClosed = "SELECT c.id FROM member m CROSS JOIN card c ON c.seq = m.member
        WHERE m.team = ?1 AND c.active = 1
        AND (EXISTS (SELECT 1 FROM credential k JOIN resource r ON r.seq = m.member
                WHERE k.member = c.id AND (r.flags & 2) = 2)
            OR EXISTS (SELECT 1 FROM recovery_code k WHERE k.member = c.id))";
}
