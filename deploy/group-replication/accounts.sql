-- On each node, before it joins for the first time. Change the password and the networks.
-- The node is not a member yet, so these statements must not be in its binary log.
SET GLOBAL super_read_only = OFF;
SET sql_log_bin = OFF;

-- Copies what a node has missed, or the whole data.
CREATE USER 'group_copy'@'10.0.0.%' IDENTIFIED BY 'change-me';
GRANT REPLICATION SLAVE, CONNECTION_ADMIN, BACKUP_ADMIN, GROUP_REPLICATION_STREAM ON *.* TO 'group_copy'@'10.0.0.%';
CHANGE REPLICATION SOURCE TO SOURCE_USER = 'group_copy', SOURCE_PASSWORD = 'change-me'
  FOR CHANNEL 'group_replication_recovery';

-- The health check of HAProxy. It has no password, since HAProxy cannot answer a challenge, and reads one table.
CREATE USER 'haproxy'@'10.0.0.%' IDENTIFIED BY '';
GRANT SELECT ON performance_schema.replication_group_members TO 'haproxy'@'10.0.0.%';
