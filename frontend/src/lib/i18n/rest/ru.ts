/** Russian: what pages say that few people come to first: the desk, what hosts set, accounts. */
import type { Rest } from './en';
import { account } from '../account/ru';
import { desk } from '../desk/ru';
import { hosting } from '../hosting/ru';

const ru: Rest = { ...hosting, ...account, desk };

export default ru;
