//! Who names whom, at the level of definitions: a path is followed to the file that defines what it
//! names, through `use` and through what is exported again. Methods hide arrows, so an `impl` of a
//! type must stand with the type, or in a folder of its file.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    str::FromStr,
};

use proc_macro2::{TokenStream, TokenTree};

use super::rust_files;

/// A module, by its path in the crate.
pub type Module = Vec<String>;

/// How many times a name is followed to another one.
const STEPS: usize = 8;

/// What stands in a file.
#[derive(Default)]
struct Source {
    defined: BTreeSet<String>,
    /// Names brought in, each with the path it stands for; those exported again are defined
    /// elsewhere.
    used: BTreeMap<String, Vec<String>>,
    exported: BTreeSet<String>,
    paths: BTreeSet<Vec<String>>,
    /// Types that get methods here.
    implemented: BTreeSet<String>,
    /// Every function and variant, at whatever depth.
    inside: BTreeSet<String>,
}

/// All files of a crate.
pub struct Crate(BTreeMap<Module, Source>);

/// A token, as far as paths need it.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Sign(char),
}

fn flat(tokens: TokenStream, into: &mut Vec<Token>) {
    let mut of_tests = false;
    for tree in tokens {
        match tree {
            TokenTree::Ident(word) => into.push(Token::Word(word.to_string())),
            TokenTree::Punct(sign) => into.push(Token::Sign(sign.as_char())),
            TokenTree::Literal(_) => into.push(Token::Sign('"')),
            TokenTree::Group(group) => {
                if into.last() == Some(&Token::Sign('#')) {
                    // An attribute; what is for tests alone is left out, with all that is in it.
                    of_tests |= group.to_string().replace(' ', "") == "[cfg(test)]";
                    continue;
                }
                if std::mem::take(&mut of_tests) {
                    continue;
                }
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Brace => ('{', '}'),
                    _ => ('(', ')'),
                };
                into.push(Token::Sign(open));
                flat(group.stream(), into);
                into.push(Token::Sign(close));
            }
        }
    }
}

/// Reads a path from `at`; where it ends.
fn path(tokens: &[Token], mut at: usize) -> (Vec<String>, usize) {
    let mut path = vec![];
    while let Some(Token::Word(word)) = tokens.get(at) {
        path.push(word.clone());
        at += 1;
        if tokens.get(at..at + 2) != Some(&[Token::Sign(':'), Token::Sign(':')]) {
            break;
        }
        at += 2;
    }
    (path, at)
}

/// Reads the tree behind `use` into names and what they stand for; where it ends.
fn tree(
    tokens: &[Token],
    at: usize,
    before: &[String],
    into: &mut Vec<(String, Vec<String>)>,
) -> usize {
    let (own, mut at) = path(tokens, at);
    let mut whole: Vec<String> = before.iter().cloned().chain(own).collect();
    if tokens.get(at) == Some(&Token::Sign('{')) {
        at += 1;
        while tokens.get(at) != Some(&Token::Sign('}')) {
            at = tree(tokens, at, &whole, into);
            at += usize::from(tokens.get(at) == Some(&Token::Sign(',')));
        }
        return at + 1;
    }
    if whole.last().is_some_and(|last| last == "self") {
        whole.pop();
    }
    let mut name = whole.last().cloned().unwrap_or_default();
    if let [Token::Word(word), Token::Word(alias), ..] = &tokens[at..]
        && word == "as"
    {
        name = alias.clone();
        at += 2;
    }
    if tokens.get(at) == Some(&Token::Sign('*')) {
        at += 1;
    }
    into.push((name, whole));
    at
}

impl Source {
    fn read(text: &str) -> Self {
        let mut tokens = vec![];
        flat(
            TokenStream::from_str(text).expect("the file is Rust"),
            &mut tokens,
        );
        let (mut source, mut at, mut depth) = (Self::default(), 0, 0);
        while at < tokens.len() {
            let before = at.checked_sub(1).map(|at| tokens[at].clone());
            match &tokens[at] {
                Token::Sign('{' | '(') => depth += 1,
                Token::Sign('}' | ')') => depth -= 1,
                Token::Word(word) if word == "use" => {
                    let mut names = vec![];
                    let exports = before == Some(Token::Word("pub".into()))
                        || before == Some(Token::Sign(')'));
                    at = tree(&tokens, at + 1, &[], &mut names);
                    source.exported.extend(
                        names
                            .iter()
                            .filter(|_| exports)
                            .map(|(name, _)| name.clone()),
                    );
                    source.used.extend(names);
                    continue;
                }
                Token::Word(word) if word == "mod" => at += 1,
                Token::Word(word) => {
                    let defines = ["fn", "struct", "enum", "trait", "const", "static", "type"]
                        .contains(&word.as_str());
                    if let Some(Token::Word(name)) =
                        tokens.get(at + 1).filter(|_| defines && depth == 0)
                    {
                        source.defined.insert(name.clone());
                    }
                    source.inside.insert(word.clone());
                    if word == "impl"
                        && let Some(Token::Word(name)) = tokens.get(at + 1)
                    {
                        source.implemented.insert(name.clone());
                    }
                    let (path, end) = path(&tokens, at);
                    // What stands behind a full stop is a field or a method.
                    if before != Some(Token::Sign('.')) {
                        source.paths.insert(path);
                    }
                    at = end;
                    continue;
                }
                Token::Sign(_) => {}
            }
            at += 1;
        }
        source
    }
}

impl Crate {
    /// Reads every file under `src`.
    pub fn read(src: &Path) -> Self {
        let module = |file: &Path| -> Module {
            let inside = file.strip_prefix(src).unwrap().with_extension("");
            let parts = inside
                .iter()
                .map(|part| part.to_string_lossy().into_owned());
            parts
                .filter(|part| !["mod", "lib"].contains(&part.as_str()))
                .collect()
        };
        Self(
            rust_files(src)
                .iter()
                .map(|file| {
                    (
                        module(file),
                        Source::read(&fs::read_to_string(file).unwrap()),
                    )
                })
                .collect(),
        )
    }

    /// The file that defines what a path in a module names; `None` for what is of no file of the
    /// crate.
    fn home(&self, module: &Module, path: &[String]) -> Option<Module> {
        self.followed(module, path, 0)
    }

    fn followed(&self, module: &Module, path: &[String], steps: usize) -> Option<Module> {
        // A name that stands for itself, as a crate's does, leads nowhere.
        if steps > STEPS {
            return None;
        }
        let source = self.0.get(module)?;
        let first = path.first()?;
        let whole: Module = match first.as_str() {
            "crate" => path[1..].to_vec(),
            "self" => [module, &path[1..]].concat(),
            "super" => {
                let up = path.iter().take_while(|part| *part == "super").count();
                [&module[..module.len().checked_sub(up)?], &path[up..]].concat()
            }
            _ if source.defined.contains(first) => return Some(module.clone()),
            _ => match source.used.get(first) {
                Some(used) if used[..] != path[..1] => {
                    return self.followed(module, &[used, &path[1..]].concat(), steps + 1);
                }
                _ if self.0.contains_key(&[&module[..], &path[..1]].concat()) => {
                    [module, path].concat()
                }
                _ => return None,
            },
        };
        let (inside, rest) = (0..=whole.len())
            .rev()
            .map(|at| whole.split_at(at))
            .find(|(inside, _)| self.0.contains_key(*inside))?;
        let inside = inside.to_vec();
        match rest.first() {
            Some(name) if self.0[&inside].exported.contains(name) => {
                self.followed(&inside, rest, steps + 1)
            }
            Some(_) => Some(inside),
            // The name of a module alone is no arrow.
            None => None,
        }
    }

    /// Whether the last of these names stands in a file, or with a type, that the one before it
    /// names.
    pub fn has(&self, path: &[&str]) -> bool {
        let Some((name, owner)) = path
            .split_last()
            .and_then(|(name, rest)| Some((*name, *rest.last()?)))
        else {
            return false;
        };
        self.0.iter().any(|(module, source)| {
            let is_file = module.last().is_some_and(|last| last == owner);
            let is_type = source.defined.contains(owner) || source.implemented.contains(owner);
            (is_file && (source.defined.contains(name) || source.exported.contains(name)))
                || (is_type && source.inside.contains(name))
                || (is_file
                    && self
                        .0
                        .contains_key(&[&module[..], &[name.to_owned()]].concat()))
        })
    }

    /// The files under `room`, each with those under it that it names.
    pub fn arrows(&self, room: &str) -> BTreeMap<Module, BTreeSet<Module>> {
        let inside = |module: &&Module| module.first().is_some_and(|first| first == room);
        let named = |module: &Module| {
            let homes = self.0[module]
                .paths
                .iter()
                .filter_map(|path| self.home(module, path));
            homes
                .filter(|home| home != module && inside(&home))
                .collect()
        };
        self.0
            .keys()
            .filter(inside)
            .map(|module| (module.clone(), named(module)))
            .collect()
    }

    /// Types of `room` that get methods in a file that is neither theirs nor in their folder.
    pub fn strangers(&self, room: &str) -> Vec<(Module, String)> {
        let files = self
            .0
            .iter()
            .filter(|(module, _)| module.first().is_some_and(|first| first == room));
        let each = files.flat_map(|(module, source)| {
            source
                .implemented
                .iter()
                .map(move |name| (module.clone(), name.clone()))
        });
        each.filter(|(module, name)| {
            self.home(module, std::slice::from_ref(name))
                .is_some_and(|home| !module.starts_with(&home))
        })
        .collect()
    }
}

/// The largest circle among files: how many of them each reach all others by arrows.
pub fn largest_circle(arrows: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Module> {
    let reach = |from: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(one) = open.pop() {
            for next in arrows
                .get(&one)
                .into_iter()
                .flatten()
                .filter(|next| seen.insert((*next).clone()))
            {
                open.push(next.clone());
            }
        }
        seen
    };
    let all: BTreeMap<&Module, BTreeSet<Module>> = arrows
        .keys()
        .map(|module| (module, reach(module)))
        .collect();
    let circle = |from: &Module| {
        all[from]
            .iter()
            .filter(|other| all[other].contains(from))
            .cloned()
            .collect::<Vec<_>>()
    };
    arrows
        .keys()
        .map(circle)
        .max_by_key(Vec::len)
        .unwrap_or_default()
}
