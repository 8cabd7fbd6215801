import { stopPrivateServer } from './private-server.mjs';

export default stopPrivateServer;
