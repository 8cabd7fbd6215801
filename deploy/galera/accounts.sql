-- Once, on the first node, after it has created the cluster. Change the password, the networks, and wsrep_sst_auth with it.

-- Copies a node that joins. It connects on the node itself.
CREATE USER 'galera_copy'@'localhost' IDENTIFIED BY 'change-me';
GRANT RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR, REPLICA MONITOR ON *.* TO 'galera_copy'@'localhost';

-- The health check of HAProxy. It has no password, since HAProxy cannot answer a challenge, and no privilege.
CREATE USER 'haproxy'@'10.0.0.%' IDENTIFIED VIA mysql_native_password;
