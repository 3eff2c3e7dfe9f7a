/** English sentences a statement of facts can begin with, by rule; `fine` where nothing was found. They name nobody. */
export const facts = {
  R1: [
    'It calls other participants names instead of answering what they said.',
    'It mocks a person, not an argument.',
    'It insults readers of one viewpoint as a group.',
    'It swears at the person it answers.',
    'The argument could stay; the insult around it cannot.',
  ],
  R2: [
    'It threatens somebody with harm.',
    'It hints that something will happen to a participant or their family.',
    'It treats all people of a nationality as worth less than others.',
    'It calls for harm to people because of where they come from or what language they speak.',
    'It wishes death on a group of people.',
  ],
  R3: [
    'It gives somebody’s name together with an address or telephone number.',
    'It says where somebody who is not in public office works.',
    'It links to a page with somebody’s personal data.',
    'It tries to find out who a participant is.',
    'It asks readers to call or visit somebody.',
  ],
  R4: [
    'It says where forces or equipment stand.',
    'It says where air defence stands or moves.',
    'It says where a strike landed.',
    'It says how close a strike came to its target.',
    'It repeats positions from another site.',
  ],
  R5: [
    'A prisoner could be recognised by it.',
    'It names a detained civilian.',
    'It gives a child’s name together with a place.',
    'It links to a list of prisoners.',
    'It gives family details of a prisoner.',
  ],
  R6: [
    'It is about a different point from the one it was posted under.',
    'It starts a new topic in the middle of a thread.',
    'It says nothing about the proposal it was posted under.',
    'It is about moderation; the Contact page is for that.',
    'It belongs in a thread of its own.',
  ],
  R7: [
    'It advertises something that has nothing to do with the discussion.',
    'Its link leads to a shop or a gambling site.',
    'It repeats the same words many times.',
    'The same text was posted in several places.',
    'It asks for votes instead of arguing.',
  ],
  R8: [
    'The proposal changes who governs a populated place.',
    'It moves the line where forces stand.',
    'It asks for the recognition of control over land.',
    'It sets up a procedure that decides about land.',
    'It changes the legal title to land, sea or air.',
  ],
  R9: [
    'It is against the law where this site is run.',
    'It offers help in breaking the law.',
    'It offers forbidden goods.',
    'It shares somebody’s work without the right to do so.',
    'A notice from somebody affected showed it to be unlawful.',
  ],
  R10: [
    'Its author may be about to harm themselves; help is named on the Contact page.',
    'It says that somebody is in danger at this moment.',
    'It describes how people can harm themselves.',
    'It urges somebody to harm themselves.',
    'It is hidden to protect its author, not as a reproach.',
  ],
  fine: [
    'Read in full: it does not break the rule it was reported for.',
    'It is sharp in tone, but it is about the argument.',
    'What it says about a person is public and concerns their office.',
    'It names a place but changes nothing about who governs it.',
    'It is on topic in its thread.',
  ],
};

export type Facts = typeof facts;
