//! The rules of the house, read from `src/` as a lint would: which module may import which, no two
//! files that import each other, services distinguished by the compiler, few values a function, a
//! doc for each file. And what CONTRIBUTING.md names of the house is there.
//!
//! Each rule's exceptions stand beside it, with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// The modules of the crate, in the order in which they may know each other: each imports those
/// above it alone (`src/lib.rs` says what each owns).
const LAYERS: &[&str] = &[
    "error", "secret", "env", "threads", "signals", "header", "address", "files", "json",
    "service", "cache", "profile", "request", "client", "output", "session", "flow", "ui", "cli",
    "usage", "commands", "dropin",
];

/// Imports of a later layer that have a reason.
const UPWARD: &[(&str, &str)] = &[];

/// Circles of files that have a reason.
const CIRCLES: &[(&str, &str)] = &[];

/// Functions of more than five values that have a reason.
const LONG: &[(&str, &str)] = &[
    ("src/output/jq/run/assign.rs: change takes 6", EVALUATOR),
    ("src/output/jq/run/bind.rs: foreach takes 7", EVALUATOR),
    ("src/output/jq/run/bind.rs: items takes 6", EVALUATOR),
    ("src/output/jq/run/bind.rs: members takes 6", EVALUATOR),
    ("src/output/jq/run/bind.rs: reduce takes 6", EVALUATOR),
];

const EVALUATOR: &str = "the evaluator of filters passes a scope and an input from node to node; \
    a struct of them would be built and taken apart for every node and every value";

/// Files outside `cli` that name clap, and why.
const CLAP: &[(&str, &str)] = &[
    ("src/usage.rs", "puts what clap says into our own words"),
    (
        "src/commands/completions.rs",
        "draws the scripts from clap's definition",
    ),
];

/// Services named in a comparison outside `service/` for a reason.
const COMPARED: &[(&str, &str)] = &[];

/// The most values that a function takes, besides `self`.
const MOST_VALUES: usize = 5;

/// A source file, parsed.
struct Source {
    /// `src/flow/page.rs`.
    path: String,
    /// `flow::page`; empty for the crate's root.
    module: Vec<String>,
    syntax: syn::File,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    assert!(paths.len() > 100, "the sources are found");
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let below = path.strip_prefix(&root).unwrap().with_extension("");
            let mut module: Vec<String> = below
                .components()
                .map(|c| c.as_os_str().to_string_lossy().into_owned())
                .collect();
            if matches!(
                module.last().map(String::as_str),
                Some("mod" | "lib" | "main")
            ) {
                module.pop();
            }
            Source {
                path: format!("src/{}", path.strip_prefix(&root).unwrap().display()),
                module,
                syntax: syn::parse_file(&text).unwrap(),
            }
        })
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tests") {
                collect(&path, paths);
            }
        } else if path.extension().is_some_and(|e| e == "rs")
            && !path
                .file_name()
                .is_some_and(|name| name == "tests.rs" || name == "main.rs")
        {
            paths.push(path);
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|a| {
        a.path().is_ident("test")
            || (a.path().is_ident("cfg")
                && a.parse_args::<syn::Path>()
                    .is_ok_and(|p| p.is_ident("test")))
    })
}

/// What one file names of the crate, and what its functions take.
struct Reader<'a> {
    source: &'a Source,
    /// The inline modules around the code being read.
    inline: usize,
    /// Paths from the crate's root.
    imports: BTreeSet<Vec<String>>,
    /// Names that are passed on (`pub use`), and where they come from.
    passed_on: BTreeMap<String, Vec<String>>,
    /// Function and number of its values.
    long: Vec<(String, usize)>,
    /// Functions that compare a service.
    compared: BTreeSet<String>,
    /// Whether clap is named.
    names_clap: bool,
    function: String,
}

impl<'a> Reader<'a> {
    fn read(source: &'a Source) -> Self {
        let mut reader = Self {
            source,
            inline: 0,
            imports: BTreeSet::new(),
            passed_on: BTreeMap::new(),
            long: Vec::new(),
            compared: BTreeSet::new(),
            names_clap: false,
            function: String::new(),
        };
        reader.visit_file(&source.syntax);
        reader
    }

    /// Adds a path as it is written, where it begins with `crate`, `self` or `super`.
    fn import(&mut self, segments: &[String]) {
        let path = self.rooted(segments);
        self.imports.extend(path);
    }

    /// A path as it is written, from the crate's root.
    fn rooted(&self, segments: &[String]) -> Option<Vec<String>> {
        let mut base = self.source.module.clone();
        let mut rest = segments;
        let mut inline = self.inline;
        match rest.first().map(String::as_str) {
            Some("crate") => {
                base.clear();
                rest = &rest[1..];
            }
            Some("self") => rest = &rest[1..],
            Some("super") => {}
            _ => return None,
        }
        while rest.first().is_some_and(|s| s == "super") {
            if inline > 0 {
                inline -= 1;
            } else {
                base.pop();
            }
            rest = &rest[1..];
        }
        base.extend(rest.iter().cloned());
        (!base.is_empty()).then_some(base)
    }

    fn use_tree(&mut self, tree: &syn::UseTree, before: &mut Vec<String>, is_public: bool) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.use_tree(&path.tree, before, is_public);
                before.pop();
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, before, is_public);
                }
            }
            syn::UseTree::Name(name) => self.leaf(&name.ident, &name.ident, before, is_public),
            syn::UseTree::Rename(rename) => {
                self.leaf(&rename.ident, &rename.rename, before, is_public);
            }
            syn::UseTree::Glob(_) => self.import(&before.clone()),
        }
    }

    fn leaf(
        &mut self,
        name: &syn::Ident,
        known_as: &syn::Ident,
        before: &[String],
        is_public: bool,
    ) {
        let mut path = before.to_vec();
        if name != "self" {
            path.push(name.to_string());
        }
        // `use child::Item` in a parent names the child without `self::`.
        if !matches!(
            path.first().map(String::as_str),
            Some("crate" | "self" | "super")
        ) {
            path.insert(0, "self".to_owned());
        }
        match self.rooted(&path) {
            // Who passes a name on is no user of it; who imports it from there uses its origin.
            Some(path) if is_public => {
                self.passed_on.insert(known_as.to_string(), path);
            }
            Some(path) => {
                self.imports.insert(path);
            }
            None => {}
        }
    }

    fn signature(&mut self, signature: &syn::Signature) {
        self.function = signature.ident.to_string();
        let values: usize = signature
            .inputs
            .iter()
            .map(|input| match input {
                syn::FnArg::Receiver(_) => 0,
                // A tuple of arguments is a struct without a name.
                syn::FnArg::Typed(typed) => match &*typed.pat {
                    syn::Pat::Tuple(tuple) => tuple.elems.len(),
                    _ => 1,
                },
            })
            .sum();
        if values > MOST_VALUES {
            self.long.push((self.function.clone(), values));
        }
    }

    fn names_service(expr: &syn::Expr) -> bool {
        matches!(expr, syn::Expr::Path(path)
            if path.path.segments.iter().any(|s| s.ident == "Service"))
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_test(&item.attrs) {
            return;
        }
        self.inline += 1;
        visit::visit_item_mod(self, item);
        self.inline -= 1;
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if !is_test(&item.attrs) {
            if let syn::UseTree::Path(path) = &item.tree {
                self.names_clap |= path.ident.to_string().starts_with("clap");
            }
            let is_public = !matches!(item.vis, syn::Visibility::Inherited);
            self.use_tree(&item.tree, &mut Vec::new(), is_public);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test(&item.attrs) {
            self.signature(&item.sig);
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.signature(&item.sig);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.signature(&item.sig);
        visit::visit_trait_item_fn(self, item);
    }

    /// Passes `pub(super)` over: who may see an item is no import.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.names_clap |= segments[0].starts_with("clap");
        self.import(&segments);
        visit::visit_path(self, path);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        let compares = matches!(binary.op, syn::BinOp::Eq(_) | syn::BinOp::Ne(_));
        if compares && (Self::names_service(&binary.left) || Self::names_service(&binary.right)) {
            self.compared.insert(self.function.clone());
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        let text = item.tokens.to_string();
        let named = text.contains("Service ::") || text.contains("Service::");
        if named && item.path.is_ident("matches") {
            self.compared.insert(self.function.clone());
        }
        visit::visit_macro(self, item);
    }
}

/// Fails on what was found and is not excused, and on an excuse for what is not there.
fn check(what: &str, found: &BTreeSet<String>, excused: &[(&str, &str)]) {
    let new: Vec<_> = found
        .iter()
        .filter(|f| !excused.iter().any(|(excuse, _)| excuse == f))
        .collect();
    assert!(new.is_empty(), "{what}:\n{}", lines(&new));
    let stale: Vec<_> = excused
        .iter()
        .map(|(excuse, _)| *excuse)
        .filter(|excuse| !found.contains(*excuse))
        .collect();
    assert!(
        stale.is_empty(),
        "{what}: excused and not there any more:\n{}",
        lines(&stale)
    );
}

fn lines<T: std::fmt::Display>(items: &[T]) -> String {
    let lines: Vec<String> = items.iter().map(|item| format!("  {item}")).collect();
    lines.join("\n")
}

#[test]
fn every_module_imports_those_above_it_alone() {
    let rank = |name: &str| LAYERS.iter().position(|layer| *layer == name);
    let mut found = BTreeSet::new();
    for source in sources().iter().filter(|s| !s.module.is_empty()) {
        let own = &source.module[0];
        let place = rank(own).unwrap_or_else(|| panic!("`{own}` has no place among the layers"));
        for import in Reader::read(source).imports {
            if rank(&import[0]).is_some_and(|r| r > place) {
                found.insert(format!("{} imports {}", source.path, import[0]));
            }
        }
    }
    check("imports of a later layer", &found, UPWARD);
}

#[test]
fn no_files_import_each_other() {
    let sources = sources();
    let readers: BTreeMap<&[String], Reader<'_>> = sources
        .iter()
        .map(|s| (&s.module[..], Reader::read(s)))
        .collect();
    let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for reader in readers.values() {
        for import in &reader.imports {
            let target = origin(import, &readers);
            if let Some(target) = target.filter(|t| *t != reader.source.path) {
                arrows
                    .entry(&reader.source.path)
                    .or_default()
                    .insert(target);
            }
        }
    }
    let mut found = BTreeSet::new();
    for circle in circles(&arrows) {
        found.insert(circle.join(" "));
    }
    check("files that import each other", &found, CIRCLES);
}

/// The file that a path leads to, through the files that pass the name on.
fn origin<'a>(import: &[String], readers: &BTreeMap<&'a [String], Reader<'a>>) -> Option<&'a str> {
    let mut import = import.to_vec();
    for _ in 0..8 {
        let depth = (0..=import.len())
            .rev()
            .find(|n| readers.contains_key(&import[..*n]))?;
        let reader = &readers[&import[..depth]];
        match import
            .get(depth)
            .and_then(|name| reader.passed_on.get(name))
        {
            Some(from) => import = from.iter().chain(&import[depth + 1..]).cloned().collect(),
            None => return Some(&reader.source.path),
        }
    }
    None
}

/// The strongly connected parts of more than one file.
fn circles<'a>(arrows: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<Vec<&'a str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = arrows
        .keys()
        .map(|from| {
            let mut seen = BTreeSet::new();
            let mut todo = vec![*from];
            while let Some(at) = todo.pop() {
                for next in arrows.get(at).into_iter().flatten() {
                    if seen.insert(*next) {
                        todo.push(next);
                    }
                }
            }
            (*from, seen)
        })
        .collect();
    let mut done = BTreeSet::new();
    let mut circles = Vec::new();
    for (from, seen) in &reach {
        if !seen.contains(from) || done.contains(from) {
            continue;
        }
        let circle: Vec<&str> = seen
            .iter()
            .copied()
            .filter(|to| reach.get(to).is_some_and(|back| back.contains(from)))
            .collect();
        done.extend(circle.iter().copied());
        circles.push(circle);
    }
    circles
}

#[test]
fn functions_take_five_values_at_most() {
    let mut found = BTreeSet::new();
    for source in &sources() {
        for (function, values) in Reader::read(source).long {
            found.insert(format!("{}: {function} takes {values}", source.path));
        }
    }
    check("too many values", &found, LONG);
}

#[test]
fn services_are_compared_in_their_own_folder_alone() {
    let mut found = BTreeSet::new();
    for source in &sources() {
        if source.module.first().is_some_and(|m| m == "service") {
            continue;
        }
        for function in Reader::read(source).compared {
            found.insert(format!("{}: {function}", source.path));
        }
    }
    check(
        "a service compared where the compiler does not see it",
        &found,
        COMPARED,
    );
}

#[test]
fn clap_is_named_in_its_own_folder_alone() {
    let mut found = BTreeSet::new();
    for source in &sources() {
        let is_cli = source.module.first().is_some_and(|m| m == "cli");
        if !is_cli && Reader::read(source).names_clap {
            found.insert(source.path.clone());
        }
    }
    check("clap named outside `cli`", &found, CLAP);
}

#[test]
fn every_file_says_what_it_is() {
    let mut found = BTreeSet::new();
    for source in &sources() {
        if !source.syntax.attrs.iter().any(|a| a.path().is_ident("doc")) {
            found.insert(source.path.clone());
        }
    }
    check("files without a doc", &found, &[]);
}

/// Functions, types and variants that a file defines.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.0.insert(signature.ident.to_string());
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.0.insert(item.ident.to_string());
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.0.insert(item.ident.to_string());
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.0.insert(item.ident.to_string());
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.0
            .extend(item.ident.as_ref().map(|name| format!("{name}!")));
    }
}

/// What a file defines.
fn names_in(path: &Path) -> BTreeSet<String> {
    let mut names = Names::default();
    names.visit_file(&syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap());
    names.0
}

#[test]
fn what_contributing_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    // Every other part is a span of code.
    let parts: Vec<&str> = text.split('`').collect();
    let is_path = |span: &str| {
        ["src/", "tests/", ".ci/"]
            .iter()
            .any(|p| span.starts_with(p))
    };
    let (mut paths, mut names) = (0, 0);
    let mut missing = BTreeSet::new();
    for (at, span) in parts.iter().enumerate().skip(1).step_by(2) {
        if !is_path(span) {
            continue;
        }
        paths += 1;
        let path = root.join(span);
        if !path.exists() {
            missing.insert((*span).to_owned());
            continue;
        }
        // `Session::send` in `src/session/mod.rs`.
        if at >= 3 && parts[at - 1] == " in " && path.is_file() {
            names += 1;
            let name = parts[at - 2].rsplit("::").next().unwrap_or_default();
            if !names_in(&path).contains(name) {
                missing.insert(format!("{} in {span}", parts[at - 2]));
            }
        }
    }
    assert!(
        paths > 40 && names > 20,
        "{paths} paths and {names} names are read"
    );
    check("named in CONTRIBUTING.md and not there", &missing, &[]);
    // The map of the crate and that of its contributors show every layer.
    let map = fs::read_to_string(root.join("src/lib.rs")).unwrap();
    for layer in LAYERS {
        assert!(
            map.contains(&format!("`{layer}`")) || map.contains(&format!("`mod@{layer}`")),
            "{layer} in lib.rs"
        );
        let shown = [
            format!("`{layer}`"),
            format!("`{layer}/"),
            format!("`src/{layer}"),
        ];
        assert!(
            shown.iter().any(|s| text.contains(s)),
            "{layer} in CONTRIBUTING.md"
        );
    }
}
