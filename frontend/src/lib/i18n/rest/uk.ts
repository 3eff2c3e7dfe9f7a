/** Ukrainian: what pages say that few people come to first: the desk, what hosts set, accounts. */
import type { Rest } from './en';
import { account } from '../account/uk';
import { desk } from '../desk/uk';
import { hosting } from '../hosting/uk';

const uk: Rest = { ...hosting, ...account, desk };

export default uk;
