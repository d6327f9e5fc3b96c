/** Every rule, in the order in which findings are printed. */
import { deadFiles } from './dead-files.mjs';
import { floors } from './floors.mjs';
import { language } from './language.mjs';
import { length } from './length.mjs';
import { machinePaths } from './machine-paths.mjs';
import { marks } from './marks.mjs';
import { mentions } from './mentions.mjs';
import { names } from './names.mjs';
import { openingComment } from './opening-comment.mjs';
import { purity } from './purity.mjs';
import { references } from './references.mjs';
import { tiers } from './tiers.mjs';

export const RULES = [
  floors,
  references,
  tiers,
  purity,
  deadFiles,
  names,
  language,
  marks,
  length,
  machinePaths,
  openingComment,
  mentions,
];
