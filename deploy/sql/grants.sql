-- Accounts with least privileges, for MySQL 8.4, 9.x and MariaDB 10.6 and later.
-- Replace the database `sessions`, the hosts and the passwords. Run it as an administrator of the database server after
-- the first `session-audit migrate`, and again after each upgrade: rights on a table can only be granted once it exists.

-- Runs `session-audit migrate`, and nothing else.
CREATE USER IF NOT EXISTS 'session_audit_migrate'@'%' IDENTIFIED BY 'replace-this-1';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON `sessions`.* TO 'session_audit_migrate'@'%';

-- Serves, and runs every other command. It can add audit records, checkpoints and entries of the change log, but neither
-- change nor delete them.
CREATE USER IF NOT EXISTS 'session_audit'@'%' IDENTIFIED BY 'replace-this-2';
GRANT SELECT ON `sessions`.`migrations` TO 'session_audit'@'%';
GRANT SELECT, INSERT ON `sessions`.`audit_records` TO 'session_audit'@'%';
GRANT SELECT, INSERT ON `sessions`.`audit_checkpoints` TO 'session_audit'@'%';
GRANT SELECT, UPDATE ON `sessions`.`audit_head` TO 'session_audit'@'%';
GRANT SELECT, INSERT, UPDATE ON `sessions`.`api_keys` TO 'session_audit'@'%';
GRANT SELECT, UPDATE ON `sessions`.`api_key_changes` TO 'session_audit'@'%';
GRANT SELECT, INSERT, UPDATE ON `sessions`.`clients` TO 'session_audit'@'%';
GRANT SELECT, INSERT, UPDATE ON `sessions`.`users` TO 'session_audit'@'%';
GRANT SELECT, INSERT, UPDATE ON `sessions`.`sessions` TO 'session_audit'@'%';
GRANT SELECT, INSERT ON `sessions`.`activities` TO 'session_audit'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON `sessions`.`settings` TO 'session_audit'@'%';
GRANT SELECT, INSERT ON `sessions`.`session_changes` TO 'session_audit'@'%';
GRANT SELECT, INSERT ON `sessions`.`change_nodes` TO 'session_audit'@'%';
GRANT SELECT, INSERT ON `sessions`.`change_checkpoints` TO 'session_audit'@'%';
GRANT SELECT, UPDATE ON `sessions`.`change_head` TO 'session_audit'@'%';
GRANT SELECT, INSERT, DELETE ON `sessions`.`change_outbox` TO 'session_audit'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON `sessions`.`console_sessions` TO 'session_audit'@'%';
GRANT SELECT, INSERT, DELETE ON `sessions`.`console_links` TO 'session_audit'@'%';
GRANT SELECT, INSERT, UPDATE ON `sessions`.`leases` TO 'session_audit'@'%';
