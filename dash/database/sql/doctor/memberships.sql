-- Roles whose rights the reader has or can take on with SET ROLE.
SELECT format('The reader belongs to the role %%s and can do what that one can', g.rolname),
       format('REVOKE %%I FROM %%I;', g.rolname, r.rolname)
FROM pg_auth_members m
JOIN pg_roles r ON r.oid = m.member
JOIN pg_roles g ON g.oid = m.roleid
WHERE r.rolname = %(reader)s
ORDER BY g.rolname
