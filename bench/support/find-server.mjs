// node bench/support/find-server.mjs mysql://…: prints its port. Answers windows in the conventional way: `find` of a TypeORM
// repository with the overlap condition, and JSON.stringify of the entities. No clipping, key or audit.
import { createServer } from 'node:http';
import { DataSource, EntitySchema, IsNull, LessThan, MoreThan } from 'typeorm';

const Session = new EntitySchema({
  name: 'Session',
  tableName: 'sessions',
  columns: {
    sessionId: { name: 'id', type: 'int', primary: true },
    clientId: { name: 'client_id', type: 'int' },
    userId: { name: 'user_id', type: 'int' },
    loginDate: { name: 'login_at', type: 'datetime', precision: 3 },
    logoutDate: { name: 'ended_at', type: 'datetime', precision: 3, nullable: true },
  },
});
const url = process.argv[2];
const source = await new DataSource({ type: 'mariadb', url, timezone: 'Z', entities: [Session] }).initialize();
const repository = source.getRepository(Session);

const server = createServer((req, res) => {
  const { searchParams } = new URL(req.url, 'http://127.0.0.1');
  const [start, end] = [new Date(searchParams.get('start')), new Date(searchParams.get('end'))];
  const began = { loginDate: LessThan(end) };
  const where = [
    { ...began, logoutDate: MoreThan(start) },
    { ...began, logoutDate: IsNull() },
  ];
  repository.find({ where, order: { loginDate: 'ASC', sessionId: 'ASC' } }).then(
    (rows) => res.end(JSON.stringify(rows)),
    (error) => {
      res.statusCode = 500;
      res.end(String(error));
    },
  );
});
// As long as the application keeps them.
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
