/** English: what pages say that few people come to first: the desk, what hosts set, accounts. */
import { account } from '../account/en';
import { desk } from '../desk/en';
import { hosting } from '../hosting/en';

const en = { ...hosting, ...account, desk };

export type Rest = typeof en;
export default en;
